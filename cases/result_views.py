"""Pages of results over terms: of one student, each beside the one before; of one school, by grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from cases.access import Purpose, open_case, reveal, reveal_results
from cases.display import band_text, worded
from cases.instruments import INSTRUMENTS, PAPERS
from cases.instruments.instrument import INCOMPLETE
from cases.models import EntryKind, Section
from cases.retest import NORMS, RELIABLE, Change, Measured, Step, overall, steps
from cases.school_access import tallies
from cases.school_figures import (
    EVERY,
    Group,
    Groups,
    cells,
    change_of_mean,
    groups,
    mean_text,
    share_text,
    terms_of,
)
from cases.sections import readable_sections
from cases.terms import Days, term_of
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.people.terms import calendar
from wellbeing.workdays import TIMEZONE

CHANGE_TEXT = {
    Change.BETTER: gettext_noop("reliably better"),
    Change.WORSE: gettext_noop("reliably worse"),
    Change.STEADY: gettext_noop("within the unsteadiness of the instrument"),
    Change.UNKNOWN: gettext_noop("cannot be said"),
}
CHANGE_LOOK = {Change.BETTER: "is-green", Change.WORSE: "is-red"}


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a line: its place in time, as a number and in words."""

    month: date
    label: str
    value: float | None
    text: str


@requires(P.FILE_READ)
@require_safe
def case_results(request: HttpRequest, reference: str) -> HttpResponse:
    """Every result of each instrument of one student over the terms, and what their changes say."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    if Section.RISK not in readable_sections(actor, case):
        raise Forbidden
    measured: dict[str, list[Measured]] = {}
    for code, at, words in reveal_results(actor, case):
        day = date.fromisoformat(words["day"]) if words.get("day") else at.astimezone(TIMEZONE).date()
        measured.setdefault(code, []).append(Measured(day, words["total"], words["band"]))
    purpose = Purpose.TRIAGE if "county_triage" in actor.roles else Purpose.CARE
    for entry in reveal(actor, case, {Section.RISK}, purpose).entries:
        if entry.kind == EntryKind.INSTRUMENT:
            words = entry.words
            one = Measured(entry.at.astimezone(TIMEZONE).date(), words.get("total"), words["band"])
            measured.setdefault(words["instrument"], []).append(one)
    terms = calendar()
    parts = [_part(code, measured[code], terms) for code in PAPERS if code in measured]
    return render(request, "cases/results.html", {"case": case, "parts": parts, "reliable": RELIABLE})


@requires(P.SCREENING_UPLOAD)
@require_safe
def school_results(request: HttpRequest, school: UUID) -> HttpResponse:
    """What the screenings of one school came to, term by term and grade by grade."""
    organisation, rows = tallies(request.actor, school)  # type: ignore[attr-defined]
    found = groups(rows)
    terms = terms_of(found)
    term = request.GET.get("term", "")
    term = term if term in terms else terms[0] if terms else ""
    context = {
        "school": organisation,
        "terms": [(one, term_text(one)) for one in terms],
        "term": term,
        "term_text": term_text(term) if term else "",
        "flagged": _flagged(found, term),
        "line": [_flagged_dot(found, one) for one in reversed(terms)],
        "papers": [_paper(found, code, term) for code in INSTRUMENTS if (code, term, EVERY) in found],
    }
    return render(request, "cases/school_results.html", context)


def term_text(term: str) -> str:
    """What a term is called: 2026–2027, first term."""
    year, part = term.split("-")
    name = _("{first}–{last}, first term") if part == "1" else _("{first}–{last}, second term")
    return name.format(first=year, last=int(year) + 1)


def _part(code: str, measured: Sequence[Measured], terms: Sequence[Days]) -> dict[str, Any]:
    norm, paper = NORMS.get(code), PAPERS[code]
    found = steps(measured, norm)
    said = overall(measured, norm)
    return {
        "code": code,
        "title": worded(paper.title),
        "norm": norm,
        "said": _(CHANGE_TEXT[said]) if said and said != Change.UNKNOWN else "",
        "look": CHANGE_LOOK.get(said, "") if said else "",
        "rows": [_row(step, terms) for step in reversed(found)],
        "line": [Dot(s.it.day, f"{s.it.day:%Y-%m}", s.it.total, _total(s.it.total)) for s in found]
        if sum(s.it.total is not None for s in found) > 1
        else [],
    }


def _row(step: Step, terms: Sequence[Days]) -> dict[str, Any]:
    return {
        "day": step.it.day,
        "term": term_text(term_of(step.it.day, terms)),
        "total": _total(step.it.total),
        "band": band_text(step.it.band),
        "difference": "" if step.difference is None else f"{step.difference:+g}".replace("-", "−"),
        "index": "–" if step.index is None else f"{step.index:+.2f}".replace("-", "−"),
        "said": _(CHANGE_TEXT[step.change]) if step.change else "",
        "look": CHANGE_LOOK.get(step.change, "") if step.change else "",
    }


def _total(total: float | None) -> str:
    return "–" if total is None else f"{total:g}"


def _grades(found: Groups, code: str, term: str) -> list[tuple[str, int]]:
    """The grades of a term by name, all together last."""
    grades = sorted(grade for one, of_term, grade in found if one == code and of_term == term and grade > 0)
    rows = [(_("Grade {n}").format(n=grade), grade) for grade in grades]
    if (code, term, 0) in found:
        rows.append((_("Grade not given"), 0))
    return [*rows, (_("All grades"), EVERY)]


def _flag(group: Group) -> int:
    return group.students - group.bands[Tier.GREEN]


def _flagged(found: Groups, term: str) -> list[dict[str, str]]:
    """Of each grade, which share was flagged; beside it that of the year group a term before."""
    if not term:
        return []
    return [
        {"grade": name, "share": share_text(_flag(found["", term, grade]), found["", term, grade].students)}
        for name, grade in _grades(found, "", term)
    ]


def _flagged_dot(found: Groups, term: str) -> Dot:
    group = found.get(("", term, EVERY), Group())
    text = share_text(_flag(group), group.students)
    value = float(text.removesuffix(" %")) if text[0].isdigit() else None
    year, part = term.split("-")
    name = _("first term") if part == "1" else _("second term")
    return Dot(date(int(year), int(part), 1), f"{year}–{(int(year) + 1) % 100:02d} {name}", value, text)


def _paper(found: Groups, code: str, term: str) -> dict[str, Any]:
    bands = [*(name for _least, name in INSTRUMENTS[code].bands), INCOMPLETE]
    return {
        "title": worded(PAPERS[code].title),
        "bands": [band_text(band) for band in bands],
        "rows": [
            {
                "grade": name,
                "cells": cells(found[code, term, grade], bands) if grade != EVERY else [],
                "mean": mean_text(found[code, term, grade].mean),
                "change": mean_text(change_of_mean(found, code, term, grade), signed=True),
            }
            for name, grade in _grades(found, code, term)
        ],
    }

"""The staffing board: the plan's rule over every school, by division; what is missing since when; what it takes.

A city of thousands of schools is worked out from plain values in one go and kept until something of it changes; words,
names and the question "since when" are looked up for one page of schools alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wellbeing.people.display import spoken
from wellbeing.people.findings import Found, current_term, findings, stamp
from wellbeing.people.models import Division, Organisation, ReturnedTeacher, StaffingReturn, Term
from wellbeing.people.staffing import Summary, Verdict, short_since, summarise
from wellbeing.people.what_if import Place, best_moves
from wellbeing.people.words import stage_text
from wellbeing.workdays import now

PAGE = 40
SHOWS = ("short", "all")


def staffing_board(term: Term | None, *, division: str = "", show: str = "short", page: int = 1) -> dict[str, Any]:
    """The figures of the city and of each division, and one page of schools: those that are short, or all."""
    if term is None:
        return {"term": None, "divisions": [], "total": summarise([]), "schools": [], "pages": 1}
    city, areas = prepared(term), _areas()
    names = {code: name for code, (_of, name) in areas.items()}
    chosen = [one for one in city.found if not division or areas[one.division][0] == division]
    if show != "all":
        chosen = [one for one in chosen if one.finding.missing or one.finding.verdict == Verdict.NOT_REPORTED]
    return {
        "term": term,
        "divisions": [{**row, "name": names[row["code"]]} for row in city.divisions],
        "total": city.total,
        "people": city.people,
        "schools": _lines(
            chosen[(page - 1) * PAGE : page * PAGE], term, {c: names[of] for c, (of, _n) in areas.items()}
        ),
        "found": len(chosen),
        "pages": max(1, -(-len(chosen) // PAGE)),
    }


@dataclass(frozen=True, slots=True)
class City:
    """The rule over a whole term: every school in the order of the divisions, and the figures."""

    found: tuple[Found, ...]
    divisions: tuple[dict[str, Any], ...]
    total: Summary
    people: dict[str, int]


_KEPT: dict[tuple[Any, ...], City] = {}
KEPT = 4  # terms that somebody looks at


def prepared(term: Term) -> City:
    """The city of a term, worked out once for as long as nothing of it changes: no return, no rule, no area, no day.

    Kept in the process, by what the asker sees of the term: who sees none of it gets an empty city and not this one.
    """
    key = (term.pk, *stamp(term), tuple(sorted(_counting_areas().items())))
    city = _KEPT.get(key)
    if city is None:
        city = _work_out(term)
        while len(_KEPT) >= KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = city
    return city


def _work_out(term: Term) -> City:
    found, counting = findings(term, every=True), _counting_areas()
    by_division: dict[str, list[Found]] = {}
    for one in found:
        by_division.setdefault(counting[one.division][0], []).append(one)
    order = sorted(by_division, key=lambda code: (not counting[code][1], code))
    return City(
        found=tuple(one for code in order for one in by_division[code]),
        divisions=tuple(_figures(code, by_division[code]) for code in order),
        total=summarise(one.finding for one in found),
        people=_people(term),
    )


def _areas() -> dict[str, tuple[str, str]]:
    """Per division: the one it counts in (a functional area in its county), and its name."""
    return {one.code: (one.part_of_id or one.code, str(one)) for one in Division.objects.all()}


def _counting_areas() -> dict[str, tuple[str, bool]]:
    """Per division: the one it counts in, and whether it is one of those that the plan counts."""
    return {one.code: (one.part_of_id or one.code, one.counts_for_target) for one in Division.objects.all()}


def _figures(code: str, found: Iterable[Found]) -> dict[str, Any]:
    summary = summarise(one.finding for one in found)
    return {
        "code": code,
        "required": summary.required,
        "met": summary.met,
        "missing": summary.missing,
        "unreported": summary.unreported,
        "share": summary.share,
    }


def _people(term: Term) -> dict[str, int]:
    """Heads, not lines: one person in two schools is one."""
    lines = ReturnedTeacher.objects.filter(staffing_return__term=term).order_by()
    return {
        "full": lines.filter(full_time=True).values("number").distinct().count(),
        "all": lines.values("number").distinct().count(),
    }


def _lines(shown: list[Found], term: Term, names: dict[str, str]) -> list[dict[str, Any]]:
    schools = {one.pk: str(one) for one in Organisation.objects.filter(pk__in=[one.school for one in shown])}
    since = _since(shown, term)
    return [
        {
            "key": one.pk,
            "name": schools[one.school],
            "division": names[one.division],
            "stage_text": stage_text(one.stage),
            "enrolment": one.enrolment,
            "since": since.get(one.school),
            **spoken(one.finding),
        }
        for one in shown
    ]


def _since(shown: list[Found], term: Term) -> dict[UUID, str]:
    """Since which term each of these schools has been short: by the locked terms before, and by this one as it
    stands."""
    short = [one.school for one in shown if one.finding.missing and one.finding.verdict != Verdict.NOT_REPORTED]
    before = StaffingReturn.objects.filter(school__in=short, term__first_day__lt=term.first_day)
    history: dict[UUID, list[tuple[str, bool]]] = {school: [(term.name, True)] for school in short}
    for school, name, was in before.order_by("-term__first_day").values_list("school_id", "term__name", "short"):
        history[school].append((name, was is True))
    return {school: since for school, rows in history.items() if (since := short_since(rows))}


def what_if(term: Term) -> list[dict[str, Any]]:
    """Per division: what is missing, the best moves inside it, and who must be hired after them."""
    found = prepared(term).found
    areas = _areas()
    by_key = {str(one.school): one for one in found}
    places = [
        Place(key, areas[one.division][0], one.finding.missing, one.finding.movable, one.own)
        for key, one in by_key.items()
        if one.finding.verdict != Verdict.NOT_REPORTED
    ]
    shared: dict[str, list[str]] = {}
    for key, one in by_key.items():
        for number in one.shared:
            shared.setdefault(number, []).append(key)
    plan = best_moves(places, list(shared.values()))
    named = {key for move in plan.moves for key in (move.source, move.to)} | {key for key, _left in plan.hires}
    schools = {str(one.pk): str(one) for one in Organisation.objects.filter(pk__in=named)}
    rows = []
    for code in sorted({place.division for place in places}):
        here = {place.key for place in places if place.division == code}
        moves = [move for move in plan.moves if move.to in here]
        hires = [(schools[key], left) for key, left in plan.hires if key in here]
        rows.append(
            {
                "name": areas[code][1],
                "missing": sum(place.missing for place in places if place.key in here),
                "moves": [{"source": schools[m.source], "to": schools[m.to], "shared": m.shared} for m in moves],
                "hires": hires,
                "hired": sum(left for _name, left in hires),
                "silent": sum(
                    areas[one.division][0] == code
                    and one.finding.verdict == Verdict.NOT_REPORTED
                    and one.finding.required > 0
                    for one in found
                ),
            }
        )
    return rows


def term_of(reference: str) -> Term | None:
    """The term of an address, or the one that runs."""
    known = {str(one.pk): one for one in Term.objects.all()}
    return known.get(reference) or current_term(now().date())

"""What the pages of returns show: the list of a term with who is missing, one return, and the steps that are mine."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.people.access import in_turn
from wellbeing.people.findings import elsewhere, findings
from wellbeing.people.flow import COUNTED, RETURN, SHUT, ReturnState
from wellbeing.people.models import Division, StaffingReturn, Term
from wellbeing.people.returned import QUALIFICATION_TEXT, Qualification
from wellbeing.people.staffing import Finding
from wellbeing.people.words import REASON_TEXT, VERDICT_TEXT, stage_text

PAGE = 50
STEPS = {  # what a page offers, in its order: step of the table, permission, route
    "fill_return": P.RETURN_FILL,
    "submit_return": P.RETURN_SUBMIT,
    "confirm_return": P.RETURN_CONFIRM,
    "send_back_return": P.RETURN_CONFIRM,
    "unlock_return": P.RETURN_UNLOCK,
}
# Those who wait come first: for a county what is submitted, for the city what is missing.
ORDER = (ReturnState.SUBMITTED, ReturnState.RETURNED, ReturnState.DRAFT, ReturnState.LAPSED, ReturnState.CONFIRMED)


def steps(actor: Actor, one: StaffingReturn) -> list[str]:
    """The steps that the actor may take with a return now."""
    return [
        step
        for step, permission in STEPS.items()
        if RETURN.allows(one.state, step)
        and may(actor, permission, one)
        and in_turn(actor, permission, division=one.division_id, school=one.school_id)
    ]


def return_list(actor: Actor, term: Term, *, division: str, state: str, page: int) -> dict[str, Any]:
    """The returns of a term that the actor sees, in pages; above them how many stand where, by division."""
    seen = StaffingReturn.objects.filter(term=term)
    rows: list[Any] = list(seen.values_list("pk", "division_id", "state", "school__organisation__code"))
    names = {one.code: one for one in Division.objects.filter(code__in={row[1] for row in rows})}
    counts: dict[str, Counter[str]] = {code: Counter() for code in sorted(names)}
    for _pk, code, where, _school in rows:
        counts[code][where] += 1
    chosen = [row for row in rows if (not division or row[1] == division) and (not state or row[2] == state)]
    rank = {where.value: place for place, where in enumerate(ORDER)}
    chosen.sort(key=lambda row: (rank.get(row[2], len(rank)), row[1], row[3]))
    first = (page - 1) * PAGE
    keys = [row[0] for row in chosen[first : first + PAGE]]
    related = seen.filter(pk__in=keys).select_related("school__organisation", "division", "moved_by")
    by_key = {one.pk: one for one in related}
    return {
        "returns": [_row(actor, by_key[key]) for key in keys],
        "divisions": [
            {"code": code, "name": str(names[code]), "states": _states(found), "missing": _missing(found)}
            for code, found in counts.items()
        ],
        "states": [(where.value, sum(found[where] for found in counts.values())) for where in ReturnState],
        "missing": sum(_missing(found) for found in counts.values()),
        "total": len(rows),
        "open": sum(where not in SHUT for _pk, _code, where, _school in rows),
        "page": page,
        "pages": max(1, -(-len(chosen) // PAGE)),
    }


def unconfirmed(term: Term) -> int:
    """How many returns of a term would lapse, were it locked now."""
    return StaffingReturn.objects.filter(term=term).exclude(state__in=("confirmed", *SHUT)).count()


def _states(found: Counter[str]) -> list[tuple[str, int]]:
    return [(where.value, found[where]) for where in ReturnState if found[where]]


def _missing(found: Counter[str]) -> int:
    return sum(count for where, count in found.items() if where not in COUNTED)


def _row(actor: Actor, one: StaffingReturn) -> dict[str, Any]:
    return {"it": one, "steps": steps(actor, one), "stage_text": stage_text(one.stage)}


def own_returns(term: Term, schools: frozenset[UUID]) -> list[StaffingReturn]:
    """The returns of the actor's own schools in a term."""
    return list(StaffingReturn.objects.filter(term=term, school__in=schools))


def return_page(actor: Actor, one: StaffingReturn) -> dict[str, Any]:
    """One return: what the school says, what the rule says of it, and the teachers, each with where else she stands."""
    found = findings(one.term, every=False, pk=one.pk)
    teachers = list(one.teachers.all())
    others = elsewhere(one.term_id, (teacher.number for teacher in teachers), but=[one.pk])
    lines = [
        {
            "it": teacher,
            "qualification_text": _(QUALIFICATION_TEXT[Qualification(teacher.qualification)]),
            "others": others[teacher.number].schools if teacher.number in others else 0,
        }
        for teacher in teachers
    ]
    return {
        "one": one,
        "stage_text": stage_text(one.stage),
        "teachers": lines,
        "finding": spoken(found[0].finding) if found else None,
        "steps": steps(actor, one),
    }


def spoken(finding: Finding) -> dict[str, Any]:
    """A finding with its words."""
    return {
        "required": finding.required,
        "full_time": finding.full_time,
        "part_time": finding.part_time,
        "missing": finding.missing,
        "ratio": finding.pupils_per_fte,
        "verdict": finding.verdict.value,
        "verdict_text": _(VERDICT_TEXT[finding.verdict]),
        "reason_text": _(REASON_TEXT[finding.reason]),
    }

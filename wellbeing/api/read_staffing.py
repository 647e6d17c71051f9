"""Reading staffing: the returns of a term, one return, the standard centres, and the board."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wellbeing.access.permissions import P
from wellbeing.api.endpoint import Asked, Endpoint, page
from wellbeing.api.shapes import DAY, FLAG, ID, MOMENT, PAGING, TEXT, WHOLE, many, maybe, one_of, paged, thing
from wellbeing.errors import Forbidden
from wellbeing.people import access
from wellbeing.people.centres import centres as every_centre
from wellbeing.people.centres import check_list, missing_items
from wellbeing.people.display import return_list, return_page
from wellbeing.people.flow import ReturnState
from wellbeing.people.models import StaffingReturn, Term
from wellbeing.people.terms import every_term
from wellbeing.reports.staffing_board import SHOWS, staffing_board, term_of

TERM = thing(id=ID, name=TEXT, first_day=DAY, last_day=DAY, locked_at=maybe(MOMENT))
RETURN: dict[str, dict[str, Any]] = {
    "id": ID,
    "school": TEXT,
    "division": TEXT,
    "stage": TEXT,
    "enrolment": WHOLE,
    "boarding": FLAG,
    "state": TEXT,
    "moved_at": MOMENT,
}
FINDING = thing(
    required=WHOLE, full_time=WHOLE, part_time=WHOLE, missing=WHOLE, verdict=TEXT, verdict_text=TEXT, reason_text=TEXT
)
TEACHER = thing(number=TEXT, full_time=FLAG, qualification=TEXT, fte=TEXT, weekly_hours=TEXT)
CENTRE: dict[str, dict[str, Any]] = {"code": TEXT, "name": TEXT, "division": TEXT, "state": TEXT, "missing": WHOLE}
ITEM = thing(item=TEXT, target=WHOLE, actual=maybe(WHOLE), evidence=TEXT, inspected_on=maybe(DAY), met=FLAG)
FIGURES = thing(
    division=TEXT, name=TEXT, required=WHOLE, met=WHOLE, missing=WHOLE, unreported=WHOLE, share=maybe(WHOLE)
)
SCHOOL = thing(id=maybe(ID), name=TEXT, division=TEXT, required=WHOLE, missing=WHOLE, verdict=TEXT, since=maybe(TEXT))


def terms(asked: Asked) -> dict[str, Any]:
    """Every term, the newest first."""
    names = ("name", "first_day", "last_day", "locked_at")
    return {"items": [{"id": one.pk, **{name: getattr(one, name) for name in names}} for one in every_term()]}


def _term(asked: Asked) -> Term | None:
    """The term that is asked for, or the one that runs. Raises Forbidden for one that there is not."""
    wanted = asked.query.get("term", "")
    found = term_of(wanted)
    if wanted and (found is None or str(found.pk) != wanted):
        raise Forbidden
    return found


def _number(asked: Asked, listed: str) -> int:
    """Which page of a list that is sorted anew for each asker: the cursor hides its number."""
    return int(asked.after(listed) or 1)


def returns(asked: Asked) -> dict[str, Any]:
    """One page of the returns of a term, those that wait first."""
    term, state = _term(asked), asked.chosen("state", tuple(ReturnState))
    if term is None:
        return page("returns", [], None)
    number = _number(asked, "returns")
    found = return_list(asked.actor, term, division=asked.query.get("division", ""), state=state, page=number)
    rows = [_return(row["it"]) for row in found["returns"]]
    return page("returns", rows, number + 1 if number < found["pages"] else None)


def _return(one: StaffingReturn) -> dict[str, Any]:
    return {
        "id": one.pk,
        "school": str(one.school),
        "division": one.division_id,
        "stage": one.stage,
        "enrolment": one.enrolment,
        "boarding": one.boarding,
        "state": one.state,
        "moved_at": one.moved_at,
    }


def staffing_return(asked: Asked) -> dict[str, Any]:
    """One return, its teachers by staff number, and what the rule says of it."""
    one = access.open_return(asked.actor, asked.place["reference"])
    known = return_page(asked.actor, one)
    teachers = [
        {
            "number": line["it"].number,
            "full_time": line["it"].full_time,
            "qualification": line["it"].qualification,
            "fte": str(line["it"].fte),
            "weekly_hours": str(line["it"].weekly_hours),
        }
        for line in known["teachers"]
    ]
    found = known["finding"]
    finding = {name: found[name] for name in FINDING["properties"]} if found else None
    return {**_return(one), "because": one.because, "teachers": teachers, "finding": finding, "steps": known["steps"]}


def centres(asked: Asked) -> dict[str, Any]:
    """Every county's centre that the reader has to do with."""
    items = []
    for one in every_centre():
        if access.in_turn(asked.actor, P.CENTRE_SEE, division=one.organisation.division_id):
            items.append(_centre(access.open_centre(asked.actor, one.organisation.code)))
    return {"items": items}


def _centre(one: Any) -> dict[str, Any]:
    return {
        "code": one.organisation.code,
        "name": str(one.organisation),
        "division": one.division_id,
        "state": one.state,
        "missing": len(missing_items(one)) if one.moved_at else len(check_list(one)),
    }


def centre(asked: Asked) -> dict[str, Any]:
    """The check-list of one centre."""
    one = access.open_centre(asked.actor, asked.place["reference"])
    names = ("target", "actual", "evidence", "inspected_on", "met")
    items = [{"item": line["item"].value, **{name: line[name] for name in names}} for line in check_list(one)]
    return {**_centre(one), "items": items}


def board(asked: Asked) -> dict[str, Any]:
    """The figures of each division, and one page of schools: those that are short, or all."""
    number, show = _number(asked, "board"), asked.chosen("show", SHOWS) or "short"
    found = staffing_board(_term(asked), division=asked.query.get("division", ""), show=show, page=number)
    divisions = [
        {
            "division": row["code"],
            **{name: row[name] for name in ("name", "required", "met", "missing", "unreported", "share")},
        }
        for row in found["divisions"]
    ]
    schools = [
        {
            "id": row["key"],
            **{name: row[name] for name in ("name", "division", "required", "missing", "verdict", "since")},
        }
        for row in found["schools"]
    ]
    return {"divisions": divisions, **page("board", schools, number + 1 if number < found["pages"] else None)}


AFTER = {"after": PAGING["after"]}
WHICH = {**AFTER, "term": ID, "division": TEXT}
ONE = thing(**RETURN, because=TEXT, teachers=many(TEACHER), finding=maybe(FINDING), steps=many(TEXT))
BOARD = thing(divisions=many(FIGURES), items=many(SCHOOL), next=maybe(TEXT))
ENDPOINTS = (
    Endpoint("api_terms", "staffing/terms", P.RETURN_SEE, terms, _("Terms"), thing(items=many(TERM)), "staffing"),
    Endpoint(
        "api_returns",
        "staffing/returns",
        P.RETURN_SEE,
        returns,
        _("Returns of a term"),
        paged(thing(**RETURN)),
        "staffing",
        {**WHICH, "state": one_of(*ReturnState)},
    ),
    Endpoint(
        "api_return",
        "staffing/returns/<str:reference>",
        P.RETURN_SEE,
        staffing_return,
        _("One return"),
        ONE,
        "staffing",
    ),
    Endpoint(
        "api_centres",
        "staffing/centres",
        P.CENTRE_SEE,
        centres,
        _("Standard centres"),
        thing(items=many(thing(**CENTRE))),
        "staffing",
    ),
    Endpoint(
        "api_centre",
        "staffing/centres/<str:reference>",
        P.CENTRE_SEE,
        centre,
        _("One centre's check-list"),
        thing(**CENTRE, items=many(ITEM)),
        "staffing",
    ),
    Endpoint(
        "api_staffing",
        "staffing/board",
        P.STAFFING_SEE,
        board,
        _("Where teachers are missing"),
        BOARD,
        "staffing",
        {**WHICH, "show": one_of(*SHOWS)},
    ),
)

"""Reading cases: the worklist, a cover, a whole file, the board, and the call-backs that are due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import Purpose, open_case, reveal, reveal_covers, reveal_results
from cases.call_backs import call_backs
from cases.call_number import CallLine, calls_of
from cases.display import file_sections
from cases.models import Case, Deadline, Section
from cases.queues import Place, board, open_warning, running_clocks, worklist
from cases.tiers import Tier
from wellbeing.access.permissions import P
from wellbeing.api.endpoint import Asked, Endpoint, page
from wellbeing.api.shapes import FLAG, ID, MOMENT, PAGING, TEXT, WHOLE, many, maybe, one_of, paged, thing

TIERS = tuple(tier.value for tier in Tier)
COVER: dict[str, dict[str, Any]] = {
    "reference": TEXT,
    "name": maybe(TEXT),
    "tier": one_of(*TIERS),
    "tier_since": MOMENT,
    "status": TEXT,
    "channel": TEXT,
    "division": TEXT,
    "opened_at": MOMENT,
    "closed_at": maybe(MOMENT),
}
CLOCK = thing(kind=TEXT, state=TEXT, due_at=MOMENT, level=WHOLE, desk=WHOLE)
WARNING = thing(raised_at=MOMENT, acknowledged_at=maybe(MOMENT), acknowledged_by=TEXT)
CALL = thing(number=TEXT, line=TEXT, shift=maybe(thing(starts_at=MOMENT, ends_at=MOMENT)))
FIELD = thing(label=TEXT, value=TEXT)
ENTRY = thing(id=maybe(ID), kind=TEXT, at=MOMENT, author=TEXT, fields=many(FIELD))
SECTION = thing(code=TEXT, title=TEXT, entries=many(ENTRY))
LINE = thing(reference=TEXT, tier=one_of(*TIERS), status=TEXT, clock=TEXT, due_at=MOMENT, overdue=FLAG, level=WHOLE)
DUE = thing(reference=TEXT, name=maybe(TEXT), tier=one_of(*TIERS), due_at=MOMENT, step=WHOLE, tries=WHOLE)


def cover(case: Case, name: str | None) -> dict[str, Any]:
    """The clear cover of a case; `name` where its reading was recorded."""
    return {
        "reference": case.reference,
        "name": name,
        "tier": case.tier,
        "tier_since": case.tier_since,
        "status": case.status,
        "channel": case.channel,
        "division": case.division_id,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }


def cases(asked: Asked) -> dict[str, Any]:
    """One page of the worklist; the names are opened for it, and that is recorded."""
    before = asked.after("cases")
    found = worklist(asked.actor, before=UUID(before) if before else None, limit=asked.limit + 1)
    more, found = len(found) > asked.limit, found[: asked.limit]
    names = reveal_covers(asked.actor, found)
    return page("cases", [cover(case, names.get(case.pk)) for case in found], found[-1].pk if more else None)


def case(asked: Asked) -> dict[str, Any]:
    """One cover with its clocks and its warning."""
    found = open_case(asked.actor, asked.place["reference"])
    names = reveal_covers(asked.actor, [found])
    warning = open_warning(found)
    told = (
        {
            "raised_at": warning.raised_at,
            "acknowledged_at": warning.acknowledged_at,
            "acknowledged_by": str(warning.acknowledged_by or ""),
        }
        if warning
        else None
    )
    return {
        **cover(found, names.get(found.pk)),
        "manager": str(found.manager or ""),
        "warning": told,
        "clocks": [_clock(one) for one in running_clocks(found)],
        "calls": [_call(one) for one in calls_of(found)],
    }


def _call(one: CallLine) -> dict[str, Any]:
    shift = one.shift
    return {
        "number": one.number,
        "line": one.code,
        "shift": {"starts_at": shift.starts_at, "ends_at": shift.ends_at} if shift else None,
    }


def _clock(one: Deadline) -> dict[str, Any]:
    return {"kind": one.kind, "state": one.state, "due_at": one.due_at, "level": one.level, "desk": one.desk_id}


def case_file(asked: Asked) -> dict[str, Any]:
    """The sections that the reader may see; the reading is recorded as that of the page."""
    actor = asked.actor
    found = open_case(actor, asked.place["reference"], P.FILE_READ)
    opened = reveal(actor, found, Section.values, Purpose.of(actor))
    results = reveal_results(actor, found) if Section.RISK in opened.sections else []
    return {
        "reference": found.reference,
        "sections": file_sections(opened, results),
        "hidden": sorted(opened.hidden),
    }


def the_board(asked: Asked) -> dict[str, Any]:
    """One page of the desk's running clocks, the most urgent first; the first one holds every red case besides."""
    after = Place.read(asked.after("board"))
    found = board(asked.actor, tier=asked.chosen("tier", TIERS), after=after, limit=asked.limit)
    items = [
        {
            "reference": row.case.reference,
            "tier": row.case.tier,
            "status": row.case.status,
            "clock": row.clock_kind,
            "due_at": row.due_at,
            "overdue": row.overdue,
            "level": row.level,
        }
        for row in found.rows
    ]
    return page("board", items, found.after)


def due(asked: Asked) -> dict[str, Any]:
    """One page of the call-backs, the earliest first."""
    after = asked.after("call_backs")
    found = call_backs(asked.actor, after=UUID(after) if after else None, limit=asked.limit + 1)
    more, found = len(found) > asked.limit, found[: asked.limit]
    names = reveal_covers(asked.actor, [row.clock.case for row in found])
    items = [
        {
            "reference": row.clock.case.reference,
            "name": names.get(row.clock.case_id),
            "tier": row.clock.case.tier,
            "due_at": row.clock.due_at,
            "step": row.clock.step + 1,
            "tries": row.tries,
        }
        for row in found
    ]
    return page("call_backs", items, found[-1].clock.pk if more else None)


CASE = {**COVER, "manager": TEXT, "warning": maybe(WARNING), "clocks": many(CLOCK), "calls": many(CALL)}
ENDPOINTS = (
    Endpoint("api_cases", "cases", P.CASE_LIST, cases, _("The worklist"), paged(thing(**COVER)), "cases", PAGING),
    Endpoint("api_case", "cases/<str:reference>", P.CASE_SEE, case, _("One cover"), thing(**CASE), "cases"),
    Endpoint(
        "api_case_file",
        "cases/<str:reference>/file",
        P.FILE_READ,
        case_file,
        _("Open the file; the reading is recorded"),
        thing(reference=TEXT, sections=many(SECTION), hidden=many(TEXT)),
        "cases",
    ),
    Endpoint(
        "api_board",
        "board",
        P.BOARD_SEE,
        the_board,
        _("Running clocks of the desk"),
        paged(LINE),
        "cases",
        {"tier": one_of(*TIERS), **PAGING},
    ),
    Endpoint(
        "api_call_backs",
        "calls/call-backs",
        P.CALL_TAKE,
        due,
        _("Call-backs that are due"),
        paged(DUE),
        "calls",
        PAGING,
    ),
)

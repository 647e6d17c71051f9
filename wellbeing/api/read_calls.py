"""Reading the calls of the exchange: what rings and runs now, and what has ended. Never a number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from wellbeing.access.permissions import P
from wellbeing.api.endpoint import Asked, Endpoint, page
from wellbeing.api.shapes import FLAG, ID, MOMENT, PAGING, TEXT, WHOLE, many, maybe, one_of, paged, thing
from wellbeing.exchange.models import Ring
from wellbeing.exchange.queues import ended, running

RING = thing(
    id=ID,
    line=TEXT,
    offered_at=MOMENT,
    answered_at=maybe(MOMENT),
    ended_at=maybe(MOMENT),
    waited_s=maybe(WHOLE),
    settled=FLAG,
    why_not=TEXT,
)


def _ring(one: Ring) -> dict[str, Any]:
    return {
        "id": one.pk,
        "line": one.line,
        "offered_at": one.offered_at,
        "answered_at": one.answered_at,
        "ended_at": one.ended_at,
        "waited_s": one.waited_s,
        "settled": one.settled_at is not None,
        "why_not": one.why_not,
    }


def calls(asked: Asked) -> dict[str, Any]:
    """One page of the calls that have ended, the newest first: those that nobody logged, or all."""
    before, every = asked.after("calls"), asked.chosen("which", ("unlogged", "all")) == "all"
    found = ended(all_of_them=every, before=UUID(before) if before else None, limit=asked.limit + 1)
    more, found = len(found) > asked.limit, found[: asked.limit]
    return page("calls", [_ring(one) for one in found], found[-1].pk if more else None)


def calls_now(asked: Asked) -> dict[str, Any]:
    """What rings and is spoken now, who waits longest first."""
    return {"items": [_ring(one) for one in running()]}


ENDPOINTS = (
    Endpoint(
        "api_calls",
        "calls",
        P.RING_SEE,
        calls,
        _("Calls that have ended"),
        paged(RING),
        "calls",
        {**PAGING, "which": one_of("unlogged", "all")},
    ),
    Endpoint(
        "api_calls_now",
        "calls/now",
        P.RING_SEE,
        calls_now,
        _("Calls that ring or run"),
        thing(items=many(RING)),
        "calls",
    ),
)

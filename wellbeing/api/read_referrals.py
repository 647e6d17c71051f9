"""Reading the green channel: the desks' referrals, what waits for them, one referral, and what travels in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from referrals.access import open_referral, reveal_packets
from referrals.display import desk_name, near_to, packet_rows
from referrals.models import Referral, Step
from referrals.queues import due, inbox, queue, spot, steps_of
from wellbeing.access.permissions import P
from wellbeing.api.endpoint import Asked, Endpoint, page
from wellbeing.api.shapes import FLAG, MOMENT, PAGING, TEXT, many, maybe, paged, thing

COVER: dict[str, dict[str, Any]] = {
    "reference": TEXT,
    "tier": TEXT,
    "state": TEXT,
    "emergency": FLAG,
    "division": TEXT,
    "from": TEXT,
    "to": TEXT,
    "opened_at": MOMENT,
    "ended_at": maybe(MOMENT),
}
STEP = thing(state=TEXT, event=TEXT, at=MOMENT, desk=TEXT)
ROW = thing(label=TEXT, value=TEXT)
PACKET = thing(purpose=TEXT, created_at=MOMENT, expires_at=MOMENT, fields=many(ROW))


def _cover(one: Referral) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "tier": one.tier,
        "state": one.state,
        "emergency": one.emergency,
        "division": one.division_id,
        "from": str(one.from_desk.organisation),
        "to": str(one.to_desk.organisation),
        "opened_at": one.opened_at,
        "ended_at": one.ended_at,
    }


def referrals(asked: Asked) -> dict[str, Any]:
    """One page of the desks' referrals, the newest first."""
    before = asked.after("referrals")
    found = inbox(asked.actor, before=UUID(before) if before else None, limit=asked.limit + 1)
    more, found = len(found) > asked.limit, found[: asked.limit]
    return page("referrals", [_cover(one) for one in found], found[-1].pk if more else None)


def waiting(asked: Asked) -> dict[str, Any]:
    """One page of what waits for the desks, by tier and time left."""
    said = asked.after("waiting").split()
    after = (int(said[0]), datetime.fromisoformat(said[1]), UUID(said[2])) if said else None
    found = queue(asked.actor, asked.limit + 1, after)
    more, found = len(found) > asked.limit, found[: asked.limit]
    items = []
    for one in found:
        kind, at = due(one, asked.actor)
        items.append({**_cover(one), "due_kind": kind, "due_at": at})
    return page("waiting", items, _spot(found[-1], asked) if more else None)


def _spot(one: Referral, asked: Asked) -> str:
    tier, at, pk = spot(one, asked.actor)
    return f"{tier} {at.isoformat()} {pk}"


def referral(asked: Asked) -> dict[str, Any]:
    """Where one referral is, and every step."""
    found = open_referral(asked.actor, asked.place["reference"])
    near = near_to(asked.actor, found)
    return {**_cover(found), "steps": [_step(one, near=near) for one in steps_of(found)]}


def _step(one: Step, *, near: bool) -> dict[str, Any]:
    """As the page's time line has it: whoever received a referral does not read there which school it is."""
    desk = desk_name(one.desk, near=near) if one.desk else ""
    return {"state": one.state, "event": one.event, "at": one.at, "desk": desk}


def packets(asked: Asked) -> dict[str, Any]:
    """What the desk may read of it; the reading is recorded as that of the page."""
    found = open_referral(asked.actor, asked.place["reference"], P.PACKET_READ)
    items = [
        {
            "purpose": one.packet.purpose,
            "created_at": one.packet.created_at,
            "expires_at": one.packet.expires_at,
            "fields": [
                {"label": row["label"], "value": row["value"]}
                for row in packet_rows(one.packet.purpose, one.words, one.reasons)
            ],
        }
        for one in reveal_packets(asked.actor, found)
    ]
    return {"reference": found.reference, "items": items}


WAITING = {**COVER, "due_kind": TEXT, "due_at": maybe(MOMENT)}
ONE = "referrals/<str:reference>"
ENDPOINTS = (
    Endpoint(
        "api_referrals",
        "referrals",
        P.REFERRAL_LIST,
        referrals,
        _("Referrals of the desk"),
        paged(thing(**COVER)),
        "referrals",
        PAGING,
    ),
    Endpoint(
        "api_referral_queue",
        "referrals/waiting",
        P.REFERRAL_LIST,
        waiting,
        _("What waits for the desk"),
        paged(thing(**WAITING)),
        "referrals",
        PAGING,
    ),
    Endpoint(
        "api_referral",
        ONE,
        P.REFERRAL_SEE,
        referral,
        _("One referral and its steps"),
        thing(**COVER, steps=many(STEP)),
        "referrals",
    ),
    Endpoint(
        "api_packets",
        f"{ONE}/packets",
        P.PACKET_READ,
        packets,
        _("Open what travels in it; the reading is recorded"),
        thing(reference=TEXT, items=many(PACKET)),
        "referrals",
    ),
)

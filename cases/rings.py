"""What the exchange knows of a call, as the fields of the call sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from wellbeing.access.actor import Actor
from wellbeing.exchange.access import reveal_number
from wellbeing.exchange.models import Ring

LONGEST_WAIT, LONGEST = 3600, 600  # what the sheet takes: seconds of waiting, minutes of a call


def _begun(ring: Ring) -> datetime:
    return ring.answered_at or ring.offered_at


def begun_ms(ring: Ring) -> int:
    """When the call was answered, else when it rang, in milliseconds since 1970: the sheet's own field has minutes."""
    return int(_begun(ring).timestamp() * 1000)


def on_sheet(actor: Actor, ring: Ring) -> dict[str, Any]:
    """The fields that a call of the exchange fills, by their codes: which call it is, when it was answered, its wait,
    its line, its length once it has ended, and the caller's number, which is recorded as told. Forbidden by the door
    of the number."""
    begun = _begun(ring)
    found: dict[str, Any] = {
        "ring": ring.pk,
        "started_at": localtime(begun),
        "caller_number": reveal_number(actor, ring),
    }
    if ring.line:
        found["line"] = ring.line
    if ring.answered_at and ring.waited_s is not None and ring.waited_s <= LONGEST_WAIT:
        found["answered_after_s"] = ring.waited_s
    if ring.ended_at:
        found["length_min"] = min(LONGEST, max(1, round((ring.ended_at - begun).total_seconds() / 60)))
    return {code: value for code, value in found.items() if value != ""}

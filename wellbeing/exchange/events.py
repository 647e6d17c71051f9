"""What an exchange says of one call, and what is known after several sayings. Pure.

Sayings come late, twice and out of order; what is known is the same whatever their order was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

ID = re.compile(r"[\x21-\x7e]{1,64}")
NUMBER = re.compile(r"[+0-9 ()-]{0,24}")
SHORT = re.compile(r"[0-9A-Za-z_*#./-]{0,32}")


class EventKind(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class BadEvent(ValueError):
    """A saying that cannot be taken: `field` names the cause."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Event:
    """One saying: which call, what, when (aware), and as far as known the line, the caller's number and the seat."""

    call: str
    kind: EventKind
    at: datetime
    line: str = ""
    number: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a call. It was offered when it began to ring; one that ended unanswered was abandoned."""

    offered_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    line: str = ""
    seat: str = ""

    @property
    def waited_s(self) -> int | None:
        """Seconds until it was answered, or given up; None while it waits."""
        until = self.answered_at or self.ended_at
        return None if until is None else max(0, int((until - self.offered_at).total_seconds()))


def event(said: Mapping[str, Any]) -> Event:
    """An event from its JSON object. BadEvent names the first field that is wrong, but for the caller's number: what
    she sends as one is hers to choose (`anonymous`, or a page of digits), and no call is lost for it."""
    texts = {name: said.get(name, "") for name in ("call", "event", "at", "line", "number", "seat")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise BadEvent(name)
    if not NUMBER.fullmatch(texts["number"]):
        texts["number"] = ""
    for name, pattern in (("call", ID), ("line", SHORT), ("seat", SHORT)):
        if not pattern.fullmatch(texts[name]):
            raise BadEvent(name)
    try:
        kind = EventKind(texts["event"])
    except ValueError:
        raise BadEvent("event") from None
    try:
        at = datetime.fromisoformat(texts["at"])
    except ValueError:
        raise BadEvent("at") from None
    if at.tzinfo is None:
        raise BadEvent("at")
    return Event(texts["call"], kind, at, texts["line"], texts["number"], texts["seat"])


def heard(known: Known | None, new: Event) -> Known:
    """What is known with one more saying: the earliest ringing and answering, the latest end."""
    before = known or Known(new.at)
    first = min(before.offered_at, new.at)
    more = replace(before, offered_at=first, line=before.line or new.line, seat=before.seat)
    if new.kind == EventKind.ANSWERED and (before.answered_at is None or new.at <= before.answered_at):
        more = replace(more, answered_at=new.at, seat=new.seat or before.seat)
    if new.kind == EventKind.ENDED:
        more = replace(more, ended_at=max(before.ended_at or new.at, new.at))
    return more

"""What an action does to grants, as its event says it: the event that made a grant, or ended it, names it.

`verify_audit` compares the rows with these words (compared.py). They are kept in the order in which they were done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

FACT = "grants"


class Change(StrEnum):
    GIVEN = "given"  # object, side, holder, holds, origin, since, until
    ENDED = "ended"  # object, side, holder, origin; None is any


class Side(StrEnum):
    DESK = "desk"
    USER = "user"


Changes = list[tuple[Any, ...]]
_noted: ContextVar[Changes | None] = ContextVar("grant_changes", default=None)


@contextmanager
def noting() -> Iterator[Changes]:
    """The changes of one action; of an action inside another the inner one says them."""
    changes: Changes = []
    token = _noted.set(changes)
    try:
        yield changes
    finally:
        _noted.reset(token)


def note(change: Change, *said: Any) -> None:
    """Add a change to what the running action's event will say. Outside of any action nothing says it, and
    `verify_audit` asks why."""
    noted = _noted.get()
    if noted is not None:
        noted.append((change, *said))


def facts(changes: Changes) -> dict[str, Any]:
    """The fact of an event, where there is something to say."""
    return {FACT: changes} if changes else {}

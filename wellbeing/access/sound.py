"""Lists of what somebody holds grants on: SQL finds the rows and knows no seal, so each page is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db import models

from wellbeing.access.actor import Actor
from wellbeing.access.grants import held_each

T = TypeVar("T", bound=models.Model)


def sound(actor: Actor, targets: Iterable[T]) -> list[T]:
    """Those of some objects of one kind on which the actor holds anything: a list by SQL knows no seal."""
    rows = list(targets)
    grants = held_each(actor, rows) if rows else {}
    return [row for row in rows if grants[row.pk]]


def sound_page(actor: Actor, found: Callable[[UUID | None, int], list[T]], before: UUID | None, limit: int) -> list[T]:
    """The sound ones of `found(before, limit)`, as many as were asked for: rows of grants that were not given here take
    nobody's place."""
    rows: list[T] = []
    while len(rows) < limit:
        asked = limit - len(rows)
        page = found(before, asked)
        rows += sound(actor, page)
        if len(page) < asked:
            break
        before = page[-1].pk
    return rows

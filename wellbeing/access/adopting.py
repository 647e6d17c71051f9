"""Seal the rows that stand when the first version with seals begins, once in a database's life; and once those whose
seal says more by now: of a post its county, of a second factor its owner.

A grant is sealed when an event was recorded at the very moment at which it says it was given; a post as it stands.
The event of the sealing names them, so that `verify_audit` knows what made them from there on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wellbeing.access.actor import identity
from wellbeing.access.changes import FACT, Change
from wellbeing.access.compared import Row, grants_in
from wellbeing.access.grants import all_tables
from wellbeing.access.machines import SEALS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.sealed import seal_of
from wellbeing.audit.record import SYSTEM_STREAM, record
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.people.models import Post

TOGETHER = 500  # grants that one event names
Seals = Callable[[], int]
_BESIDES: list[Seals] = []


def besides(seals: Seals) -> Seals:
    """Seal this as well, said by an app above: it returns how many rows were."""
    _BESIDES.append(seals)
    return seals


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many grants, posts and second factors were sealed, and how many grants have no event and stay without a
    seal."""

    grants: int
    posts: int
    factors: int
    left: int


def seal_rows() -> Sealed | None:
    """Seal what stands without a seal, or with one of before; None where that was done: a row that comes later without
    one was not written here."""
    with identity(SEALS):
        done = trail(SYSTEM_STREAM, acts=[Tag.ROWS_SEALED])
        if any("factors" in event.facts for event in done):
            return None
        posts = [post for post in Post.objects.select_related("desk__organisation") if post.adopt(unsealed=not done)]
        factors = sum(seals() for seals in _BESIDES)
        tables = [] if done else all_tables()
        unsealed = [(model, row) for model in tables for row in grants_in(model) if not row.sealed]
        moments = _moments({row.since for _model, row in unsealed})
        made = [(model, row) for model, row in unsealed if row.since in moments]
        for model, row in made:
            _seal(model, row)
        for begin in range(0, max(1, len(made)), TOGETHER):
            said = [_said(row) for _model, row in made[begin : begin + TOGETHER]]
            facts = {"posts": tuple(post.pk for post in posts), "factors": factors, FACT: said}
            record(stream=SYSTEM_STREAM, act=Tag.ROWS_SEALED, actor=SEALS, facts=facts)
        return Sealed(len(made), len(posts), factors, len(unsealed) - len(made))


def _moments(wanted: set[Any]) -> set[Any]:
    """Those of the moments at which something was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT at FROM audit_event WHERE at = ANY (%s)", [list(wanted)])
        return {at for (at,) in cursor.fetchall()}


def _said(row: Row) -> tuple[Any, ...]:
    given = [Hold(row.hold)], Origin(row.origin), row.since, row.until
    return Change.GIVEN, row.object, row.side, row.holder, *given


def _seal(model: Any, row: Row) -> None:
    kept = model.objects.get(pk=row.pk)
    kept.seal = seal_of(
        row.table, row.holder, row.object, row.hold, row.origin, kept.granted_by_id, row.since, row.until
    )
    kept.save(update_fields=["seal"])

"""The trail of one stream: what happened, newest first, as far as the asker's row-level policies let it be read."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wellbeing.audit.models import Event


@dataclass(frozen=True, slots=True)
class Trace:
    """One event for a page: codes only."""

    at: datetime
    act: str
    actor_id: int | None
    machine: str | None
    facts: dict[str, Any]
    id: UUID
    seq: int


def trail(
    stream: UUID,
    limit: int | None = 100,
    acts: Collection[str] = (),
    *,
    without: Collection[str] = (),
    before: int | None = None,
) -> list[Trace]:
    """The newest events of a stream (all without a `limit`), or those of some acts, or all `without` some; those before
    an event (keyset)."""
    rows = Event.objects.filter(stream=stream).exclude(act__in=without).order_by("-seq")
    if acts:
        rows = rows.filter(act__in=acts)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    bodies = [(row, json.loads(bytes(row.body))) for row in rows[:limit]]
    return [
        Trace(row.at, row.act, row.actor_id, body["machine"], body["facts"], row.pk, row.seq) for row, body in bodies
    ]

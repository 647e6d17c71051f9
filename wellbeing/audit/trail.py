"""The trail of one stream: what happened, newest first, as far as the asker's row-level policies let it be read."""

import json
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


def trail(stream: UUID, limit: int = 100) -> list[Trace]:
    """The newest events of a stream."""
    rows = Event.objects.filter(stream=stream).order_by("-seq")[:limit]
    bodies = [(row, json.loads(bytes(row.body))) for row in rows]
    return [Trace(row.at, row.act, row.actor_id, body["machine"], body["facts"]) for row, body in bodies]

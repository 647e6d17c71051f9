"""Deliver notices: claim due rows, hand them to their channel, mark them done, in one transaction.

Any number of relays may run; a row is claimed by one (SKIP LOCKED). A channel that fails puts its rows off and does
not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import groupby

from django.db import connection, transaction

from wellbeing.outbox.models import Notice

log = logging.getLogger("wellbeing.outbox")
BATCH = 50
DEAD_AFTER = 12
Send = Callable[[Sequence[Notice]], None]


def deliver(limit: int = BATCH) -> int:
    """Deliver at most `limit` due notices; returns how many were claimed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
        due = list(
            Notice.objects.raw(
                "UPDATE outbox_notice SET done_at = app_now(), attempts = attempts + 1 WHERE id IN ("
                "SELECT id FROM outbox_notice WHERE done_at IS NULL AND dead_at IS NULL AND not_before <= app_now()"
                " ORDER BY not_before LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *",
                [limit],
            )
        )
        for name, batch in groupby(sorted(due, key=lambda n: n.channel), key=lambda n: n.channel):
            _hand_over(name, list(batch))
    return len(due)


def sweep() -> int:
    """Deliver everything that is due, bell or no bell (the ticker's poll)."""
    total = 0
    while claimed := deliver():
        total += claimed
    return total


def _hand_over(name: str, batch: list[Notice]) -> None:
    try:
        with transaction.atomic():
            channel(name)(batch)
    except Exception:  # any failure of a channel: put off, try again, say so
        log.exception("a channel failed", extra={"codes": {"channel": name, "notices": len(batch)}})
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE outbox_notice SET done_at = NULL, not_before = app_now() + least(2 ^ attempts, 300) * interval"
                " '1 second', dead_at = CASE WHEN attempts >= %s THEN app_now() END WHERE id = ANY(%s)",
                [DEAD_AFTER, [notice.pk for notice in batch]],
            )


def channel(name: str) -> Send:
    """The `send` of one channel module."""
    send: Send = import_module(f"wellbeing.outbox.channels.{name}").send
    return send

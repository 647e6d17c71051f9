"""Deliver notices: claim due rows, hand them to their channel, mark them done, in one transaction.

Any number of relays may run; a row is claimed by one (SKIP LOCKED). A channel that fails puts its rows off and does
not stop the others; a notice that fails is tried alone from then on, and does not stop those it was claimed with.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import connection, transaction

from wellbeing.outbox.channels import CHANNELS, Send
from wellbeing.outbox.models import Notice

log = logging.getLogger("wellbeing.outbox")
BATCH = 50
DEAD_AFTER = 12
LONGEST_SECONDS = 300  # nothing is put off for longer, here or by the courier
CLAIM = (
    "UPDATE outbox_notice SET done_at = app_now(), attempts = attempts + 1 WHERE id IN ("
    "SELECT id FROM outbox_notice WHERE channel = %s AND done_at IS NULL AND dead_at IS NULL"
    " AND not_before <= app_now() ORDER BY not_before LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *"
)
PUT_OFF = (
    "UPDATE outbox_notice SET done_at = NULL,"
    f" not_before = app_now() + least(2 ^ attempts, {LONGEST_SECONDS}) * interval '1 second',"
    " dead_at = CASE WHEN attempts >= %s THEN app_now() END WHERE id = ANY(%s) RETURNING dead_at"
)
STEPPED_BACK = (
    "UPDATE outbox_notice SET created_at = least(created_at, app_now()), not_before = app_now()"
    " WHERE done_at IS NULL AND dead_at IS NULL"
    " AND (created_at > app_now() + interval '5 s' OR not_before > app_now() + %s * interval '1 s')"
)


def deliver(limit: int = BATCH) -> int:
    """Deliver at most `limit` due notices of each channel; returns how many were claimed.

    Raises RuntimeError inside a transaction: it would go on there as a machine, and hold the rows.
    """
    return sum(_deliver(name, limit) for name in CHANNELS)


def sweep() -> int:
    """Deliver everything that is due, bell or no bell (the ticker's poll); returns how many were claimed."""
    total = 0
    for name in CHANNELS:
        claimed = BATCH
        while claimed == BATCH:
            claimed = _deliver(name, BATCH)
            total += claimed
    return total


def catch_up() -> int:
    """Make due what waits for a moment that no notice is put off to; returns how many did.

    They were posted or put off by a clock that was set back since, and would wait until it comes round again.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', 'on', true)")
        cursor.execute(STEPPED_BACK, [LONGEST_SECONDS])
        if cursor.rowcount:
            log.warning("the clock was set back", extra={"codes": {"notices": cursor.rowcount}})
        return cursor.rowcount


def _deliver(name: str, limit: int) -> int:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
        due = list(Notice.objects.raw(CLAIM, [name, limit]))
        fresh = [notice for notice in due if notice.attempts == 1]
        alone = [[notice] for notice in due if notice.attempts > 1]
        for batch in (fresh, *alone):
            if batch:
                _hand_over(name, CHANNELS[name], batch)
    return len(due)


def _hand_over(name: str, send: Send, batch: Sequence[Notice]) -> None:
    try:
        with transaction.atomic():
            send(batch)
    except Exception:  # any failure of a channel: put off, try again, say so
        codes = {"channel": name, "notices": len(batch)}
        log.exception("a channel failed", extra={"codes": codes})
        with connection.cursor() as cursor:
            cursor.execute(PUT_OFF, [DEAD_AFTER, [notice.pk for notice in batch]])
            dead = sum(row[0] is not None for row in cursor.fetchall())
        if dead:
            log.error("notices were given up", extra={"codes": codes | {"notices": dead}})

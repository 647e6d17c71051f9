"""Deliver what leaves the house: a notice at a time, outside any transaction, and never in the way of the page.

A claim is a lease: the row's next moment lies a minute ahead while it is on its way. Whoever dies in between leaves it
to the next one, so a notice goes out at least once. A channel that does not answer is put off as a whole, written
down, and told to the system administrator once per outage.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

from wellbeing.outbox import health
from wellbeing.outbox.channels import OUTWARD, outward
from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.models import Notice
from wellbeing.outbox.relay import LONGEST_SECONDS

log = logging.getLogger("wellbeing.outbox")
BATCH = 20
LEASE_SECONDS = 60
DEAD_AFTER = 12
CLAIM = (
    "UPDATE outbox_notice SET attempts = attempts + 1, not_before = app_now() + %s * interval '1 second' WHERE id IN ("
    "SELECT id FROM outbox_notice WHERE channel = %s AND done_at IS NULL AND dead_at IS NULL"
    " AND not_before <= app_now() AND NOT EXISTS (SELECT 1 FROM outbox_hold)"
    " ORDER BY attempts, not_before LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *"
)
DONE = "UPDATE outbox_notice SET done_at = app_now() WHERE id = %s AND done_at IS NULL"
PUT_OFF = (
    "UPDATE outbox_notice SET not_before = app_now() + least(2 ^ attempts, %s) * interval '1 second',"
    " dead_at = CASE WHEN attempts >= %s THEN app_now() END WHERE id = ANY(%s) AND done_at IS NULL RETURNING dead_at"
)


def deliver(name: str, limit: int = BATCH) -> int:
    """Send what is due by one channel; returns how many were taken. Raises RuntimeError inside a transaction."""
    if name not in outward():
        return 0
    due = _claim(name, limit)
    for place, notice in enumerate(due):
        try:
            OUTWARD[name].send([notice])
        except Refused:
            _settle(name, put_off=[notice])
        except Exception:  # whatever the network does: the rest waits too, the next channel does not
            log.exception("a channel failed", extra={"codes": {"channel": name, "notices": len(due) - place}})
            _settle(name, put_off=due[place:], failed=True)
            break
        else:
            _settle(name, done=notice)
    return len(due)


def _claim(name: str, limit: int) -> list[Notice]:
    with transaction.atomic(durable=True):
        _as_machine()
        rows = list(Notice.objects.raw(CLAIM, [LEASE_SECONDS, name, limit]))
        for row in rows:
            if row.user:
                row.user.private  # noqa: B018  read now: the sending has no transaction
        return sorted(rows, key=lambda row: (row.attempts, row.created_at))


def _settle(
    name: str, *, done: Notice | None = None, put_off: list[Notice] | None = None, failed: bool = False
) -> None:
    """Write down what came of it, and how the channel does."""
    with transaction.atomic(durable=True):
        _as_machine()
        dead = 0
        with connection.cursor() as cursor:
            if done:
                cursor.execute(DONE, [done.pk])
            if put_off:
                cursor.execute(PUT_OFF, [LONGEST_SECONDS, DEAD_AFTER, [notice.pk for notice in put_off]])
                dead = sum(row[0] is not None for row in cursor.fetchall())
        if failed:
            health.failed(name)
        elif done:
            health.worked(name)
        if dead:
            log.error("notices were given up", extra={"codes": {"channel": name, "notices": dead}})
            health.gave_up(name)


def _as_machine() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', 'on', true)")

"""Deliver what leaves the house: a notice at a time, outside any transaction, and never in the way of the page.

A claim is a lease: the row's next moment lies a minute ahead while it is on its way. Whoever dies in between leaves it
to the next one, so a notice goes out at least once. A channel that does not answer is put off as a whole, written
down, and told to the system administrator once per outage; only the notice that was tried counts it as an attempt, so
that one which never goes through holds up nobody, and none is given up for an outage. Of those that were tried as
often red ones go first, where policy lets their colour out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import prefetch_related_objects

from wellbeing.outbox import health
from wellbeing.outbox.channels import OUTWARD, outward
from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.models import Notice
from wellbeing.outbox.relay import LONGEST_SECONDS

log = logging.getLogger("wellbeing.outbox")
BATCH = 20
LEASE_SECONDS = 60
DEAD_AFTER = 12
MOST_ATTEMPTS = 999  # an outage may be long, and the column and its power of two are not endless
CLAIM = (
    "UPDATE outbox_notice SET attempts = least(attempts + 1, %s), not_before = app_now() + %s * interval '1 second'"
    " WHERE id IN ("
    "SELECT id FROM outbox_notice WHERE channel = %s AND done_at IS NULL AND dead_at IS NULL"
    " AND not_before <= app_now() AND NOT EXISTS (SELECT 1 FROM outbox_hold)"
    " ORDER BY attempts, tier <> 'red', not_before LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *"
)
DONE = "UPDATE outbox_notice SET done_at = app_now() WHERE id = %s AND done_at IS NULL"
PUT_OFF = (
    "UPDATE outbox_notice SET not_before = app_now() + least(2 ^ attempts, %s) * interval '1 second',"
    " dead_at = CASE WHEN %s AND attempts >= %s THEN app_now() END WHERE id = %s AND done_at IS NULL"
    " RETURNING dead_at, not_before"
)
UNTRIED = (
    "UPDATE outbox_notice SET attempts = greatest(attempts - 1, 0), not_before = %s"
    " WHERE id = ANY(%s) AND done_at IS NULL"
)


def deliver(name: str) -> int:
    """Send what is due by one channel; returns how many were taken. Raises RuntimeError inside a transaction."""
    if name not in outward():
        return 0
    due = _claim(name)
    for place, notice in enumerate(due):
        try:
            OUTWARD[name].send([notice])
        except Refused:
            _refused(name, notice)
        except Exception:  # whatever the network does: the rest waits too, the next channel does not
            log.exception("a channel failed", extra={"codes": {"channel": name, "notices": len(due) - place}})
            _failed(name, notice, due[place + 1 :])
            break
        else:
            _done(name, notice)
    return len(due)


def _claim(name: str) -> list[Notice]:
    with _as_machine():
        rows = list(Notice.objects.raw(CLAIM, [MOST_ATTEMPTS, LEASE_SECONDS, name, BATCH]))
        prefetch_related_objects(rows, "user__private")  # now: the sending has no transaction
    return sorted(rows, key=lambda row: (row.attempts, row.tier != "red", row.created_at))


def _done(name: str, notice: Notice) -> None:
    with _as_machine() as cursor:
        cursor.execute(DONE, [notice.pk])
        health.worked(name)


def _refused(name: str, notice: Notice) -> None:
    """Put this one off, for the last time after DEAD_AFTER attempts; the channel itself works."""
    with _as_machine() as cursor:
        cursor.execute(PUT_OFF, [LONGEST_SECONDS, True, DEAD_AFTER, notice.pk])
        if any(dead for dead, _later in cursor.fetchall()):
            log.error("a notice was given up", extra={"codes": {"channel": name}})
            health.gave_up(name)


def _failed(name: str, notice: Notice, untried: Sequence[Notice]) -> None:
    """Put off the one that was tried, and with it those that were not: they are as they were, and come first then."""
    with _as_machine() as cursor:
        cursor.execute(PUT_OFF, [LONGEST_SECONDS, False, DEAD_AFTER, notice.pk])
        for _dead, later in cursor.fetchall():
            cursor.execute(UNTRIED, [later, [one.pk for one in untried]])
        health.failed(name)


@contextmanager
def _as_machine() -> Iterator[CursorWrapper]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', 'on', true)")
        yield cursor

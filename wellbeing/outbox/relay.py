"""Deliver notices: claim due rows, hand them to their channel, mark them done, in one transaction.

Any number of relays may run; a row is claimed by one (SKIP LOCKED), and red ones before all others. Where a batch
fails, its notices are tried one by one: the one that fails is put off, and stops neither the others nor another
channel. None of the page's is ever given up: nobody refuses it, so it waits for an outage, however long.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from itertools import takewhile

from django.db import connection, transaction

from wellbeing.outbox import health
from wellbeing.outbox.channels import CHANNELS
from wellbeing.outbox.models import Notice
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.outbox")
BATCH = 50
STUCK_AFTER = 12  # attempts, of half an hour or so: then somebody is told, once
MOST_ATTEMPTS = 999  # the column and its power of two are not endless
LONGEST_SECONDS = 300  # nothing is put off for longer, here or by the courier
CLAIM = (
    "UPDATE outbox_notice SET done_at = app_now(), attempts = least(attempts + 1, %s) WHERE id IN ("
    "SELECT id FROM outbox_notice WHERE channel = %s AND done_at IS NULL AND dead_at IS NULL"
    " AND not_before <= app_now() AND NOT EXISTS (SELECT 1 FROM outbox_hold)"
    " ORDER BY tier <> 'red', not_before LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *"
)
PUT_OFF = (
    "UPDATE outbox_notice SET done_at = NULL,"
    " not_before = app_now() + least(2 ^ attempts, %s) * interval '1 second' WHERE id = %s RETURNING attempts"
)
STEPPED_BACK = (
    "UPDATE outbox_notice SET created_at = least(created_at, app_now()), not_before = app_now()"
    " WHERE done_at IS NULL AND dead_at IS NULL"
    " AND (created_at > app_now() + interval '5 s' OR not_before > app_now() + %s * interval '1 s')"
)
SHOWN_AHEAD = (
    "UPDATE outbox_inboxitem SET created_at = app_now()"
    " WHERE seen_at IS NULL AND created_at > app_now() + interval '5 s'"
)
_latest: list[datetime] = []  # the moment of the last look of this process


def sweep() -> int:
    """Deliver everything that is due, bell or no bell; returns how many were claimed.

    Raises RuntimeError inside a transaction: it would go on there as a machine, and hold the rows.
    """
    total = 0
    for name in CHANNELS:
        while claimed := _deliver(name):
            total += claimed
    return total


def catch_up() -> int:
    """Make due what waits for a moment that no notice is put off to; returns how many did.

    They were posted or put off by a clock that was set back since, and would wait until it comes round again. What was
    shown ahead of it is of now: else it would stand above every ring that follows, and nobody would hear one.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', 'on', true)")
        cursor.execute(STEPPED_BACK, [LONGEST_SECONDS])
        if cursor.rowcount:
            log.warning("the clock was set back", extra={"codes": {"notices": cursor.rowcount}})
        moved, at = cursor.rowcount, now()
        if not _latest or at < _latest[0]:  # this one walks through what is unread: not every two seconds
            cursor.execute(SHOWN_AHEAD)
        _latest[:] = [at]
        return int(moved)


def _deliver(name: str) -> int:
    try:
        return _hand_over(name, BATCH)
    except Exception:  # whatever it was, it must not hold up those it was claimed with
        log.exception("a channel failed", extra={"codes": {"channel": name}})
        return sum(takewhile(bool, (_hand_over(name, 1, put_off=True) for _number in range(BATCH))))


def _hand_over(name: str, limit: int, *, put_off: bool = False) -> int:
    """Claim and send in one transaction; what fails is left as it was, or `put_off`."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
        due = list(Notice.objects.raw(CLAIM, [MOST_ATTEMPTS, name, limit]))
        if due and put_off:
            _send_or_put_off(name, *due)
        elif due:
            CHANNELS[name](due)
    return len(due)


def _send_or_put_off(name: str, notice: Notice) -> None:
    try:
        with transaction.atomic():
            CHANNELS[name]([notice])
    except Exception:  # any failure of a channel: put off, try again, say so
        with connection.cursor() as cursor:
            cursor.execute(PUT_OFF, [LONGEST_SECONDS, notice.pk])
            (attempts,) = cursor.fetchone()
        if attempts == STUCK_AFTER:
            log.error("a notice does not go through; trying on", extra={"codes": {"channel": name}})
            with suppress(Exception), transaction.atomic():  # where nothing can be written, it is told by the log alone
                health.stuck(name)

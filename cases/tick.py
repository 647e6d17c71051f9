"""One tick: look at every clock and every unacknowledged warning whose moment has come.

A query, not a queue, so an outage only makes it late, and it says so.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.actions import drop_screening, end_campaign, escalate, import_screening, remind, resume_clock, ring_again
from cases.clocks import ClockKind, NextAct
from cases.models import Campaign, Deadline, PolicyVersion, ScreeningBatch, Warning
from cases.repeats import KEPT, quarter
from wellbeing.access.actor import Actor, identity
from wellbeing.custody.actions import end_index_keys
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
TICKER = Actor.machine("ticker")
IMPORT = Actor.machine("import")
BATCH = 200

ACTS: dict[str, Callable[[Deadline], Any]] = {
    NextAct.REMIND: lambda clock: remind(actor=TICKER, case=clock.case, deadline=clock),
    NextAct.ESCALATE: lambda clock: escalate(actor=TICKER, case=clock.case, deadline=clock),
    NextAct.RESUME: lambda clock: resume_clock(actor=TICKER, case=clock.case, kind=ClockKind(clock.kind)),
}


def tick() -> int:
    """Do what is due, each in its own transaction, the highest tier first; returns how much was done.

    One that fails is logged and does not stop the others; the next tick tries it again.
    """
    return _all(_due_clocks, lambda clock: ACTS[clock.next_act](clock)) + _all(_due_rings, _ring)


def _all(due: Callable[[set[UUID]], list[Any]], act: Callable[[Any], Any]) -> int:
    done, failed = 0, set[UUID]()
    while rows := due(failed):
        for row in rows:
            try:
                done += bool(act(row))
            except Exception:
                log.exception("what is due could not be done", extra={"codes": {"row": row.pk}})
                failed.add(row.pk)
    return done


def _due_clocks(but: set[UUID]) -> list[Deadline]:
    with identity(TICKER):
        due = Deadline.objects.filter(next_at__lte=now()).exclude(pk__in=but).select_related("case")
        return list(due.order_by("tier_rank", "next_at")[:BATCH])


def _due_rings(but: set[UUID]) -> list[Warning]:
    with identity(TICKER):
        due = Warning.objects.filter(ring_at__lte=now()).exclude(pk__in=but).select_related("case")
        return list(due.order_by("ring_at")[:BATCH])


def _ring(warning: Warning) -> int:
    rings: int = ring_again(actor=TICKER, case=warning.case, warning=warning)
    return rings


def import_waiting(seconds: float) -> int:
    """Take parts of the files that were confirmed, or whose import was killed, for about so long, the oldest file
    first; returns how many parts. One that fails is logged and does not stop the others."""
    until, parts = time.monotonic() + seconds, 0
    with identity(IMPORT):
        waiting = list(ScreeningBatch.objects.filter(state="running").order_by("staged_at"))
    for batch in waiting:
        try:
            while batch.state == "running" and time.monotonic() < until:
                batch = import_screening(actor=IMPORT, batch=batch)
                parts += 1
        except Exception:
            log.exception("a part of a screening could not be taken", extra={"codes": {"batch": batch.pk}})
    return parts


def drop_forgotten() -> int:
    """Destroy the screening files that nobody confirmed within policy's time; returns how many."""
    with identity(IMPORT):
        until = now() - timedelta(hours=PolicyVersion.current().policy().screening_wait_hours)
        old = list(ScreeningBatch.objects.filter(state="staged", staged_at__lte=until).values_list("pk", flat=True))
    for pk in old:
        drop_screening(actor=IMPORT, batch_id=pk)
    return len(old)


def end_old_indexes() -> int:
    """Destroy the keys by which repeated calls are found once two quarters have passed; returns how many."""
    with identity(TICKER):
        last = quarter(now() - KEPT)
    ended: int = end_index_keys(actor=TICKER, before=last)
    return ended


def end_campaigns() -> int:
    """End the campaigns whose last day is over; returns how many ended."""
    with identity(IMPORT):
        today = now().date()
        over = list(Campaign.objects.filter(ended_at=None, last__lt=today).values_list("pk", flat=True))
    for pk in over:
        end_campaign(actor=IMPORT, campaign_id=pk)
    return len(over)

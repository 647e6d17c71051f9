"""Look ahead: every desk that keeps a rota is told of a gap a day before it begins. Called by the ticker."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.errors import WrongState
from wellbeing.outbox.models import Notice
from wellbeing.rota.actions import warn_gap
from wellbeing.rota.actions.warn_gap import KIND, gap_key, gap_of
from wellbeing.rota.duty import gaps_of
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
AHEAD = timedelta(hours=24)  # policy default
# A gap that runs is known by when it began. One that began earlier than this is told of anew every day.
BACK = timedelta(days=14)
Gap = tuple[int, datetime]  # a desk, and when its gap begins


def warn_gaps() -> int:
    """Post a notice for every gap that nobody was told of, or that had closed since; returns how many. Each in its own
    transaction."""
    told = 0
    untold, closed = _looked()
    for desk_id, starts_at, gone in [*((*gap, False) for gap in untold), *((*gap, True) for gap in closed)]:
        try:
            warn_gap(actor=TICKER, desk_id=desk_id, starts_at=starts_at, closed=gone)
            told += not gone
        except WrongState:  # another ticker was faster
            continue
        except Exception:
            log.exception("a desk could not be told of a gap", extra={"codes": {"desk": desk_id}})
    return told


def _looked() -> tuple[list[Gap], list[Gap]]:
    """The gaps that nobody was told of, and those to come that somebody was told of and that are none any more."""
    with identity(TICKER):
        at = now()
        edge = at - BACK
        midnight = datetime.combine(at.date(), time(), at.tzinfo)
        found = {
            gap_key(desk_id, start): (desk_id, start)
            for desk_id, gaps in gaps_of(edge, at + AHEAD).items()
            for start, end in ((midnight if begins == edge else begins, end) for begins, end in gaps)
            if end > at
        }
        told = set(Notice.objects.filter(dedupe_key__in=list(found)).values_list("dedupe_key", flat=True))
        lately = Notice.objects.filter(kind=KIND, created_at__gt=at - 2 * AHEAD).exclude(dedupe_key__in=list(found))
        gone = [gap for key in lately.values_list("dedupe_key", flat=True) if (gap := gap_of(key)) and gap[1] > at]
    return [gap for key, gap in found.items() if key not in told], gone

"""The lists of the exchange's calls: what rings and runs now, and what has ended, by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from wellbeing.exchange.models import Ring
from wellbeing.exchange.seats import with_takers
from wellbeing.workdays import now

PAGE = 25


@dataclass(frozen=True, slots=True)
class Today:
    """Counts of the last 24 hours; `wait_s` is the median of those answered, None without any."""

    offered: int
    answered: int
    abandoned: int
    unlogged: int
    wait_s: int | None


def running() -> list[Ring]:
    """What rings or is spoken now, who waits longest first. Row-level security says at which hotline; `taken_by`
    says who sits at the seat."""
    rows = Ring.objects.filter(~Ring.over(now()))
    return list(with_takers(rows).order_by("answered_at", "offered_at"))


def ended(*, all_of_them: bool, before: UUID | None = None, limit: int = PAGE) -> list[Ring]:
    """Calls that are over, the newest first, older than `before`: those that nobody logged, or all."""
    which = Ring.over(now()) if all_of_them else Ring.unlogged(now())
    rows = with_takers(Ring.objects.filter(which).select_related("settled_by"))
    last = Ring.objects.filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(Q(offered_at__lt=last.offered_at) | Q(offered_at=last.offered_at, pk__lt=last.pk))
    return list(rows.order_by("-offered_at", "-pk")[:limit])


def today() -> Today:
    """Counts of the calls of the last 24 hours."""
    at = now()
    over = ExpressionWrapper(Ring.over(at), output_field=BooleanField())
    unlogged = ExpressionWrapper(Ring.unlogged(at), output_field=BooleanField())
    rows = Ring.objects.filter(offered_at__gt=at - timedelta(days=1)).annotate(is_over=over, is_open=unlogged)
    moments = list(rows.values_list("offered_at", "answered_at", "is_over", "is_open"))
    waits = [int((answered - offered).total_seconds()) for offered, answered, _o, _u in moments if answered]
    return Today(
        offered=len(moments),
        answered=len(waits),
        abandoned=sum(ended and answered is None for _o, answered, ended, _u in moments),
        unlogged=sum(open_still for _o, _a, _e, open_still in moments),
        wait_s=int(median(waits)) if waits else None,
    )

"""The lists of the exchange's calls: what rings and runs now, and what has ended, by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.dates import WEEKDAYS

from wellbeing.exchange.models import Ring
from wellbeing.exchange.seats import with_takers
from wellbeing.workdays import TIMEZONE, now

PAGE = 25
ENOUGH = 1_000  # unlogged calls that are counted


@dataclass(frozen=True, slots=True)
class Today:
    """Counts of the last 24 hours, but for `unlogged`: of all that nobody has logged, however old, ENOUGH at most.
    `wait_s` is the median of those answered, None without any."""

    offered: int
    answered: int
    abandoned: int
    unlogged: int
    wait_s: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """The calls of one hour, weekday or line: how many rang, how many were answered and what share of them in per cent,
    and the median wait of those in seconds; None where there is none."""

    of: str
    offered: int
    answered: int
    share: int | None
    wait_s: int | None


def heard(days: int) -> dict[str, list[Heard]]:
    """What rang within so many days and has ended, by `hours`, `weekdays` and `lines`. Row-level security says at which
    hotline: her own desk's figures, which leave it only rounded (wellbeing/reports). One query."""
    rows = Ring.objects.filter(offered_at__gt=now() - timedelta(days=days), ended_at__isnull=False)
    found: dict[str, dict[Any, list[tuple[datetime, datetime | None]]]] = {"hours": {}, "weekdays": {}, "lines": {}}
    for line, offered, answered in rows.values_list("line", "offered_at", "answered_at"):
        local = offered.astimezone(TIMEZONE)
        for kind, of in (("hours", local.hour), ("weekdays", local.weekday()), ("lines", line)):
            found[kind].setdefault(of, []).append((offered, answered))
    said = {"hours": lambda of: f"{of}:00", "weekdays": lambda of: str(WEEKDAYS[of]), "lines": lambda of: of or "–"}
    return {kind: [_heard(said[kind](of), calls[of]) for of in sorted(calls)] for kind, calls in found.items()}


def _heard(of: str, calls: Sequence[tuple[datetime, datetime | None]]) -> Heard:
    waits = [int((answered - offered).total_seconds()) for offered, answered in calls if answered]
    share = round(100 * len(waits) / len(calls)) if calls else None
    return Heard(of, len(calls), len(waits), share, int(median(waits)) if waits else None)


def running() -> list[Ring]:
    """What rings or is spoken now, who waits longest first. Row-level security says at which hotline; `taken_by`
    and `taker` say who sits at the seat."""
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
    """Counts of the calls of the last 24 hours, and of all that are not logged."""
    at = now()
    over = ExpressionWrapper(Ring.over(at), output_field=BooleanField())
    rows = Ring.objects.filter(offered_at__gt=at - timedelta(days=1)).annotate(is_over=over)
    moments = list(rows.values_list("offered_at", "answered_at", "is_over"))
    waits = [int((answered - offered).total_seconds()) for offered, answered, _over in moments if answered]
    return Today(
        offered=len(moments),
        answered=len(waits),
        abandoned=sum(ended and answered is None for _offered, answered, ended in moments),
        unlogged=Ring.objects.filter(Ring.unlogged(at))[:ENOUGH].count(),
        wait_s=int(median(waits)) if waits else None,
    )

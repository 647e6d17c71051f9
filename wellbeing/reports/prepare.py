"""Keep the prepared figures up to date: today's so far, every day that is missing, every month that is over.

Called by the ticker and by `manage.py prepare_figures`. An outage makes it late and nothing else: the next call
catches up.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from cases.ballot_access import closed_boxes
from wellbeing.access.actor import identity
from wellbeing.access.machines import BALLOTS, TICKER
from wellbeing.errors import WrongState
from wellbeing.outbox import health
from wellbeing.reports import signing
from wellbeing.reports.actions import count_ballots, prepare_day, publish_month, write_platform_file
from wellbeing.reports.counting import bounds, first_day
from wellbeing.reports.models import FigureDay, MonthFigure
from wellbeing.reports.months import month_of, next_month
from wellbeing.reports.platform import Refused
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
AGAIN = timedelta(days=31)  # days so young are counted again once a day: what is entered late is found
GRACE = timedelta(days=3)  # after its end, a month is published: late entries still come into it
MOST = 40  # days of one call, so that the ticker's other work does not wait; the next call goes on


def prepare(*, since: date | None = None, most: int = MOST) -> int:
    """Count what is due, then publish what is over; returns how many days were counted. `since` counts every day
    from there on again."""
    days = _due(since)
    for day in days[:most]:
        prepare_day(actor=TICKER, day=day)
    if len(days) <= most:
        _publish()
    return min(len(days), most)


def keep_up() -> None:
    """The same, for the ticker: what fails is logged, and nothing else of the ticker's work waits for it."""
    try:
        prepare()
    except Exception:
        log.exception("figures could not be counted; trying again")
    try:
        empty_boxes()
    except Exception:
        log.exception("ballots could not be counted; trying again")
    try:
        hand_over()
    except Exception:
        log.exception("the data platform's file was refused; trying again")


def empty_boxes() -> int:
    """Count the ballot boxes that are closed, each once, after everything else of its month is published; how many.
    What was counted is not there any more, so an outage makes it late and a second call finds nothing."""
    with identity(BALLOTS):
        published = MonthFigure.objects.order_by("-month").values_list("month", flat=True).first()
        closed = [month for month in closed_boxes() if published and month <= published]
    for month in closed:
        count_ballots(actor=BALLOTS, month=month)
    return len(closed)


def hand_over() -> None:
    """Yesterday's file for the data platform, once, where a folder is named for it. That it was refused, and why, then
    stands on /health/ and before the administrators until one is written."""
    folder, day = settings.PLATFORM_FOLDER, now().date() - timedelta(days=1)
    if not folder:
        return
    try:
        if not (Path(folder) / day.isoformat()).exists():
            key = signing.private_key(settings.PLATFORM_KEY_FILE)
            write_platform_file(actor=TICKER, day=day, folder=Path(folder), sign_with=key)
    except Exception as refused:
        with identity(TICKER):
            health.failed(health.PLATFORM, str(refused) if isinstance(refused, Refused) else type(refused).__name__)
        raise
    with identity(TICKER):
        health.worked(health.PLATFORM)


def _due(since: date | None) -> list[date]:
    with identity(TICKER):
        at = now()
        first = since or first_day()
        if first is None:
            return []
        counted = dict(FigureDay.objects.filter(day__gte=first).values_list("day", "counted_at"))
    today = at.date()
    every = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return [day for day in every if since or day == today or _stale(day, counted.get(day), at)]


def _stale(day: date, counted_at: datetime | None, at: datetime) -> bool:
    if counted_at is None or counted_at < bounds(day)[1]:
        return True
    return day >= at.date() - AGAIN and counted_at < bounds(at.date())[0]


def _publish() -> None:
    """Each month that is over and past its grace, the oldest first."""
    with identity(TICKER):
        latest = MonthFigure.objects.order_by("-month").values_list("month", flat=True).first()
        first = FigureDay.objects.order_by("day").values_list("day", flat=True).first()
        today = now().date()
    month = next_month(latest) if latest else month_of(first) if first else None
    while month is not None and next_month(month) + GRACE <= today:
        try:
            publish_month(actor=TICKER, month=month)
        except WrongState:  # another ticker was faster
            return
        month = next_month(month)

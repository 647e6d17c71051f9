"""Time: the database's clock, school days and working-hour sums. The only caller of now().

The calendar is our own table (State Council notices on the holidays of 2024, 2025 and 2026). A year that is not in it
falls back to Monday to Friday, and `calendar_known` lets the page say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Shanghai")
_moment: ContextVar[list[datetime] | None] = ContextVar("moment", default=None)

# Holidays as (first day, last day); make-up days are weekend days on which people work.
HOLIDAYS: dict[int, tuple[tuple[str, str], ...]] = {
    2024: (
        ("01-01", "01-01"),
        ("02-10", "02-17"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-10", "06-10"),
        ("09-15", "09-17"),
        ("10-01", "10-07"),
    ),
    2025: (
        ("01-01", "01-01"),
        ("01-28", "02-04"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("05-31", "06-02"),
        ("10-01", "10-08"),
    ),
    2026: (
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ),
}
MAKE_UP: dict[int, tuple[str, ...]] = {
    2024: ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}


def now() -> datetime:
    """The database's clock, aware, in Asia/Shanghai: one clock for every process, and tests can move it."""
    from django.db import connection  # imported here: everything else in this module is pure

    kept = _moment.get()
    if kept:
        return kept[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        moment: datetime = cursor.fetchone()[0].astimezone(TIMEZONE)
    if kept is not None:
        kept.append(moment)
    return moment


@contextmanager
def one_moment(moment: datetime | None = None) -> Iterator[None]:
    """Ask the clock once in here, or not at all where its `moment` is known: for the database, too, time stands still
    within a transaction."""
    if _moment.get() is not None:
        yield
        return
    token = _moment.set([moment.astimezone(TIMEZONE)] if moment else [])
    try:
        yield
    finally:
        _moment.reset(token)


def calendar_known(year: int) -> bool:
    """Whether the official calendar of a year is in the table."""
    return year in HOLIDAYS


@cache
def _days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    off: set[date] = set()
    for first, last in HOLIDAYS.get(year, ()):
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
        while day <= end:
            off.add(day)
            day += timedelta(days=1)
    return frozenset(off), frozenset(date.fromisoformat(f"{year}-{day}") for day in MAKE_UP.get(year, ()))


def is_workday(day: date) -> bool:
    """Whether people work on a day: Monday to Friday unless a holiday, and the make-up days."""
    off, made_up = _days(day.year)
    return day in made_up or (day.weekday() < 5 and day not in off)


def add_workdays(moment: datetime, days: int) -> datetime:
    """The same time of day, `days` working days later; a moment on a free day counts from the next working day."""
    local = moment.astimezone(TIMEZONE)
    while days > 0:
        local += timedelta(days=1)
        if is_workday(local.date()):
            days -= 1
    return local

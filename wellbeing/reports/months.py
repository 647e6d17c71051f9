"""Months as their first days. Pure."""

from datetime import date, timedelta


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def back(month: date, months: int) -> date:
    """The month so many before."""
    years, place = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, place + 1, 1)


def last(month: date, months: int) -> list[date]:
    """So many months, up to and with this one, the oldest first."""
    return [back(month, ago) for ago in range(months - 1, -1, -1)]

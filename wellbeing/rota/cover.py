"""When somebody is on duty and when nobody is. Pure: spans are half-open, [start, end), of aware datetimes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in the fewest spans, in order; those that touch become one, empty ones vanish."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def gaps(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The stretches of [start, end) that no span covers, in order."""
    found: list[Span] = []
    at = start
    for begins, ends in merged(spans):
        if begins >= end:
            break
        if begins > at:
            found.append((at, begins))
        at = max(at, ends)
    if at < end:
        found.append((at, end))
    return found


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a moment; those that only touch do not."""
    return one[0] < other[1] and other[0] < one[1]


def by_day(span: Span, zone: tzinfo) -> list[Span]:
    """A span cut at every midnight of a zone."""
    found, (at, end) = [], span
    while at < end:
        midnight = datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone)
        found.append((at, min(midnight, end)))
        at = midnight
    return found

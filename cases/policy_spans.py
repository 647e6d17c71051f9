"""How long spans and periods are, at least and at most. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.policy import MINUTES

_DAY = 1440
_YEAR = 366


def longest(span: Mapping[str, int]) -> int:
    """Minutes that a span takes at most: working days wait over the longest holidays, months have 31 days."""
    unit, number = next(iter(span.items()))
    if unit == "workdays":
        return (number * 3 // 2 + 13) * _DAY
    return 31 * _DAY * number if unit == "months" else MINUTES[unit] * number


def shortest(span: Mapping[str, int]) -> int:
    """Minutes that a span takes at least."""
    unit, number = next(iter(span.items()))
    return 28 * _DAY * number if unit == "months" else MINUTES[unit] * number


def never_later(sooner: Mapping[str, int], later: Mapping[str, int]) -> bool:
    """Whether one span never ends after another that starts with it, whatever the day."""
    if set(sooner) == set(later):
        return next(iter(sooner.values())) <= next(iter(later.values()))
    return longest(sooner) <= shortest(later)


def day_of_year(text: Any) -> int | None:
    """The place of MM-DD in a leap year, from 0; None for what is no day."""
    if not isinstance(text, str) or not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(f"2024-{text}").timetuple().tm_yday - 1
    except ValueError:
        return None


def days_between(first: int, last: int) -> set[int]:
    """The days of the year from one to another, both counted, over the turn of the year where it must be."""
    return {(first + ahead) % _YEAR for ahead in range((last - first) % _YEAR + 1)}

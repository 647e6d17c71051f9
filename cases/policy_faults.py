"""What makes a policy unusable. Pure; every fault names the field it stands in and says why.

Source: DOMAIN.md, Tiers and Rules of the workflow; PRACTICE.md 2. Asked before a version is made, and by the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from cases.policy import TIERS, Policy
from cases.policy_fields import (
    BELOW,
    LAST_STEP,
    NAMES,
    NEVER_PAUSED,
    PERIOD_PARTS,
    PERIOD_ROWS,
    RED_AT_MOST,
    SERIES_ROWS,
    SERIES_UNITS,
    UNITS,
    WITH_RED,
    Shape,
    choices,
    limits,
    needed,
    shape,
)
from cases.policy_spans import day_of_year, days_between, longest, never_later
from wellbeing.translatable import _

LONGEST = timedelta(days=731)
LONGEST_PERIOD = 183  # days; a longer one has its ends exchanged


class Fault(StrEnum):
    """What can be wrong with a policy."""

    UNREADABLE = "unreadable"
    GAP = "gap"
    GAP_ABOVE = "gap_above"
    ORDER = "order"
    UNIT = "unit"
    LENGTH = "length"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    REPEATED = "repeated"
    LOOP = "loop"
    LAST = "last"
    RED_MISSING = "red_missing"
    RED_LATE = "red_late"
    NEVER_PAUSED = "never_paused"
    RANGE = "range"
    CUT_OFFS = "cut_offs"
    STAY_ORDER = "stay_order"
    NOT_RISING = "not_rising"
    TOO_MANY = "too_many"
    PERIOD_NAME = "period_name"
    PERIOD_DAY = "period_day"
    PERIOD_INVERTED = "period_inverted"
    PERIOD_OVERLAP = "period_overlap"
    PAST = "past"
    FAR = "far"


FAULT_TEXT: dict[str, str] = {
    Fault.UNREADABLE: _("This value cannot be read."),
    Fault.GAP: _("This tier has no time: nothing would remind anybody."),
    Fault.GAP_ABOVE: _("A less urgent tier has a time here, so this one needs one too."),
    Fault.ORDER: _("A more urgent tier may not have longer than the next one, not even over a holiday."),
    Fault.UNIT: _("Give one number with one unit."),
    Fault.LENGTH: _("A time is longer than nothing and at most two years."),
    Fault.EMPTY: _("At least one is needed."),
    Fault.UNKNOWN: _("This is not known here."),
    Fault.REPEATED: _("This stands here twice."),
    Fault.LOOP: _("This level stands here twice: the ladder would turn in a circle."),
    Fault.LAST: _("The last level is the bureau's duty leader: somebody must always be left to tell."),
    Fault.RED_MISSING: _("Red must be among them."),
    Fault.RED_LATE: _("At red this takes at most %(high)s minutes."),
    Fault.NEVER_PAUSED: _(
        "An acknowledgement never pauses, nor does telling somebody at once or asking whether those at sea are safe."
    ),
    Fault.RANGE: _("Give a whole number from %(low)s to %(high)s."),
    Fault.CUT_OFFS: _("This cut-off must be lower than the one of the tier above, %(high)s."),
    Fault.STAY_ORDER: _("A less urgent tier may not have to be kept longer than the one above it."),
    Fault.NOT_RISING: _("Each one comes later than the one before, also in a short month."),
    Fault.TOO_MANY: _("At most %(high)s."),
    Fault.PERIOD_NAME: _("Give the period a name of at most 40 letters."),
    Fault.PERIOD_DAY: _("Give month and day, for example 02-15."),
    Fault.PERIOD_INVERTED: _("This period would end before it begins."),
    Fault.PERIOD_OVERLAP: _("This period overlaps another one."),
    Fault.PAST: _("A policy cannot take effect in the past."),
    Fault.FAR: _("A policy takes effect within two years."),
}


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One fault: its code, the field or cell it stands in (`acknowledge-red`, `ladder-1`), and numbers of its text."""

    code: Fault
    where: str
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The English text, with places for `values`."""
        return FAULT_TEXT[self.code]


def faults(
    policy: Policy, *, effective_from: datetime | None = None, at: datetime | None = None
) -> tuple[PolicyFault, ...]:
    """Everything that forbids a policy, in the order of its fields; empty when it may take effect.

    With `at` (now) also a beginning in the past or too far ahead; no `effective_from` means at once.
    """
    found = [one for name in NAMES for one in _CHECKS[shape(name)](name, getattr(policy, name))]
    found += [one for low, high in BELOW for one in _cut_offs(policy, low, high)]
    if effective_from is not None and at is not None:
        if effective_from < at:
            found.append(PolicyFault(Fault.PAST, "effective_from"))
        elif effective_from > at + LONGEST:
            found.append(PolicyFault(Fault.FAR, "effective_from"))
    return tuple(found)


def _spans(name: str, table: Any) -> Iterator[PolicyFault]:
    """Every tier with a time, and none longer than the next less urgent one."""
    if not isinstance(table, Mapping):
        yield PolicyFault(Fault.UNREADABLE, name)
        return
    yield from (PolicyFault(Fault.UNKNOWN, name) for tier in table if tier not in TIERS)
    sound = {}
    for tier in TIERS:
        span = table.get(tier)
        if span is None:
            if needed(name, tier):
                yield PolicyFault(Fault.GAP, f"{name}-{tier}")
            elif any(table.get(lower) is not None for lower in TIERS[TIERS.index(tier) :]):
                yield PolicyFault(Fault.GAP_ABOVE, f"{name}-{tier}")
            continue
        wrong = list(_span(f"{name}-{tier}", span, UNITS))
        yield from wrong
        if not wrong:
            sound[tier] = span
    for upper, lower in pairwise(sound):
        if not never_later(sound[upper], sound[lower]):
            yield PolicyFault(Fault.ORDER, f"{name}-{upper}")
    if name in RED_AT_MOST and "red" in sound and longest(sound["red"]) > RED_AT_MOST[name]:
        yield PolicyFault(Fault.RED_LATE, f"{name}-red", {"high": RED_AT_MOST[name]})


def _span(where: str, span: Any, units: Sequence[str]) -> Iterator[PolicyFault]:
    if not isinstance(span, Mapping) or len(span) != 1 or next(iter(span)) not in units:
        yield PolicyFault(Fault.UNIT, where)
        return
    number = next(iter(span.values()))
    if not _whole(number):
        yield PolicyFault(Fault.UNIT, where)
    elif number <= 0 or longest(span) > LONGEST / timedelta(minutes=1):
        yield PolicyFault(Fault.LENGTH, where)


def _hours(name: str, table: Any) -> Iterator[PolicyFault]:
    """A number per tier that does not rise from orange down; red is apart, it is left as soon as it is safe."""
    if not isinstance(table, Mapping):
        yield PolicyFault(Fault.UNREADABLE, name)
        return
    yield from (PolicyFault(Fault.UNKNOWN, name) for tier in table if tier not in TIERS)
    sound = {}
    for tier in TIERS:
        wrong = list(_number(f"{name}-{tier}", table.get(tier), limits(name)))
        yield from wrong
        if not wrong:
            sound[tier] = table[tier]
    if sound.get("red") == 0:
        yield PolicyFault(Fault.RANGE, f"{name}-red", {"low": 1, "high": limits(name)[1]})
    for upper, lower in pairwise(TIERS[1:]):
        if upper in sound and lower in sound and sound[lower] > sound[upper]:
            yield PolicyFault(Fault.STAY_ORDER, f"{name}-{lower}")


def _number(where: str, value: Any, bounds: tuple[int, int] | None = None) -> Iterator[PolicyFault]:
    low, high = bounds or limits(where)
    if not _whole(value) or not low <= value <= high:
        yield PolicyFault(Fault.RANGE, where, {"low": low, "high": high})


def _switch(name: str, value: Any) -> Iterator[PolicyFault]:
    if not isinstance(value, bool):
        yield PolicyFault(Fault.UNREADABLE, name)


def _series(name: str, rows: Any) -> Iterator[PolicyFault]:
    """Times that rise: the next is later than the one before, whatever the month."""
    if not _rows(rows):
        yield PolicyFault(Fault.UNREADABLE, name)
        return
    yield from _amount(name, rows, SERIES_ROWS)
    sound = []
    for place, span in enumerate(rows):
        wrong = list(_span(f"{name}-{place}", span, SERIES_UNITS))
        yield from wrong
        if not wrong:
            sound.append((place, span))
    for (_place, before), (place, span) in pairwise(sound):
        if not never_later(before, span) or dict(before) == dict(span):
            yield PolicyFault(Fault.NOT_RISING, f"{name}-{place}")


def _codes(name: str, rows: Any) -> Iterator[PolicyFault]:
    """Known codes, none twice, and what must not be missing."""
    if not _rows(rows):
        yield PolicyFault(Fault.UNREADABLE, name)
        return
    known, ordered = choices(name), shape(name) == Shape.ORDER
    yield from _amount(name, rows, len(known)) if ordered else ()
    for place, code in enumerate(rows):
        where = f"{name}-{place}" if ordered else name
        if name == "pausable" and code in NEVER_PAUSED:
            yield PolicyFault(Fault.NEVER_PAUSED, where)
        elif code not in known:
            yield PolicyFault(Fault.UNKNOWN, where)
        elif code in rows[:place]:
            yield PolicyFault(Fault.LOOP if name == "ladder" else Fault.REPEATED, where)
    if name == "ladder" and rows and rows[-1] != LAST_STEP:
        yield PolicyFault(Fault.LAST, f"{name}-{len(rows) - 1}")
    if name in WITH_RED and "red" not in rows:
        yield PolicyFault(Fault.RED_MISSING, name)


def _periods(name: str, rows: Any) -> Iterator[PolicyFault]:
    """Named spans of days; one may run over the turn of the year, none over another."""
    if not _rows(rows) or not all(isinstance(row, Mapping) for row in rows):
        yield PolicyFault(Fault.UNREADABLE, name)
        return
    if len(rows) > PERIOD_ROWS:
        yield PolicyFault(Fault.TOO_MANY, name, {"high": PERIOD_ROWS})
    taken: set[int] = set()
    for place, row in enumerate(rows):
        where = f"{name}-{place}"
        if set(row) - set(PERIOD_PARTS):
            yield PolicyFault(Fault.UNKNOWN, f"{where}-name")
        words = [row.get("name"), row.get("name_en", "")]
        if not all(isinstance(word, str) and len(word) <= 40 for word in words) or not row["name"].strip():
            yield PolicyFault(Fault.PERIOD_NAME, f"{where}-name")
        first, last = day_of_year(row.get("first")), day_of_year(row.get("last"))
        ends = {"first": first, "last": last}
        yield from (PolicyFault(Fault.PERIOD_DAY, f"{where}-{part}") for part in ends if ends[part] is None)
        if first is None or last is None:
            continue
        days = days_between(first, last)
        if len(days) > LONGEST_PERIOD:
            yield PolicyFault(Fault.PERIOD_INVERTED, f"{where}-last")
        elif days & taken:
            yield PolicyFault(Fault.PERIOD_OVERLAP, f"{where}-first")
        taken |= days


def _cut_offs(policy: Policy, low: str, high: str) -> Iterator[PolicyFault]:
    lower, higher = getattr(policy, low), getattr(policy, high)
    if _whole(lower) and _whole(higher) and lower >= higher:
        yield PolicyFault(Fault.CUT_OFFS, low, {"high": higher})


def _amount(name: str, rows: Sequence[Any], most: int) -> Iterator[PolicyFault]:
    if not rows:
        yield PolicyFault(Fault.EMPTY, name)
    elif len(rows) > most:
        yield PolicyFault(Fault.TOO_MANY, name, {"high": most})


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


_CHECKS: dict[Shape, Callable[[str, Any], Iterator[PolicyFault]]] = {
    Shape.SPANS: _spans,
    Shape.HOURS: _hours,
    Shape.SERIES: _series,
    Shape.ORDER: _codes,
    Shape.CHOICE: _codes,
    Shape.PERIODS: _periods,
    Shape.NUMBER: _number,
    Shape.SWITCH: _switch,
}

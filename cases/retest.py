"""Change between two answers of one student: is it more than the instrument's own unsteadiness? Pure.

N. S. Jacobson & P. Truax, "Clinical significance: a statistical approach to defining meaningful change in
psychotherapy research", J. Consult. Clin. Psychol. 59 (1991) 12-19: the difference divided by its standard error,
s · √2 · √(1 − r); beyond ±1.96 it is reliable (95 %).

PRACTICE.md 5 gives no reliability. Spread and reliability (Cronbach's α) of PHQ-9, GAD-7 and PSS-10 are those of 223
students (data set psychological-aspects-and-bmi, MIT), worked out from their answers; they ask for changes of 6, 4 and
8 points, and 6 and 4 are also what the manual of NHS Talking Therapies uses. PHQ-A takes those of PHQ-9, of which it
has the items (policy default). Of K10 a spread is published (9.2, PRACTICE.md 5.1) and no reliability we know of:
no index is shown, and so for every other instrument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import floor, sqrt

RELIABLE = 1.96


@dataclass(frozen=True, slots=True)
class Norm:
    """Standard deviation of the total in a group like ours, and the reliability of the instrument, above 0, below 1."""

    spread: float
    reliability: float

    @property
    def error(self) -> float:
        """The standard error of a difference between two totals of one person."""
        return self.spread * sqrt(2) * sqrt(1 - self.reliability)

    @property
    def least(self) -> int:
        """The smallest change in whole points that is reliable."""
        return floor(RELIABLE * self.error) + 1


PHQ = Norm(6.17, 0.905)
NORMS = {"phq9": PHQ, "phqa": PHQ, "gad7": Norm(5.41, 0.944), "pss10": Norm(7.00, 0.834)}


class Change(StrEnum):
    """What a difference says. All these instruments count burdens: less is better."""

    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"  # no more than the instrument's own unsteadiness
    UNKNOWN = "unknown"  # a total is missing, or nothing is known of the instrument


def index(before: float, after: float, norm: Norm) -> float:
    """The reliable change index: above 0 where the total has grown."""
    return (after - before) / norm.error


def change(before: float | None, after: float | None, norm: Norm | None) -> Change:
    """What the difference of two totals says."""
    if before is None or after is None or norm is None:
        return Change.UNKNOWN
    found = index(before, after, norm)
    return Change.STEADY if abs(found) <= RELIABLE else Change.WORSE if found > 0 else Change.BETTER


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer: its day, total (none where incomplete) and band."""

    day: date
    total: float | None
    band: str


@dataclass(frozen=True, slots=True)
class Step:
    """One answer beside the complete one before it: the difference, its index where there is one, and what it says."""

    it: Measured
    difference: float | None = None
    index: float | None = None
    change: Change | None = None  # none of the first


def steps(answers: Sequence[Measured], norm: Norm | None) -> list[Step]:
    """The answers of one instrument by day, each beside the last complete one before it."""
    found: list[Step] = []
    last: Measured | None = None
    for one in sorted(answers, key=lambda measured: measured.day):
        if last is None or one.total is None or last.total is None:
            found.append(Step(one, change=Change.UNKNOWN if last else None))
        else:
            moved = one.total - last.total
            known = None if norm is None else index(last.total, one.total, norm)
            found.append(Step(one, moved, known, change(last.total, one.total, norm)))
        last = one if one.total is not None else last
    return found


def overall(answers: Sequence[Measured], norm: Norm | None) -> Change | None:
    """What lies between the first and the last complete answer; none of fewer than two."""
    complete = sorted((one for one in answers if one.total is not None), key=lambda measured: measured.day)
    if len(complete) < 2:
        return None
    return change(complete[0].total, complete[-1].total, norm)

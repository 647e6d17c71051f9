"""What the screenings of a school come to: bands, flagged students and means per grade and term, as a page may show
them. Pure.

Counts under five are hidden, and with them every sum and share that would give one away (wellbeing/suppression.py). A
mean is shown of twenty or more. Change is that of a year group: this term's eighth grade beside the seventh of the term
before, where a school year lies between. They are the same classes and not quite the same students: pairing them would
ask for answers that nobody may open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cases.instruments.instrument import INCOMPLETE
from wellbeing.suppression import SMALL, shown, shown_sum

ENOUGH = 20  # students that a mean or a share is shown of at least
EVERY = -1  # all grades together


@dataclass(frozen=True, slots=True)
class Tallied:
    """One line of what the import counted: see ScreeningTally."""

    term: str
    grade: int
    instrument: str
    band: str
    students: int
    points: int


@dataclass(slots=True)
class Group:
    """Students of one grade in one term, for one instrument (or, without one, by tier)."""

    bands: Counter[str] = field(default_factory=Counter)
    points: int = 0

    @property
    def students(self) -> int:
        return sum(self.bands.values())

    @property
    def scored(self) -> int:
        return self.students - self.bands[INCOMPLETE]

    @property
    def mean(self) -> float | None:
        """The mean total; none of fewer than `ENOUGH`."""
        return self.points / self.scored if self.scored >= ENOUGH else None


Groups = Mapping[tuple[str, str, int], Group]  # (instrument, term, grade)


def groups(rows: Iterable[Tallied]) -> Groups:
    """The lines put together, each grade by itself and all of them (`EVERY`)."""
    found: dict[tuple[str, str, int], Group] = {}
    for row in rows:
        for grade in (row.grade, EVERY):
            group = found.setdefault((row.instrument, row.term, grade), Group())
            group.bands[row.band] += row.students
            group.points += row.points
    return found


def terms_of(found: Groups) -> list[str]:
    """The terms that hold anything, the newest first."""
    return sorted({term for _code, term, _grade in found}, reverse=True)


def before(term: str, grade: int) -> tuple[str, int]:
    """The term before, and the grade in which the year group was then."""
    year, part = term.split("-")
    if part == "2":
        return f"{year}-1", grade
    return f"{int(year) - 1}-2", grade if grade in (0, EVERY) else grade - 1


def change_of_mean(found: Groups, code: str, term: str, grade: int) -> float | None:
    """This term's mean of a year group, less that of the last term in which it was asked, up to two school years back;
    none where one of them is of too few."""
    now = found.get((code, term, grade), Group()).mean
    if now is None:
        return None
    for _back in range(4):
        term, grade = before(term, grade)
        if (then := found.get((code, term, grade))) is not None:
            return None if then.mean is None else now - then.mean
    return None


def cells(group: Group, bands: Sequence[str]) -> list[str]:
    """The counts of one row, and last their sum as far as it gives none away."""
    counts = [group.bands[band] for band in bands]
    return [*map(shown, counts), shown_sum(counts)]


def share_text(part: int, whole: int) -> str:
    """A share in per cent that reveals no count under five; a dash of fewer than `ENOUGH`."""
    if whole < ENOUGH:
        return "–"
    edge = -(-100 * SMALL // whole)  # what five of them would be, rounded up
    if 0 < part < SMALL:
        return f"<{edge} %"
    if 0 < whole - part < SMALL:
        return f">{100 - edge} %"
    return f"{round(100 * part / whole)} %"


def mean_text(value: float | None, *, signed: bool = False) -> str:
    """A mean or a difference with one decimal; a dash for none."""
    return "–" if value is None else f"{value:+.1f}".replace("-", "−") if signed else f"{value:.1f}"

"""The kinds of what is counted: a table of events, a spread of lengths, an indicator made of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from wellbeing.reports import formulas
from wellbeing.suppression import LEAST

MEANS = ("mark", "points")  # units of a mean of ratings, already coarse
CLASSED = ("seconds", "minutes", "within_hours", "days")  # units of what is told in classes


@dataclass(frozen=True, slots=True)
class Table:
    """One set of events in cells; the order of `cells` is the order of rounding: neighbours add up best.

    What is `plain` counts acts of an office, which tell of nobody: it is published as it is. What is `reported` comes
    from a machine outside that may be silent: a month that was published as nothing is read as not known."""

    code: str
    cells: tuple[str, ...]
    plain: bool = False
    reported: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(f"{self.code}.{cell}" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Again:
    """The calls sorted once more, over the whole city. `groups` says which of its cells hold the same events as which
    cells of the table of calls: each group is rounded to the sum that those were published with, so that a world of
    fives exists in which both are as they are published (wellbeing/suppression.py)."""

    code: str
    cells: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(f"{self.code}.{cell}" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths in classes up to and with each of `tops`; longer ones are beyond. `months` that one median is of."""

    code: str
    tops: tuple[int, ...]
    months: int = 1

    def measure(self, length: int) -> str:
        """The class of a length."""
        top = next((top for top in self.tops if length <= top), None)
        return f"{self.code}:{top if top is not None else 'beyond'}"


ENOUGH = 20  # lengths that a median or ninth decile is read from at least


def rank(spread: Spread, counts: Mapping[str, int], part: Fraction) -> int | None:
    """The class (its top) of the length at nearest rank; None of fewer than `ENOUGH`, or where it lies beyond."""
    total = sum(counts.get(f"{spread.code}:{top}", 0) for top in (*spread.tops, "beyond"))
    if total < ENOUGH:
        return None
    seen = 0
    for top in spread.tops:
        seen += counts.get(f"{spread.code}:{top}", 0)
        if seen >= part * total:
            return top
    return None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: a count of cells, a share of cells in cells by its formula, or a class.

    `unit` is "count", "number" (an exact count), "share", "each", "hours", or one of MEANS or CLASSED. One without
    `part` is asked for by a source, and nothing here holds it: it is shown as a dash, with `lacks` saying why; so is
    one whose machine outside reports nothing.
    """

    code: str
    label: str
    unit: str
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    formula: Callable[[int, int], formulas.Share] | None = None
    lacks: str = ""

    @property
    def published(self) -> tuple[str, ...]:
        """The measures it is made of."""
        return tuple(dict.fromkeys((*self.part, *self.whole)))

    @property
    def of_year(self) -> str:
        """A class or mean of twelve months is a measure of its own: it cannot be added up from months."""
        spread, _dot, name = self.part[0].partition(".") if self.part else ("", "", "")
        return f"{spread}.year_{name}" if self.unit in CLASSED and self.part else ""

    def of(self, sums: Mapping[str, int]) -> Fraction | int | None:
        """The figure from sums of published cells; None where they hold nothing, or too little for a share."""
        if not self.part or any(measure not in sums for measure in (*self.part, *self.whole)):
            return None
        part = sum(sums[measure] for measure in self.part)
        if self.formula is None:
            return part
        whole = sum(sums[measure] for measure in self.whole)
        return self.formula(part, whole) if whole >= LEAST or self.unit in ("each", *MEANS) else None

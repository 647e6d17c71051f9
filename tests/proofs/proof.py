"""One proof of the table: what is tried how often, what was found, and a planted fault that it must catch.

    PROOF = Proof("CR-2", "mutants of an envelope that open", run=tried, planted=planted,
                  short=2_000, long=50_000, full=1_000_000)

`run` and `planted` get how often to try and a seed, and answer `Found`. `short` is what the suite runs, `long` what
`make prove` runs (about an hour in all), `full` what `make prove LEVEL=full` runs (hours). One that needs a city of its
own says `city=True` and gets the `committed` fixture as its third argument; `browser=True` gives it `chromium` as its
last. Its module is named in PARTS of test_proofs.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """How often something was tried, how often it broke, and the first time it did (no words, no secrets)."""

    tried: int
    broken: int
    first: str = ""


def each_caught(plants: Mapping[str, Found]) -> Found:
    """Of several planted faults, by their names: how many were caught, and none as soon as one was not; it is named."""
    missed = [f"{name} ({found.first})" for name, found in plants.items() if not found.broken]
    said = f"not caught: {', '.join(missed)}" if missed else ""
    return Found(sum(one.tried for one in plants.values()), 0 if missed else len(plants), said)


@dataclass(frozen=True, slots=True)
class Proof:
    """A line of the table. The goal is always 0 broken, and at least one with the planted fault."""

    id: str
    what: str
    run: Callable[..., Found]
    planted: Callable[..., Found]
    short: int
    long: int
    full: int
    planted_tries: int = 0  # of the planted run; as many as `short` when 0
    city: bool = False
    browser: bool = False

    def tries(self, level: str) -> int:
        """How often to try at a level; KeyError for one that there is not."""
        return {"short": self.short, "long": self.long, "full": self.full}[level]


@dataclass(frozen=True, slots=True)
class Line:
    """What a proof gave."""

    proof: Proof
    found: Found
    planted: Found
    seconds: float = 0  # both, by the clock

    @property
    def holds(self) -> bool:
        return self.found.tried > 0 and self.found.broken == 0 and self.planted.broken > 0

    def text(self) -> str:
        """The line as printed."""
        says = "holds" if self.holds else "FAILS"
        first = self.found.first if self.planted.broken else f"{self.found.first} {self.planted.first}".strip()
        return (
            f"{self.proof.id:<6} {self.proof.what:<58} {self.found.tried:>9,} tried {self.found.broken:>5} found (goal 0)"
            f"  planted: {self.planted.broken:>4}  {self.seconds:>6,.0f} s  {says} {first}".rstrip()
        )

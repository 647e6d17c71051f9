"""The table of a drill: a line per fault, and what was found in the rounds in which it struck."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from tests.drill.rounds import Round

KINDS = ("lost", "twice", "late", "unproven")
HEAD = ("fault", "times", "writes", *KINDS)


def table(rounds: list[Round]) -> Iterable[str]:
    """The lines: a round with two faults stands under both, and once under all."""
    names = sorted({name for one in rounds for name in one.faults})
    rows = [
        _row(name, sum(one.faults.count(name) for one in rounds), [one for one in rounds if name in one.faults])
        for name in names
    ]
    rows.append(_row(f"all of {len(rounds)} rounds", sum(len(one.faults) for one in rounds), rounds))
    yield _line(HEAD)
    yield from (_line(row) for row in rows)


def _row(name: str, times: int, rounds: list[Round]) -> tuple[str, ...]:
    counts = (
        times,
        sum(len(one.writes) for one in rounds),
        *(sum(one.count(kind) for one in rounds) for kind in KINDS),
    )
    return name, *(str(count) for count in counts)


def _line(cells: Iterable[str]) -> str:
    first, *rest = cells
    wide = sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in first)
    return first + " " * (32 - wide) + "".join(f"{cell:>9}" for cell in rest)

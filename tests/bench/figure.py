"""One figure: a name, a value, its goal, and whether it holds."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

K = TypeVar("K")
RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is a bound from above, or from below when `at_least`."""

    name: str
    value: float
    unit: str
    goal: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def line(self) -> str:
        bound = ("≥" if self.at_least else "≤") + f" {self.goal:g}"
        return (
            f"{self.name:<58} {self.value:>9.2f} {self.unit:<6} {bound:<7} {'holds' if self.holds else 'falls short'}"
        )


def quickest(run: Callable[[], object], *, times: int = 15, warm: int = 3) -> float:
    """The seconds of the quickest of so many calls: for what cannot be measured in turns, because it needs another city.

    Whatever else the machine does only ever adds to a call (Python's own advice: docs of timeit, Timer.repeat).
    """
    for _ in range(warm):
        run()
    return min(_timed(run) for _ in range(times))


def in_turns(calls: Mapping[K, Callable[[], object]], *, rounds: int = 31, warm: int = 3) -> dict[K, list[float]]:
    """The seconds of each of these calls, round by round and every one of them in each round: whatever else the machine
    does for a while falls on all of them, and a ratio within a round has it above and below."""
    for _ in range(warm):
        for run in calls.values():
            run()
    found: dict[K, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, run in calls.items():
            found[name].append(_timed(run))
    return found


def by_round(ours: Sequence[float], base: Sequence[float]) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(ours, base, strict=True))


def ratio(ours: Callable[[], object], base: Callable[[], object], *, times: int = 15) -> float:
    """Median of ours by median of the base, measured in turns so that noise falls on both."""
    for _ in range(3):
        ours()
        base()
    pairs = [(_timed(ours), _timed(base)) for _ in range(times)]
    return statistics.median(a for a, _b in pairs) / statistics.median(b for _a, b in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def keep(figures: list[Figure], scale: str) -> None:
    """Write the figures beside the code, by scale."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[scale] = [{**asdict(f), "holds": f.holds, "value": round(f.value, 3)} for f in figures]
    RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started

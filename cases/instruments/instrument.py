"""What every summed instrument shares: items in the order of the paper, bands, and the facts for the tier rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

INCOMPLETE = "incomplete"


class AnswerError(ValueError):
    """An answer that the instrument does not have: which item, which value."""

    def __init__(self, item: str, value: object) -> None:
        super().__init__(f"{item}: {value!r}")
        self.item, self.value = item, value


@dataclass(frozen=True, slots=True)
class Result:
    """`total` is None when incomplete; `critical` maps an answered critical item to its value, if above 0."""

    total: int | None
    band: str
    critical: Mapping[str, int]

    @property
    def complete(self) -> bool:
        return self.total is not None


@dataclass(frozen=True, slots=True)
class Instrument:
    """`items` by code in the order of this form; `bands` as (least total, name), rising; answers `least` to `most`.

    `reversed` items count the other way round.
    """

    code: str
    items: tuple[str, ...]
    most: int
    bands: tuple[tuple[int, str], ...]
    critical: tuple[str, ...] = ()
    least: int = 0
    reversed: tuple[str, ...] = ()

    def score(self, answers: Mapping[str, int | None]) -> Result:
        """Score the answers by item code. AnswerError for a foreign item or a value out of range."""
        for item, value in answers.items():
            if item not in self.items or (value is not None and not self.least <= value <= self.most):
                raise AnswerError(item, value)
        known = {item: value for item in self.items if (value := answers.get(item)) is not None}
        critical = {item: known[item] for item in self.critical if known.get(item, 0) > 0}
        if len(known) < len(self.items):
            return Result(None, INCOMPLETE, critical)
        total = sum(self.least + self.most - v if item in self.reversed else v for item, v in known.items())
        return Result(total, next(name for least, name in self.bands[::-1] if total >= least), critical)

"""What every summed instrument shares: items in the order of the paper, bands, and the facts for the tier rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

INCOMPLETE = "incomplete"


class AnswerError(ValueError):
    """An answer that the instrument does not have: which item, which value."""

    def __init__(self, item: str, value: object) -> None:
        super().__init__(f"{item}: {value!r}")
        self.item, self.value = item, value


@dataclass(frozen=True, slots=True)
class Result:
    """`total` is None when incomplete; `critical` maps an answered critical item to its value, if above 0.

    `parts` names the bands of subscales or factors, where an instrument has them.
    """

    total: float | None
    band: str
    critical: Mapping[str, int]
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.total is not None

    @property
    def whole(self) -> int | None:
        """The total of an instrument that counts in whole points."""
        return None if self.total is None else int(self.total)


def band_of(bands: Sequence[tuple[float, str]], value: float) -> str:
    """The band of a value; `bands` as (least value, name), rising."""
    return next(name for least, name in bands[::-1] if value >= least)


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
        return Result(total, band_of(self.bands, total), critical)

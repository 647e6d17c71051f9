"""Charts drawn on the server as SVG: geometry here, shapes in the component, the numbers in a table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True, slots=True)
class Slot:
    """One drawing, in units of its view box: width of a whole bar, height of a line, top of its bar, its words."""

    full: int
    row: int
    bar_top: int
    text_base: int

    def end(self, rows: int) -> int:
        return rows * self.row + 6


# On a wide page the name stands left of its bar, on a phone above it.
WIDE = Slot(full=560, row=44, bar_top=8, text_base=27)
NARROW = Slot(full=318, row=66, bar_top=28, text_base=20)


@register.filter
def percent(share: int | None) -> str:
    """A share that is given in whole per cent; nothing to divide by is a dash, never 0 % or 100 %."""
    return "–" if share is None else f"{share} %"


@register.inclusion_tag("components/_bars.html")
def staffing_bars(divisions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bar per division: schools that have a full-time teacher among those that must."""
    bars = []
    for place, division in enumerate(divisions):
        required, met = division["required"], division["met"]
        bars.append(
            {
                "name": division["name"],
                "met": met,
                "required": required,
                # rounded down: one school short is not yet all
                "share": percent(100 * met // required if required else None),
                "full": bool(required) and met >= required,
                "wide": _place(WIDE, place, met, required),
                "narrow": _place(NARROW, place, met, required),
            }
        )
    return {"bars": bars, "wide": _frame(WIDE, len(bars)), "narrow": _frame(NARROW, len(bars))}


TIERS = ("red", "orange", "yellow", "blue", "green")
LINE = {"left": 64, "width": 640, "top": 14, "step": 26}


@register.inclusion_tag("components/_risk_line.html")
def risk_line(history: Sequence[tuple[datetime, str]], now: datetime) -> dict[str, Any]:
    """The tiers a case has stood at as a line over time, the gravest on top; the same numbers stand in a table."""
    begin = history[0][0]
    whole = max((now - begin).total_seconds(), 1)

    def x(at: datetime) -> int:
        return LINE["left"] + round(LINE["width"] * (at - begin).total_seconds() / whole)

    def y(tier: str) -> int:
        return LINE["top"] + LINE["step"] * TIERS.index(tier)

    ends = [at for at, _tier in history[1:]] + [now]
    points = [f"{x(t)},{y(tier)}" for (at, tier), end in zip(history, ends, strict=True) for t in (at, end)]
    marks = [{"x": x(at), "y": y(tier), "tier": tier, "at": at} for at, tier in history]
    return {
        "points": " ".join(points),
        "marks": marks,
        "rows": [{"tier": tier, "y": y(tier) + 4, "line": y(tier)} for tier in TIERS],
        "right": LINE["left"] + LINE["width"],
        "begin": begin,
        "now": now,
    }


def _place(slot: Slot, place: int, met: int, required: int) -> dict[str, int]:
    top = place * slot.row
    width = round(slot.full * met / required) if required else 0
    return {"y": top + slot.bar_top, "text_y": top + slot.text_base, "width": width}


def _frame(slot: Slot, rows: int) -> dict[str, int]:
    end = slot.end(rows)
    return {"full": slot.full, "end": end, "note_y": end + 20, "height": end + 28}

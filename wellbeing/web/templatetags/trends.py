"""Lines over months and the schematic map of the divisions, drawn on the server; a table with the numbers stands
beside each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django import template

from wellbeing.reports.oversight import Place
from wellbeing.reports.subject import Bar, Point

register = template.Library()
MAP = Path(__file__).resolve().parents[2] / "reports" / "data" / "zhoushan-map.json"


@dataclass(frozen=True, slots=True)
class Slot:
    """One drawing in units of its view box. `every` so many months have their name below."""

    width: int
    height: int
    left: int
    bottom: int
    top: int
    every: int


WIDE = Slot(width=900, height=280, left=70, bottom=42, top=34, every=1)
NARROW = Slot(width=320, height=240, left=46, bottom=42, top=30, every=3)
STEPS = (1, 2, 2.5, 5, 10)


@register.inclusion_tag("components/_trend.html")
def trend(points: Sequence[Point], label: str, code: str = "trend") -> dict[str, Any]:
    """One line over months; a month of which nothing can be said is a gap."""
    return {
        "label": label,
        "code": code,
        "points": points,
        "drawn": any(point.value is not None for point in points),
        "wide": _drawing(WIDE, points),
        "narrow": _drawing(NARROW, points),
    }


@register.inclusion_tag("components/_columns.html")
def columns(bars: Sequence[Bar], label: str, code: str) -> dict[str, Any]:
    """One column per hour, weekday or line; on a phone the names of every third hour."""
    return {
        "label": label,
        "code": code,
        "bars": bars,
        "wide": _columns(WIDE, bars, 1),
        "narrow": _columns(NARROW, bars, 3 if len(bars) > 12 else 1),
    }


def _columns(slot: Slot, bars: Sequence[Bar], every: int) -> dict[str, Any]:
    top = ceiling(max((bar.value for bar in bars), default=0))
    floor, span = slot.height - slot.bottom, slot.height - slot.bottom - slot.top
    step = (slot.width - slot.left - 10) / max(1, len(bars))
    crowded = step < 30
    drawn = [
        {
            "x": round(slot.left + step * n + step * 0.14),
            "middle": round(slot.left + step * (n + 0.5)),
            "y": round(floor - span * bar.value / top),
            "height": round(span * bar.value / top),
            "name": bar.label if n % every == 0 else "",
            "text": "" if crowded else f"{bar.value:,}",
        }
        for n, bar in enumerate(bars)
    ]
    return {
        "slot": slot,
        "floor": floor,
        "right": slot.width - 10,
        "width": max(2, round(step * 0.72)),
        "drawn": drawn,
        "name_y": floor + 22,
        "grid": [{"y": round(floor - span * part / 2), "text": f"{top * part / 2:g}"} for part in (0, 1, 2)],
    }


def _drawing(slot: Slot, points: Sequence[Point]) -> dict[str, Any]:
    top = ceiling(max((point.value for point in points if point.value is not None), default=0))
    floor, span = slot.height - slot.bottom, slot.height - slot.bottom - slot.top
    step = (slot.width - slot.left - 26) / max(1, len(points) - 1)

    def y(value: float) -> int:
        return round(floor - span * value / top)

    marks = [
        {"x": round(slot.left + step * n), "y": y(point.value), "text": point.text.removeprefix("≈ ")}
        for n, point in enumerate(points)
        if point.value is not None
    ]
    lines: list[list[str]] = [[]]
    for n, point in enumerate(points):
        if point.value is None:
            lines.append([])
        else:
            lines[-1].append(f"{round(slot.left + step * n)},{y(point.value)}")
    return {
        "slot": slot,
        "floor": floor,
        "right": slot.width - 26,
        "lines": [" ".join(line) for line in lines if len(line) > 1],
        "marks": marks,
        "grid": [{"y": y(top * part / 2), "text": f"{top * part / 2:g}"} for part in (0, 1, 2)],
        "names": [
            {
                "x": round(slot.left + step * n),
                "text": _split(point)[1],
                "year": _split(point)[0] if n == 0 or _split(point)[0] != _split(points[n - slot.every])[0] else "",
                "anchor": "end" if 0 < n == len(points) - 1 and len(_split(point)[1]) > 2 else "middle",
            }
            for n, point in enumerate(points)
            if n % slot.every == 0
        ],
        "name_y": floor + 20,
        "year_y": floor + 38,
    }


def _split(point: Point) -> tuple[str, str]:
    """The year and what of it: a month ("2026-10") or a term ("2026–27 first term")."""
    year, _mark, part = point.label.replace(" ", "-", 1).partition("-")
    return year, part


def ceiling(value: float) -> float:
    """The next round number that is not below a value."""
    if value <= 0:
        return 1
    unit = 10.0 ** (len(str(int(value))) - 1)
    return next(step * unit for step in STEPS if step * unit >= value)


@cache
def _map() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MAP.read_text("utf-8"))
    return found


# Where a division's name stands on the drawing: in the water beside its largest island.
NAMES = {"330902": (115, 500), "330903": (450, 500), "330921": (190, 265), "330922": (330, 100)}


@register.inclusion_tag("components/_city_map.html")
def city_map(places: Sequence[Place]) -> dict[str, Any]:
    """The four divisions, each in the colour of its state with its name; the list beside says word and number."""
    drawing = _map()
    return {
        "width": drawing["width"],
        "height": drawing["height"],
        "places": [
            {
                "it": place,
                "path": drawing["divisions"][place.code]["path"],
                "x": NAMES[place.code][0],
                "y": NAMES[place.code][1],
            }
            for place in places
            if place.code in drawing["divisions"]
        ],
    }

"""Charts drawn on the server as SVG: geometry here, shapes in the component, the numbers in a table beside."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()

FULL, ROW, BAR = 560, 44, 26  # width of a whole bar, height of a line and of its bar, in units of the drawing


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
                "width": round(FULL * met / required) if required else 0,
                "y": place * ROW + 8,
                "text_y": place * ROW + 8 + BAR - 7,
            }
        )
    end = len(bars) * ROW + 6
    return {"bars": bars, "line_end": end, "note_y": end + 20, "height": end + 28}

"""Charts drawn on the server as SVG: geometry here, shapes in the component, the numbers in a table beside."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template

register = template.Library()

FULL, ROW, BAR = 560, 44, 26  # width of a whole bar, height of a line and of its bar, in units of the drawing


@register.filter
def percent(share: float | Decimal | None) -> str:
    """A share of 0 to 1 in whole per cent, rounded down: 99.9 % is not yet all; nothing to divide by is a dash."""
    return "–" if share is None else f"{int(share * 100)} %"


@register.inclusion_tag("components/_bars.html")
def staffing_bars(divisions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bar per division: schools that have a full-time teacher among those that must."""
    bars = []
    for place, division in enumerate(divisions):
        required, met = division["required"], division["met"]
        share = met / required if required else None
        bars.append(
            {
                "name": division["name"],
                "met": met,
                "required": required,
                "share": percent(share),
                "full": share == 1,
                "width": round(FULL * (share or 0)),
                "y": place * ROW + 8,
                "text_y": place * ROW + 8 + BAR - 7,
            }
        )
    end = len(bars) * ROW + 6
    return {"bars": bars, "line_end": end, "note_y": end + 20, "height": end + 28}

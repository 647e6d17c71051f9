"""Whether this is a restored copy on hold: nothing leaves it, and nothing in it moves, until a person releases it.

The statements that claim notices (relay.CLAIM, courier.CLAIM) ask for the row themselves, so that whatever runs and
whoever rings takes none; the ticker asks here.
"""

from __future__ import annotations

from datetime import datetime

from wellbeing.outbox.models import Hold


def held_since() -> datetime | None:
    """Since when; None for a system at work."""
    return Hold.objects.values_list("since", flat=True).first()

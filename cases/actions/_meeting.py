"""The clock of the talk that a flagged student waits for. Used by this folder only."""

from datetime import datetime

from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case
from wellbeing.people.desks import triage_desk


def keep_meeting(case: Case, at: datetime) -> bool:
    """Start it at the county centre where none runs, so that nobody waits without one; whether it was started. An
    earlier talk may have met the clock of an earlier warning."""
    if _clocks.running(case, ClockKind.FIRST_MEETING):
        return False
    return bool(_clocks.start(case, triage_desk(case.division_id), ClockKind.FIRST_MEETING, at=at))

"""How long a closed case is kept (保存期限), and why it may be held beyond that. Pure.

Source: the national hotline guide (2021) keeps forms for at least three years; the rules on the security of network
data (2024), article 12, keep for three years what was given to others. The rest is policy; what nobody needs any more
goes (Personal Information Protection Law 19 and 47).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from cases.policy import Policy
from wellbeing.translatable import _

DISCLOSED_YEARS = 3


class HoldReason(StrEnum):
    """Why a case is held. A code and no words: whoever reads the list sees nothing of the case."""

    LAWSUIT = "lawsuit"
    INQUIRY = "inquiry"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"


HOLD_TEXT = {
    HoldReason.LAWSUIT: _("A lawsuit is under way or expected"),
    HoldReason.INQUIRY: _("Police, procuratorate or supervision inquire"),
    HoldReason.COMPLAINT: _("A complaint is being examined"),
    HoldReason.INSPECTION: _("An inspection or audit needs it"),
}


def due(closed: datetime, *, hotline: bool, danger: bool, given: Sequence[datetime], policy: Policy) -> date:
    """The day on which a closed case may go: by the road it came in by, longer where it was ever red or orange, and
    never before what was given of it to others has been on record for its years."""
    years = policy.keep_hotline_years if hotline else policy.keep_years
    if danger:
        years = max(years, policy.keep_danger_years)
    return max(_later(closed, years), *(_later(at, DISCLOSED_YEARS) for at in given), date.min)


def _later(at: datetime, years: int) -> date:
    day = at.date()
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, month=3, day=1)

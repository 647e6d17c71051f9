"""Clocks: what is due when, by policy. Pure; moments are aware datetimes."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from enum import StrEnum

from cases.policy import MINUTES, Policy, Span
from cases.tiers import Tier
from wellbeing.workdays import TIMEZONE, add_workdays


class ClockKind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    FIRST_MEETING = "first_meeting"
    REASSESS = "reassess"
    FOLLOW_UP = "follow_up"
    APPOINTMENT = "appointment"
    FEEDBACK = "feedback"
    CHANNEL = "channel"


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


CLOCK_TEXT = {
    ClockKind.ACKNOWLEDGE: _("Acknowledge"),
    ClockKind.FIRST_MEETING: _("First meeting"),
    ClockKind.REASSESS: _("Reassess"),
    ClockKind.FOLLOW_UP: _("Follow up"),
    ClockKind.APPOINTMENT: _("Appointment at the hospital"),
    ClockKind.FEEDBACK: _("Report of the hospital"),
    ClockKind.CHANNEL: _("Close the referral"),
}


def after(start: datetime, span: Span) -> datetime:
    """The moment one span later: exact minutes, hours and days; working days by the calendar; months by date."""
    if "workdays" in span:
        return add_workdays(start, span["workdays"])
    if "months" in span:
        return add_months(start, span["months"])
    return start + timedelta(minutes=sum(MINUTES[unit] * amount for unit, amount in span.items()))


def add_months(start: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day: 31 January plus one month is 28 or 29 February."""
    local = start.astimezone(TIMEZONE)
    year, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + year, month + 1
    return local.replace(year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]))


def due(kind: ClockKind, tier: Tier, start: datetime, policy: Policy) -> datetime | None:
    """When a clock of this kind, started at a tier, is due; None where policy sets no time (green, for one)."""
    span = policy.span(kind, tier)
    return after(start, span) if span else None


def escalation_step(tier: Tier, start: datetime, policy: Policy) -> datetime:
    """When an overdue clock goes up one more level."""
    return after(start, policy.escalation_step[tier])


def callbacks(start: datetime, policy: Policy) -> list[datetime]:
    """The crisis call-backs of a case (Beijing protocol: next day, 1 week, 1, 3 and 12 months)."""
    return [after(start, span) for span in policy.callbacks]

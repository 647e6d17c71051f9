"""Clocks: what is due when, by policy. Pure; moments are aware datetimes."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cases.policy import MINUTES, Policy, Span
from cases.tiers import Tier
from wellbeing.translatable import _
from wellbeing.workdays import TIMEZONE, add_workdays


class ClockKind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    FIRST_MEETING = "first_meeting"
    REASSESS = "reassess"
    FOLLOW_UP = "follow_up"
    APPOINTMENT = "appointment"
    FEEDBACK = "feedback"
    RETURN_PLAN = "return_plan"
    CHANNEL = "channel"
    CALLBACK = "callback"
    TELL_PRINCIPAL = "tell_principal"
    TELL_GUARDIAN = "tell_guardian"
    TELL_CITY = "tell_city"
    TELL_RESCUE = "tell_rescue"
    REPORT = "first_report"
    NEXT_REPORT = "next_report"
    RECEIPT = "receipt"
    TRIAGE = "triage"
    LETTER = "letter"
    ANSWER = "answer"
    SECOND_TALK = "second_talk"
    HOME_WATCH = "home_watch"
    ARRIVAL = "arrival"
    SAFETY_CONTACT = "safety_contact"
    TRANSFER = "transfer"
    LEAVE_STEP = "leave_step"
    LEAVE_CONTACT = "leave_contact"
    LOOK_AGAIN = "look_again"
    APPEAL = "appeal"
    RETURN_TALK = "return_talk"
    CONFIRM_GROUPS = "confirm_groups"


QUIET = (ClockKind.CONFIRM_GROUPS,)  # says so before its end and at its end, and goes up to nobody


class NextAct(StrEnum):
    """What the ticker does with a clock when its next moment comes."""

    REMIND = "remind"
    ESCALATE = "escalate"
    RESUME = "resume"


CLOCK_TEXT = {
    ClockKind.ACKNOWLEDGE: _("Acknowledge"),
    ClockKind.FIRST_MEETING: _("First meeting"),
    ClockKind.REASSESS: _("Reassess"),
    ClockKind.FOLLOW_UP: _("Follow up"),
    ClockKind.APPOINTMENT: _("Appointment at the hospital"),
    ClockKind.FEEDBACK: _("Report of the hospital"),
    ClockKind.RETURN_PLAN: _("Plan the return to school"),
    ClockKind.CHANNEL: _("Close the referral"),
    ClockKind.CALLBACK: _("Call back"),
    ClockKind.TELL_PRINCIPAL: _("Tell the principal"),
    ClockKind.TELL_GUARDIAN: _("Tell the guardian"),
    ClockKind.TELL_CITY: _("Tell the city centre"),
    ClockKind.TELL_RESCUE: _("Call police, ambulance or sea rescue"),
    ClockKind.REPORT: _("First written report"),
    ClockKind.NEXT_REPORT: _("Next written report"),
    ClockKind.RECEIPT: _("Receipt of the mandatory report"),
    ClockKind.LETTER: _("Letter after an emergency"),
    ClockKind.TRIAGE: _("Decide on the referral"),
    ClockKind.ANSWER: _("Answer what the county centre asked"),
    ClockKind.SECOND_TALK: _("Talk again with the guardian who refused"),
    ClockKind.HOME_WATCH: _("Contact the home that watches"),
    ClockKind.ARRIVAL: _("Arrive across the water"),
    ClockKind.SAFETY_CONTACT: _("Ask whether those on the way are safe"),
    ClockKind.TRANSFER: _("Answer whether you take a file over"),
    ClockKind.LEAVE_STEP: _("Next step of the leave or return"),
    ClockKind.LEAVE_CONTACT: _("Ask how it goes at home"),
    ClockKind.LOOK_AGAIN: _("Look again at the return"),
    ClockKind.APPEAL: _("Decide on the appeal"),
    ClockKind.RETURN_TALK: _("Talk after the return"),
    ClockKind.CONFIRM_GROUPS: _("Confirm the special groups anew"),
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


def months_since(start: datetime, at: datetime) -> int:
    """Whole months from one moment to a later one, by date: 31 January to 28 February is one."""
    first, last = start.astimezone(TIMEZONE), at.astimezone(TIMEZONE)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if add_months(start, months) <= at else months - 1


def due(kind: ClockKind, tier: Tier, start: datetime, policy: Policy) -> datetime | None:
    """When a clock of this kind, started at a tier, is due; None where policy sets no time (green, for one).

    In a key period (重点时段) reassessment comes after a share of its time.
    """
    if kind == ClockKind.TRANSFER and tier == Tier.GREEN:
        tier = Tier.BLUE  # a question to another county is never sent and forgotten
    span = policy.span(kind, tier)
    if not span:
        return None
    end = after(start, span)
    if kind == ClockKind.REASSESS and key_period(start, policy):
        end = start + (end - start) * policy.key_period_percent / 100
    return end


def key_period(at: datetime, policy: Policy) -> Mapping[str, str] | None:
    """The key period of a moment; one that ends before it begins runs over the turn of the year."""
    day = f"{at.astimezone(TIMEZONE):%m-%d}"
    for period in policy.key_periods:
        first, last = period["first"], period["last"]
        if first <= day <= last or (last < first and (day >= first or day <= last)):
            return period
    return None


def reminder(start: datetime, end: datetime, policy: Policy) -> datetime:
    """When a clock says that it will run out: after a share of its time, or so many hours before, what is later."""
    share = start + (end - start) * policy.remind_percent / 100
    return max(share, end - timedelta(hours=policy.remind_hours))


def escalation_step(tier: Tier, start: datetime, policy: Policy) -> datetime:
    """When an overdue clock goes up one more level; what runs at green goes as slowly as at blue."""
    return after(start, policy.escalation_step[Tier.BLUE if tier == Tier.GREEN else tier])


def ring(tier: Tier, at: datetime, policy: Policy) -> datetime | None:
    """When an unacknowledged warning rings again; None where policy lets it ring once."""
    span = policy.span("ring", tier)
    return after(at, span) if span else None


def half_day(at: datetime) -> str:
    """The half-day of a moment: three tries to reach somebody count on three of them (PRACTICE.md 3.4)."""
    local = at.astimezone(TIMEZONE)
    return f"{local:%Y-%m-%d} {'am' if local.hour < 12 else 'pm'}"


def next_half_day(at: datetime) -> datetime:
    """When to try again: in the middle of the next half-day, at ten in the morning or at four in the afternoon."""
    local = at.astimezone(TIMEZONE).replace(minute=0, second=0, microsecond=0)
    if local.hour < 12:
        return local.replace(hour=16)
    return (local + timedelta(days=1)).replace(hour=10)


def callbacks(
    start: datetime, policy: Policy, tier: Tier = Tier.RED, promised: datetime | None = None
) -> list[datetime]:
    """The call-backs of a case that began at a tier (PRACTICE.md 3.4; in danger the Beijing protocol: next day, 1 week,
    1, 3 and 12 months).

    The day that was `promised` to the caller is one of them. In danger it takes the place of nothing but policy's date
    on the same day; below, of policy's first.
    """
    crisis = tier in policy.callback_tiers
    agreed = policy.callbacks_agreed if tier.rank <= Tier.YELLOW.rank else policy.callbacks_asked
    dates = [after(start, span) for span in (policy.callbacks if crisis else agreed)]
    if promised is None:
        return dates
    kept = [at for at in dates if _day(at) != _day(promised)] if crisis else [at for at in dates[1:] if at > promised]
    return sorted([promised, *kept])


def by_the_end_of(day: date) -> datetime:
    """When a call-back is due that was promised for a day: its last minute, so that lists name that day."""
    return end_of(day) - timedelta(minutes=1)


def _day(at: datetime) -> date:
    return at.astimezone(TIMEZONE).date()


def return_talks(start: datetime, policy: Policy) -> list[datetime]:
    """The talks after a return to school (PRACTICE.md 4.4, 4.5: day 1, 1 week, 1 and 3 months)."""
    return [after(start, span) for span in policy.return_talks]


def end_of(day: date) -> datetime:
    """The last moment of a day in the city: what is due on a day is due when it ends."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=TIMEZONE)

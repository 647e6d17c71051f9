"""Figures in words: how a value of each unit is said, and what subjects and tables are called."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.sheet import TOPICS
from wellbeing.reports.formulas import percent
from wellbeing.reports.kinds import MEANS
from wellbeing.reports.measures import Indicator
from wellbeing.suppression import told

SUBJECT_TEXT = {
    "danger": gettext_noop("Red and orange cases"),
    "hotline": gettext_noop("Hotline 2912345: service effectiveness"),
    "referrals": gettext_noop("Green channel: closing the loop"),
    "screening": gettext_noop("Screening"),
    "centre": gettext_noop("City youth centre: effectiveness"),
    "incidents": gettext_noop("Incidents on campus"),
}
TABLE_TEXT = {
    "calls": gettext_noop("Calls"),
    "rings": gettext_noop("Calls of the exchange"),
    "warnings": gettext_noop("Warnings raised"),
    "acknowledged": gettext_noop("Warnings acknowledged"),
    "callbacks": gettext_noop("Call-backs due"),
    "tries": gettext_noop("Tries to call back"),
    "requests": gettext_noop("Requests for a referral"),
    "visits": gettext_noop("First visits"),
    "ended": gettext_noop("Referrals ended"),
    "shifts": gettext_noop("Hotline"),
    "supervised": gettext_noop("Calls after two weeks"),
    "screened": gettext_noop("Screening"),
    "filed": gettext_noop("Files of schools"),
    "wait": gettext_noop("Time to answer (s)"),
    "length": gettext_noop("Length of a call (min)"),
    "hours": gettext_noop("Calls by hour"),
    "weekdays": gettext_noop("Calls by weekday"),
    "lines": gettext_noop("Calls by line"),
    "kinds": gettext_noop("Calls by kind"),
    "activities": gettext_noop("Activities held"),
    "reached": gettext_noop("People reached"),
    "taken": gettext_noop("Cases taken over by the centre"),
    "sessions": gettext_noop("Meetings and follow-ups in these cases"),
    "after30": gettext_noop("Cases taken over, after 30 days"),
    "after90": gettext_noop("Cases taken over, after 90 days"),
    "contact": gettext_noop("To the first contact (hours)"),
    "incidents": gettext_noop("Incidents on campus"),
    "ballots": gettext_noop("Ballot box of the month"),
    "loop": gettext_noop("To the hospital's report (days)"),
}
CELL_TEXT = {
    "high_day": gettext_noop("high risk, by day"),
    "high_night": gettext_noop("high risk, at night"),
    "other_day": gettext_noop("others, by day"),
    "other_night": gettext_noop("others, at night"),
    "caller_from_local": gettext_noop("callers from this city"),
    "caller_from_outside": gettext_noop("callers from elsewhere"),
    "difficult_yes": gettext_noop("difficult calls"),
    "difficult_no": gettext_noop("calls that were not difficult"),
    "mhl23_advised": gettext_noop("advised to go to a hospital"),
    "mhl23_not_advised": gettext_noop("signs of a disorder, not advised"),
    "mark_sum": gettext_noop("callers' marks, added up (coarse)"),
    "mark_number": gettext_noop("callers who gave a mark"),
    "intent_drop_sum": gettext_noop("fall of intent, points added up (coarse)"),
    "intent_drop_number": gettext_noop("calls with intent before and after"),
    **{f"topic_{code}": text for code, text in TOPICS},
    "topic_other": gettext_noop("Other, or too rare to tell"),
    "quick": gettext_noop("answered within 20 seconds"),
    "slow": gettext_noop("answered later"),
    "abandoned": gettext_noop("given up while waiting"),
    "red": gettext_noop("Red"),
    "orange": gettext_noop("Orange"),
    "yellow": gettext_noop("Yellow"),
    "blue": gettext_noop("Blue"),
    "in_time": gettext_noop("in time"),
    "late": gettext_noop("late"),
    "reached": gettext_noop("Reached"),
    "unreached": gettext_noop("Not reached"),
    "declined": gettext_noop("declined"),
    "accepted": gettext_noop("accepted"),
    "within": gettext_noop("within seven days"),
    "later": gettext_noop("later or not at all"),
    "looped": gettext_noop("with report and school plan"),
    "reported": gettext_noop("with report alone"),
    "silent": gettext_noop("without a report"),
    "shifts": gettext_noop("shifts"),
    "reviewed": gettext_noop("reviewed by a supervisor"),
    "unreviewed": gettext_noop("not reviewed"),
    "answered": gettext_noop("answered"),
    "unanswered": gettext_noop("without an answer"),
    "sheets": gettext_noop("answer sheets"),
    "unasked": gettext_noop("opted out, or without the yes that is asked for"),
    "hours": gettext_noop("hours on duty"),
    "median": gettext_noop("median (class)"),
    "p90": gettext_noop("ninth decile (class)"),
    "mean": gettext_noop("mean"),
    "year": gettext_noop("twelve months"),
    "training": gettext_noop("Training given"),
    "supervision": gettext_noop("Supervision given"),
    "event": gettext_noop("Public event"),
    "class": gettext_noop("Public class"),
    "cases": gettext_noop("cases"),
    "held": gettext_noop("held"),
    "closed": gettext_noop("closed"),
    "lower": gettext_noop("lower tier"),
    "same": gettext_noop("same tier"),
    "higher": gettext_noop("higher tier"),
    "student": gettext_noop("Students"),
    "teacher": gettext_noop("Teachers"),
    "mon": gettext_noop("Monday"),
    "tue": gettext_noop("Tuesday"),
    "wed": gettext_noop("Wednesday"),
    "thu": gettext_noop("Thursday"),
    "fri": gettext_noop("Friday"),
    "sat": gettext_noop("Saturday"),
    "sun": gettext_noop("Sunday"),
    "valid": gettext_noop("An ordinary call"),
    "repeat": gettext_noop("Calls again and again"),
    "silence": gettext_noop("Silent"),
    "wrong": gettext_noop("Wrong number"),
    "harassing": gettext_noop("Harassing"),
    "test": gettext_noop("A test, or supervision"),
    "2912345": "2912345",
    "12356": "12356",
    "12355": "12355",
    "elsewhere": gettext_noop("other lines"),
}
UNIT_TEXT = {
    "seconds": gettext_noop("≤ %(n)s s"),
    "minutes": gettext_noop("≤ %(n)s min"),
    "within_hours": gettext_noop("≤ %(n)s h"),
    "days": gettext_noop("≤ %(n)s days"),
}


def say(indicator: Indicator, value: Fraction | int | None, *, below: int = 0) -> str:
    """A value as the page says it; a dash for what nothing holds. `below`: see suppression.told."""
    if value is None:
        return "–"
    if indicator.unit == "share":
        return f"{percent(Fraction(value))} %"
    if indicator.unit == "number":
        return f"{int(value):,}"
    if indicator.unit == "each":
        return f"{float(value):.1f}"
    if indicator.unit in MEANS:
        return f"≈ {float(value):.{1 if indicator.unit == 'mark' else 0}f}"
    if indicator.code == "asa":
        return _("%(n)s s") % {"n": value}
    if indicator.unit in UNIT_TEXT:
        return _(UNIT_TEXT[indicator.unit]) % {"n": value}
    return told(int(value), below=below)


def measure_text(measure: str) -> str:
    """What a published measure is called: its table, then its cell word by word."""
    table, _dot, cell = measure.partition(".")
    if table == "hours":
        return f"{_(TABLE_TEXT[table])} · {cell[1:]}:00"
    if cell in CELL_TEXT:
        parts = [cell]
    else:
        first, _line, rest = cell.partition("_")
        parts = [first, rest]
    return " · ".join([_(TABLE_TEXT[table]), *(_(CELL_TEXT[part]) for part in parts)])


def number(indicator: Indicator, value: Fraction | int | None) -> float | None:
    """The same as a number: shares in per cent."""
    if value is None:
        return None
    return float(percent(Fraction(value)) or 0) if indicator.unit == "share" else round(float(value), 1)


def month_text(month: Any) -> str:
    """A month as it stands in tables: 2026-09."""
    return f"{month:%Y-%m}"

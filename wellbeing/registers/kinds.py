"""What the registers know: kinds of activities and of lines about an incident; what no text may hold. Pure.

Source: the plan of 2024 (link education, monitoring, warning and resolution); PRACTICE.md 3.6 (training counts of the
annual report) and 2.2 (who is told).
"""

from __future__ import annotations

import re
from enum import StrEnum

from wellbeing.translatable import _


class ActivityKind(StrEnum):
    TRAINING = "training"
    SUPERVISION = "supervision"
    EVENT = "event"
    CLASS = "class"


ACTIVITY_TEXT: dict[ActivityKind, str] = {
    ActivityKind.TRAINING: _("Training given"),
    ActivityKind.SUPERVISION: _("Supervision given"),
    ActivityKind.EVENT: _("Public event"),
    ActivityKind.CLASS: _("Public class"),
}
# The official annual form's kinds of staff (PRACTICE.md 3.6), each by full-time and part-time.
STAFF_TEXT: dict[str, str] = {
    "psychiatrist": _("Psychiatrists"),
    "nurse": _("Nurses"),
    "therapist": _("Psychotherapists"),
    "counsellor": _("Counsellors"),
    "social_worker": _("Social workers"),
    "teacher": _("Psychology teachers"),
}
TIMES_TEXT: dict[str, str] = {"full": _("full-time"), "part": _("part-time")}
STAFF_CELLS = tuple(f"{kind}_{time}" for kind in STAFF_TEXT for time in TIMES_TEXT)
FIRST_YEAR = 2024  # of the plan
SEATS_MOST, STAFF_MOST, DAY_HOURS = 200, 1000, 24  # beyond them it is a slip of the pen


HOURS_MOST, REACHED_MOST = 100, 1_000_000  # beyond them it is a slip of the pen


class About(StrEnum):
    """Whom an incident concerns; with both, the students count."""

    STUDENT = "student"
    TEACHER = "teacher"


ABOUT_TEXT: dict[About, str] = {About.STUDENT: _("Students"), About.TEACHER: _("Teachers")}


class LineKind(StrEnum):
    """What a line of an incident tells of."""

    HAPPENED = "happened"
    TOLD = "told"
    DONE = "done"
    REVIEW = "review"
    LESSON = "lesson"


LINE_TEXT: dict[LineKind, str] = {
    LineKind.HAPPENED: _("What happened"),
    LineKind.TOLD: _("Who was told"),
    LineKind.DONE: _("What was done"),
    LineKind.REVIEW: _("Review meeting"),
    LineKind.LESSON: _("Lessons"),
}
WRITABLE = (LineKind.HAPPENED, LineKind.TOLD, LineKind.DONE)  # the others come with the review
TOLD_WHOM: dict[str, str] = {
    "guardian": _("Guardian"),
    "principal": _("Principal"),
    "county": _("County centre"),
    "city": _("City centre"),
    "bureau": _("Education bureau"),
    "police": _("Police (110)"),
    "rescue": _("Ambulance (120)"),
    "hospital": _("Hospital"),
    "other": _("Somebody else"),
}

# Seven digits and more, also with spaces or dashes between: a telephone, an identity card, a student's number. Days and
# the hotline's own number are none.
LONG_NUMBER = re.compile(r"\d(?:[\s\-‐-―－.]?\d){6,}")
HARMLESS = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?<!\d)(?:0580[-－ ]?)?2912345(?!\d)")


def long_number(text: str) -> bool:
    """Whether a text holds a number that could name somebody. Names themselves no rule can find."""
    return bool(LONG_NUMBER.search(HARMLESS.sub(" | ", text)))

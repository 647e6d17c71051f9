"""What a policy is made of: the shape, words, limits and choices of each field. Pure.

Faults, forms, tables and differences are made from this and from the dataclass, so a field that is new in
cases/policy.py is checked, shown and edited as soon as it has a word and a limit here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from cases.clocks import CLOCK_TEXT, ClockKind
from cases.pausing import PAUSE_TEXT
from cases.policy import TIERS, Policy
from wellbeing.translatable import _


class Shape(StrEnum):
    """How a field is written: a time or a number per tier, a list of times, codes, periods, or one plain value."""

    SPANS = "spans"
    HOURS = "hours"
    SERIES = "series"
    ORDER = "order"
    CHOICE = "choice"
    PERIODS = "periods"
    NUMBER = "number"
    SWITCH = "switch"


DEFAULTS = Policy()
NAMES = tuple(f.name for f in fields(Policy))
# Codes of the fields, for the audit.
_enum: Any = StrEnum
PolicyField = _enum("PolicyField", [(name.upper(), name) for name in NAMES])

UNITS = ("minutes", "hours", "days", "workdays")
SERIES_UNITS = (*UNITS, "months")
SERIES_ROWS, PERIOD_ROWS = 8, 12
PERIOD_PARTS = ("name", "name_en", "first", "last")
LAST_STEP = "bureau"
# Minutes that red may take at most, whatever a city decides: what orange has by default (DOMAIN.md, Tiers).
RED_AT_MOST = {"acknowledge": 120, "escalation_step": 120, "tell_rescue": 120, "first_meeting": 1440, "ring": 30}
# What no city takes away at red: a warning rings until somebody acknowledges it, and an act under way is reported.
RED_NEEDED = ("ring", "tell_rescue")
# An acknowledgement, telling those who are told at once (PRACTICE.md 2.2), the contact with those at sea (4.6), and
# the answer to a transfer, before which nobody new is responsible.
NEVER_PAUSED = tuple(
    kind.value
    for kind in ClockKind
    if kind in (ClockKind.ACKNOWLEDGE, ClockKind.SAFETY_CONTACT, ClockKind.TRANSFER) or kind.value.startswith("tell_")
)
ORDERED = ("ladder", "ring_channels")
# Without red among them nothing protects the most urgent cases (DOMAIN.md, Tiers: lowering, call-backs).
WITH_RED = ("second_person", "face_to_face", "callback_tiers")

LABELS: dict[str, str] = {
    **{kind.value: text for kind, text in CLOCK_TEXT.items()},
    "escalation_step": _("From one level of escalation to the next"),
    "ring": _("An unacknowledged warning rings again after"),
    "stay_hours": _("Stands at this tier at least (hours)"),
    "ladder": _("Levels of escalation"),
    "callbacks": _("Crisis call-backs"),
    "callbacks_agreed": _("Call-backs at orange and yellow that the caller agreed to"),
    "callbacks_asked": _("Call-backs at blue and green that the caller agreed to"),
    "return_talks": _("Talks after the return to school"),
    "callback_tiers": _("Call-backs at these tiers"),
    "callback_tries": _("Tries on different half-days"),
    "remind_percent": _("Warn before a clock runs out, after this share of its time (%)"),
    "remind_hours": _("but at the earliest so many hours before"),
    "link_hours": _("A one-time link to a letter lives (hours)"),
    "link_tries": _("Tries at its code"),
    "ring_channels": _("Channels, one after the other"),
    "notice_colour": _("A notice may name the colour"),
    "pausable": _("Clocks that may pause with a reason"),
    "pause_reasons": _("Reasons for a pause"),
    "pause_hours": _("Longest pause (hours)"),
    "pause_danger_hours": _("Longest pause at red and orange (hours)"),
    "pause_times": _("Pauses of one clock without a desk above"),
    "key_periods": _("Key periods"),
    "key_period_percent": _("Reassessment in a key period, as a share of its time (%)"),
    "second_person": _("Lowering takes two people"),
    "face_to_face": _("Lowering takes an assessment face to face"),
    "fresh_assessment_days": _("An assessment is fresh for (days)"),
    "recent_attempt_days": _("Red after an attempt within (days)"),
    "after_discharge_months": _("Orange after discharge or return within (months)"),
    "school_refusal_days": _("Yellow after staying away from school for more than (days)"),
    "item9_yellow": _("PHQ item 9: yellow from"),
    "item9_orange": _("PHQ item 9: orange from"),
    "phq_yellow": _("PHQ total: yellow from"),
    "phq_blue": _("PHQ total: blue from"),
    "gad_yellow": _("GAD-7 total: yellow from"),
    "gad_blue": _("GAD-7 total: blue from"),
    "hotline_orange": _("Hotline scale: orange from"),
    "hotline_yellow": _("Hotline scale: yellow from"),
    "mssmhs_blue": _("MSSMHS factor: blue from"),
    "repeat_calls": _("Blue after so many calls of the same caller"),
    "repeat_days": _("within (days)"),
    "concerns": _("Blue after so many concerns about one person"),
    "concern_days": _("within so many days"),
    "answer_tries": _("Wrong answer codes from one address within ten minutes, at most"),
    "glass_hours": _("A file opened in an emergency stays open for (hours)"),
    "glass_per_day": _("Openings of one person within a day"),
    "glass_review_hours": _("An opening is reviewed within (hours)"),
    "glass_suspend_hours": _("Without a review, no further opening after (hours)"),
    "draft_minutes": _("A draft with answers that call for red or orange comes up after (minutes)"),
    "draft_hours": _("Any other draft comes up after (hours)"),
    "number_hours": _("A caller's number is destroyed after (hours)"),
    "record_days": _("A request for records is answered after (days)"),
    "record_order_days": _("An order of a court or of the police is answered after (days)"),
    "keep_hotline_years": _("A closed case of the hotline is kept for (years)"),
    "keep_years": _("Any other closed case is kept for (years)"),
    "keep_danger_years": _("One that was ever red or orange is kept for (years)"),
    "review_high_percent": _("Calls of high risk that a supervisor reviews (%)"),
    "review_percent": _("Other calls that a supervisor reviews (%)"),
    "review_days": _("A review opens the file for (days)"),
    "reds_per_shift": _("Too much for one shift: red calls from"),
    "shift_hours": _("A shift, and a note to the next one, last (hours)"),
    "notes_hours": _("Notes to the next shift stand on the call sheet for (hours)"),
    "supervision_days": _("Calls and notes wait on the supervisor's page for (days)"),
    "caller_days": _("The hint about a caller looks back on (days)"),
    "harassing_calls": _("A number may be restricted after so many harassing calls"),
    "restrict_days": _("A number is restricted for at most (days)"),
    "screening_wait_hours": _("A screening file that nobody confirms is destroyed after (hours)"),
}
# Lowest and highest value: of the instrument where it is a score (PRACTICE.md 5.1), otherwise policy default.
LIMITS: dict[str, tuple[int, int]] = {
    "callback_tries": (1, 10),
    "link_hours": (1, 168),
    "link_tries": (1, 10),
    "remind_percent": (1, 99),
    "remind_hours": (1, 336),
    "pause_hours": (1, 720),
    "pause_danger_hours": (1, 72),
    "pause_times": (0, 5),
    "key_period_percent": (10, 100),
    "stay_hours": (0, 17_544),
    "fresh_assessment_days": (1, 30),
    "recent_attempt_days": (14, 365),  # what the sheet asks for: "within the last two weeks" (DOMAIN.md, Tiers)
    "after_discharge_months": (1, 24),
    "school_refusal_days": (1, 90),
    "item9_yellow": (1, 3),
    "item9_orange": (1, 3),
    "phq_yellow": (1, 27),
    "phq_blue": (1, 27),
    "gad_yellow": (1, 21),
    "gad_blue": (1, 21),
    "hotline_orange": (1, 16),
    "hotline_yellow": (1, 16),
    "mssmhs_blue": (2, 5),
    "repeat_calls": (2, 50),
    "repeat_days": (1, 90),
    "concerns": (1, 20),
    "concern_days": (1, 365),
    "glass_hours": (1, 24),
    "glass_per_day": (1, 10),
    "glass_review_hours": (1, 72),
    "glass_suspend_hours": (1, 168),
    "draft_minutes": (1, 120),
    "draft_hours": (1, 336),
    "number_hours": (1, 720),
    "record_days": (1, 60),
    "record_order_days": (1, 30),
    "keep_hotline_years": (3, 30),
    "keep_years": (3, 30),
    "keep_danger_years": (3, 30),
    "review_high_percent": (1, 100),
    "review_percent": (0, 100),
    "review_days": (1, 30),
    "reds_per_shift": (1, 20),
    "shift_hours": (4, 24),
    "notes_hours": (4, 168),
    "supervision_days": (1, 60),
    "caller_days": (7, 90),  # an index is of a quarter, and two of them are kept
    "harassing_calls": (2, 20),
    "restrict_days": (1, 90),
    "screening_wait_hours": (1, 720),
    "answer_tries": (5, 1000),
}
# The cut-off on the left stands below the one on the right, or the tier between them could never be proposed.
BELOW = (
    ("phq_blue", "phq_yellow"),
    ("gad_blue", "gad_yellow"),
    ("hotline_yellow", "hotline_orange"),
    ("item9_yellow", "item9_orange"),
)
CHOICES: dict[str, tuple[str, ...]] = {
    "ladder": ("county_centre", "city_centre", LAST_STEP),
    "callback_tiers": TIERS,
    "second_person": TIERS,
    "face_to_face": TIERS,
    "ring_channels": ("in_app", "robot", "sms", "email"),
    "pausable": tuple(kind.value for kind in ClockKind if kind.value not in NEVER_PAUSED),
    "pause_reasons": tuple(PAUSE_TEXT),
}
CODE_TEXT: dict[str, str] = {
    "county_centre": _("County centre"),
    "city_centre": _("City centre"),
    LAST_STEP: _("Duty leader of the bureau"),
    "in_app": _("In this system"),
    "robot": _("Chat of the government"),
    "sms": _("Text message"),
    "email": _("E-mail"),
    **PAUSE_TEXT,
    **{kind.value: text for kind, text in CLOCK_TEXT.items()},
}
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Times by tier"), ("acknowledge", "first_meeting", "reassess", "follow_up", "transfer", "stay_hours")),
    (
        _("Who is told, and written reports"),
        ("tell_rescue", "tell_principal", "tell_guardian", "tell_city", "first_report", "next_report", "receipt"),
    ),
    (
        _("Green channel"),
        (
            *("triage", "answer", "letter", "appointment", "feedback", "return_plan", "channel"),
            *("second_talk", "home_watch", "safety_contact", "link_hours", "link_tries"),
        ),
    ),
    (_("Leave and return"), ("leave_step", "leave_contact", "appeal", "return_talks", "after_discharge_months")),
    (
        _("Escalation and notices"),
        ("escalation_step", "ladder", "ring", "ring_channels", "notice_colour", "remind_percent", "remind_hours"),
    ),
    (_("Pausing"), ("pausable", "pause_reasons", "pause_hours", "pause_danger_hours", "pause_times")),
    (_("Call-backs"), ("callback_tiers", "callbacks", "callbacks_agreed", "callbacks_asked", "callback_tries")),
    (_("Lowering"), ("second_person", "face_to_face", "fresh_assessment_days")),
    (
        _("Critical items and cut-offs"),
        (
            *("item9_yellow", "item9_orange", "phq_blue", "phq_yellow", "gad_blue", "gad_yellow"),
            *("hotline_yellow", "hotline_orange", "mssmhs_blue", "recent_attempt_days"),
            *("school_refusal_days", "repeat_calls", "repeat_days", "concerns", "concern_days"),
        ),
    ),
    (_("Key periods"), ("key_period_percent", "key_periods")),
    (_("Break-glass"), ("glass_hours", "glass_per_day", "glass_review_hours", "glass_suspend_hours")),
    (
        _("Supervision of the hotline"),
        (
            *("review_high_percent", "review_percent", "review_days", "supervision_days"),
            *("shift_hours", "notes_hours", "reds_per_shift"),
        ),
    ),
    (_("Number of the caller"), ("number_hours", "caller_days", "harassing_calls", "restrict_days")),
    (_("Requests for records"), ("record_days", "record_order_days")),
    (_("How long closed cases are kept"), ("keep_hotline_years", "keep_years", "keep_danger_years")),
    (_("Drafts"), ("draft_minutes", "draft_hours")),
    (_("Screening"), ("screening_wait_hours", "answer_tries")),
)
OTHERS = _("Further values")


def shape(name: str) -> Shape:
    """The shape of a field, read from its default value."""
    value = getattr(DEFAULTS, name)
    if isinstance(value, Mapping):
        return Shape.SPANS if any(isinstance(one, Mapping) for one in value.values()) else Shape.HOURS
    if isinstance(value, bool):
        return Shape.SWITCH
    if isinstance(value, int):
        return Shape.NUMBER
    first = value[0]
    if isinstance(first, Mapping):
        return Shape.PERIODS if "first" in first else Shape.SERIES
    return Shape.ORDER if name in ORDERED else Shape.CHOICE


def full(name: str) -> bool:
    """Whether a table needs a time for every tier: those do whose default has all four."""
    return set(getattr(DEFAULTS, name)) >= set(TIERS)


def needed(name: str, tier: str) -> bool:
    """Whether a table needs a time for this tier."""
    return full(name) or (tier == "red" and name in RED_NEEDED)


def choices(name: str) -> tuple[str, ...]:
    """What may stand in a field of codes."""
    return CHOICES.get(name, tuple(getattr(DEFAULTS, name)))


def limits(name: str) -> tuple[int, int]:
    """The lowest and the highest number of a field."""
    return LIMITS.get(name, (0, 10_000))


def groups() -> list[tuple[str, tuple[str, ...]]]:
    """Every field in the order of the page; one that stands nowhere comes last."""
    placed = {name for _title, names in GROUPS for name in names}
    found = [(title, tuple(name for name in names if name in NAMES)) for title, names in GROUPS]
    left = tuple(name for name in NAMES if name not in placed)
    return [*found, (OTHERS, left)] if left else found

"""The policy: every time, limit and ladder that no source fixes, as one value with the defaults of DOMAIN.md. Pure.

Versions of it are rows (cases/models/policy_version.py); nothing here is a constant to the rest of the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

TIERS = ("red", "orange", "yellow", "blue")
Span = dict[str, int]  # one of minutes, hours, days, workdays


def _spans(red: Span, orange: Span, yellow: Span, blue: Span) -> dict[str, Span]:
    return dict(zip(TIERS, (red, orange, yellow, blue), strict=True))


_CHANNEL_PAUSES = ("appointment", "feedback", "arrival")


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults (DOMAIN.md, Tiers; PRACTICE.md 2 and 4.4 say which have a source). Spans by tier."""

    acknowledge: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    first_meeting: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 1}, {"hours": 24}, {"workdays": 3}, {"workdays": 10})
    )
    reassess: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 1}, {"days": 7}, {"days": 14}, {"days": 30})
    )
    follow_up: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 1}, {"days": 7}, {"days": 30}, {"days": 30})
    )
    appointment: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 12}, {"hours": 72}, {"days": 14}, {"days": 30})
    )
    feedback: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"workdays": 3}, {"workdays": 3}, {"workdays": 3}, {"workdays": 3})
    )
    # The plan of return after the report of the hospital (PRACTICE.md 4.4).
    return_plan: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"workdays": 3}, {"workdays": 3}, {"workdays": 3}, {"workdays": 3})
    )
    channel: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 30}, {"days": 30}, {"days": 60}, {"days": 90})
    )
    escalation_step: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    # Who is told within what time (PRACTICE.md 2.2); a tier without a time asks for nobody. The county centre is told
    # by the warning itself and answers with its acknowledgement.
    tell_principal: Mapping[str, Span] = field(
        default_factory=lambda: {"red": {"minutes": 10}, "orange": {"hours": 1}, "yellow": {"days": 1}}
    )
    tell_guardian: Mapping[str, Span] = field(
        default_factory=lambda: {"red": {"minutes": 30}, "orange": {"hours": 2}, "yellow": {"hours": 24}}
    )
    tell_city: Mapping[str, Span] = field(default_factory=lambda: {"red": {"hours": 1}, "orange": {"hours": 24}})
    # Police, ambulance or sea rescue, when an act is under way: at once.
    tell_rescue: Mapping[str, Span] = field(default_factory=lambda: {"red": {"minutes": 5}})
    # Written reports (初报, 续报): the first one, and from each one to the next.
    first_report: Mapping[str, Span] = field(default_factory=lambda: {"red": {"hours": 2}, "orange": {"hours": 24}})
    next_report: Mapping[str, Span] = field(default_factory=lambda: {"red": {"days": 1}, "orange": {"days": 7}})
    # A mandatory report without its receipt number.
    receipt: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 24}, {"hours": 24}, {"workdays": 1}, {"workdays": 1})
    )
    # The green channel before the hospital (PRACTICE.md 4.4): the county decides, the school answers what was asked.
    triage: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    answer: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 30}, {"hours": 4}, {"workdays": 1}, {"workdays": 5})
    )
    # An emergency goes first, its letter follows (PRACTICE.md 4.3).
    letter: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 24}, {"hours": 24}, {"hours": 24}, {"hours": 24})
    )
    # The one-time link to a letter, for a hospital without an account: its life, and how many codes may be tried.
    link_hours: int = 72
    link_tries: int = 3
    # A refused consent: the second talk, and the contact with a home that watches.
    second_talk: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 24}, {"hours": 24}, {"hours": 24}, {"hours": 24})
    )
    home_watch: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 1}, {"days": 7}, {"days": 7}, {"days": 7})
    )
    # While a crossing is planned, under way or held up by weather.
    safety_contact: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 2}, {"hours": 2}, {"hours": 2}, {"hours": 2})
    )
    # A file that another county was asked to take over; until it answers, the old desk stays responsible.
    transfer: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    # Leave from school and return (PRACTICE.md 4.5): each step, the contact while away, the decision on an appeal, and
    # the talks after the return.
    leave_step: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"workdays": 1}, {"workdays": 3}, {"workdays": 5}, {"workdays": 10})
    )
    leave_contact: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 7}, {"days": 7}, {"days": 14}, {"days": 14})
    )
    appeal: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"workdays": 5}, {"workdays": 5}, {"workdays": 5}, {"workdays": 5})
    )
    return_talks: tuple[Span, ...] = ({"days": 1}, {"days": 7}, {"months": 1}, {"months": 3})
    ladder: tuple[str, ...] = ("county_centre", "city_centre", "bureau")
    # Call-backs (PRACTICE.md 3.4): in danger whether or not the caller agreed; below it only where she agreed, after a
    # moderate risk (orange where that is no danger, yellow) and a low one.
    callbacks: tuple[Span, ...] = ({"days": 1}, {"days": 7}, {"months": 1}, {"months": 3}, {"months": 12})
    callback_tiers: tuple[str, ...] = ("red", "orange")
    callbacks_agreed: tuple[Span, ...] = ({"days": 7}, {"months": 1})
    callbacks_asked: tuple[Span, ...] = ({"days": 7},)
    callback_tries: int = 3
    # A clock says so before it runs out: when this share of its time has passed, or this long before, what is later.
    remind_percent: int = 75
    remind_hours: int = 24
    # An unacknowledged warning rings again this often, at the next person and channel.
    ring: Mapping[str, Span] = field(default_factory=lambda: {"red": {"minutes": 3}, "orange": {"minutes": 30}})
    ring_channels: tuple[str, ...] = ("in_app", "robot", "sms", "email")
    notice_colour: bool = True
    # What may stand still, for which reasons and for how long at most (at red and orange for less); an acknowledgement
    # never may. After so many pauses of one clock the next takes a desk above (cases/pausing.py).
    pausable: tuple[str, ...] = ("first_meeting", "reassess", "follow_up", "callback", *_CHANNEL_PAUSES)
    pause_reasons: tuple[str, ...] = ("weather", "place", "safe", "agreed", "other")
    pause_hours: int = 72
    pause_danger_hours: int = 24
    pause_times: int = 1
    # 重点时段 (PRACTICE.md 2.4), by day of the year; reassessment comes this share of its time after the last.
    key_periods: tuple[Mapping[str, str], ...] = (
        {"name": "寒假后开学", "name_en": "Start of the spring term", "first": "02-15", "last": "03-15"},
        {"name": "春季", "name_en": "Spring", "first": "03-16", "last": "05-31"},
        {"name": "中考、高考与放榜", "name_en": "Entrance exams and results", "first": "06-01", "last": "07-05"},
        {"name": "休渔期结束、船队出海", "name_en": "The fleets leave", "first": "08-01", "last": "08-20"},
        {"name": "秋季开学", "name_en": "Start of the autumn term", "first": "08-25", "last": "09-20"},
        {"name": "首考与期末", "name_en": "January exams and end of term", "first": "01-01", "last": "01-25"},
    )
    key_period_percent: int = 50
    stay_hours: Mapping[str, int] = field(default_factory=lambda: {"red": 72, "orange": 672, "yellow": 672, "blue": 0})
    second_person: tuple[str, ...] = ("red", "orange")
    face_to_face: tuple[str, ...] = ("red", "orange")
    fresh_assessment_days: int = 3
    recent_attempt_days: int = 14
    after_discharge_months: int = 3
    school_refusal_days: int = 14
    # The critical item of PHQ: from this answer on yellow, from that on orange, whatever the total.
    item9_yellow: int = 1
    item9_orange: int = 2
    phq_yellow: int = 15
    phq_blue: int = 10
    gad_yellow: int = 15
    gad_blue: int = 10
    hotline_orange: int = 8
    hotline_yellow: int = 4
    mssmhs_blue: int = 3
    # The same caller this often, or this many concerns about one person, within so many days (PRACTICE.md 3.7).
    repeat_calls: int = 3
    repeat_days: int = 7
    concerns: int = 2
    concern_days: int = 30
    # A screening file that nobody confirms is destroyed with what it holds.
    screening_wait_hours: int = 72
    # Break-glass (SECURITY.md 3.4): how long, how often, when a review is late, when the right rests for want of one.
    glass_hours: int = 4
    glass_per_day: int = 3
    glass_review_hours: int = 24
    glass_suspend_hours: int = 72
    # A draft whose answers call for red or orange comes up after so many minutes without being logged, any other one
    # after so many hours without a keystroke.
    draft_minutes: int = 10
    draft_hours: int = 24
    # The number of a caller is destroyed so long after the call (SECURITY.md, promises).
    number_hours: int = 72
    # A request for records is decided within so many days, an order of a court or of the police sooner. Whatever the
    # answer, one of "nothing" is given on that day and not before (SECURITY.md T9).
    record_days: int = 15
    record_order_days: int = 3
    # So many years after its end a case is erased, where nothing holds it: one that came by the hotline (the guide asks
    # for three), one that came otherwise, one that was ever red or orange.
    keep_hotline_years: int = 3
    keep_years: int = 5
    keep_danger_years: int = 10
    # The hotline's quality review (PRACTICE.md 3.6): which share of the calls of high risk and of the others, how many
    # days the supervisor may read the file; and from how many red calls on a counsellor's shift is too much.
    review_high_percent: int = 100
    review_percent: int = 5
    review_days: int = 7
    reds_per_shift: int = 3
    # How long a shift is at most, how long its notes stand on the sheet, and for how many days calls and notes wait on
    # the supervisor's page.
    shift_hours: int = 12
    notes_hours: int = 48
    supervision_days: int = 14
    # The hint about a caller looks back so many days; from so many harassing calls on, and none with a risk, a
    # supervisor may restrict the number, for so many days at most (PRACTICE.md 3.7).
    caller_days: int = 90
    harassing_calls: int = 2
    restrict_days: int = 30
    # So many wrong codes from one address within ten minutes, and it waits; a computer room has one address.
    answer_tries: int = 60

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Policy:
        """The policy of a stored version. TypeError for a name that no policy has."""
        known = {f.name for f in fields(cls)}
        if set(body) - known:
            raise TypeError(f"unknown policy fields: {sorted(set(body) - known)}")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in body.items()}
        return cls(**values)

    def span(self, kind: str, tier: str) -> Span | None:
        """The span of one kind of clock at one tier; None where policy sets none."""
        table = getattr(self, kind, None)
        return table.get(tier) if isinstance(table, Mapping) else None


MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "workdays": 1440}

"""What is counted for published figures, in which tables, and which indicators are made of it. Pure.

A `Table` sorts one set of events into disjoint cells, each by division; it is rounded and published as a whole
(wellbeing/suppression.py). No set of events stands in two tables. A `Spread` sorts lengths into classes, from which a
median is read; its counts are never published.
"""

from __future__ import annotations

from fractions import Fraction

from wellbeing.reports import ballot_measures as ballots
from wellbeing.reports import centre_measures as centre
from wellbeing.reports import formulas
from wellbeing.reports.kinds import CLASSED as CLASSED
from wellbeing.reports.kinds import ENOUGH as ENOUGH
from wellbeing.reports.kinds import Again as Again
from wellbeing.reports.kinds import Indicator as Indicator
from wellbeing.reports.kinds import Spread as Spread
from wellbeing.reports.kinds import Table as Table
from wellbeing.reports.kinds import rank as rank
from wellbeing.translatable import _

TIERS = ("red", "orange", "yellow", "blue")
CITY = "330900"  # the division of what no county can be told of


DAY = tuple(f"h{hour:02}" for hour in range(24) if not formulas.at_night(hour))
NIGHT = tuple(f"h{hour % 24:02}" for hour in range(22, 30))
HOURS_OF_DAY = DAY + NIGHT
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LINES = ("2912345", "12356", "12355", "elsewhere")
KINDS = ("valid", "repeat", "silence", "wrong", "harassing", "test")
TABLES = (
    Table("calls", ("high_day", "high_night", "other_day", "other_night")),
    # What the exchange heard. A call may ring and need no sheet, or be logged without it: not the calls sorted again.
    Table("rings", ("quick", "slow", "abandoned"), reported=True),
    Table("warnings", TIERS),
    Table("acknowledged", tuple(f"{tier}_{when}" for tier in TIERS for when in ("in_time", "late"))),
    Table("callbacks", ("in_time", "late")),
    Table("tries", ("reached", "unreached", "declined")),
    Table("requests", ("accepted", "declined")),
    Table("visits", ("within", "later")),
    Table("ended", ("looped", "reported", "silent")),
    Table("shifts", ("shifts",)),
    # Calls of the whole city two weeks after they began, when no supervisor is offered them any more: the history of
    # the calls' own sum, late. Both sums grow in the same fives, so one world of fives has both.
    Table("supervised", ("reviewed", "unreviewed")),
    Table("screened", ("answered", "unanswered", "unasked")),
    Table("filed", ("sheets",)),
    *centre.TABLES,
)
EVERY = "high_day other_day high_night other_night"
# The calls once more: by hour, weekday, line and kind, of the whole city.
AGAIN = (
    Again("hours", HOURS_OF_DAY, {"high_day other_day": DAY, "high_night other_night": NIGHT}),
    Again("weekdays", WEEKDAYS, {EVERY: WEEKDAYS}),
    Again("lines", LINES, {EVERY: LINES}),
    Again("kinds", KINDS, {EVERY: KINDS}),
)


WAIT = Spread("wait", (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600))
LENGTH = Spread("length", (5, 10, 15, 20, 30, 45, 60, 90, 120))
LOOP = Spread("loop", (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90), months=12)
SPREADS = (WAIT, LENGTH, LOOP, centre.CONTACT)
TOPICS = ballots.TOPIC_COUNTS
YEAR = 12
PARTS = {"median": Fraction(1, 2), "p90": Fraction(9, 10)}
# What is published of them: (spread, part, months up to and with the one it is published with).
CLASSES = {
    f"{spread.code}.{prefix}{name}": (spread, part, months)
    for spread in SPREADS
    for prefix, months in (("", spread.months), ("year_", YEAR))
    for name, part in PARTS.items()
}
SECONDS, HOURS = "wait.seconds", "shifts.hours"  # sums: of waits in seconds with their number, of hours on duty
WAITS = "wait.calls"
ASA = "wait.mean"
YEARS_ASA = "wait.year_mean"


def _cells(code: str) -> dict[str, str]:
    table = next(one for one in TABLES if one.code == code)
    return dict(zip(table.cells, table.measures, strict=True))


def _picked(code: str, *cells: str) -> tuple[str, ...]:
    every = _cells(code)
    return tuple(every[cell] for cell in cells) if cells else tuple(every.values())


def _sla(tier: str, label: str) -> Indicator:
    done = (f"{tier}_in_time", f"{tier}_late")
    return Indicator(
        f"sla_{tier}",
        label,
        "share",
        _picked("acknowledged", done[0]),
        _picked("acknowledged", *done),
        formulas.sla_rate,
    )


NO_SWITCH = _("The telephone system does not report its calls yet.")

HOTLINE = (
    Indicator("calls", _("Calls answered and logged"), "count", _picked("calls")),
    Indicator("offered", _("Calls offered by the exchange"), "count", _picked("rings"), lacks=NO_SWITCH),
    Indicator(
        "answered", _("Calls answered at the exchange"), "count", _picked("rings", "quick", "slow"), lacks=NO_SWITCH
    ),
    Indicator("abandoned", _("Calls given up while waiting"), "count", _picked("rings", "abandoned"), lacks=NO_SWITCH),
    Indicator(
        "answer_rate",
        _("Answer rate"),
        "share",
        _picked("rings", "quick", "slow"),
        _picked("rings"),
        formulas.answer_rate,
        NO_SWITCH,
    ),
    Indicator(
        "abandon_rate",
        _("Abandoned calls"),
        "share",
        _picked("rings", "abandoned"),
        _picked("rings"),
        formulas.abandon_rate,
        NO_SWITCH,
    ),
    Indicator(
        "service_level_20s",
        _("Answered within 20 seconds, of all offered"),
        "share",
        _picked("rings", "quick"),
        _picked("rings"),
        formulas.service_level_20s,
        NO_SWITCH,
    ),
    Indicator("asa", _("Average speed of answer"), "seconds", (ASA,)),
    Indicator("wait_median", _("Half answered within"), "seconds", ("wait.median",)),
    Indicator("wait_p90", _("Nine of ten answered within"), "seconds", ("wait.p90",)),
    Indicator("length_median", _("Half of the calls last up to"), "minutes", ("length.median",)),
    Indicator("length_p90", _("Nine of ten calls last up to"), "minutes", ("length.p90",)),
    Indicator(
        "night_share",
        _("Calls at night (22:00–06:00)"),
        "share",
        _picked("calls", "high_night", "other_night"),
        _picked("calls"),
        formulas.night_share,
    ),
    Indicator(
        "high_calls", _("Calls of high risk (red or orange)"), "count", _picked("calls", "high_day", "high_night")
    ),
    Indicator(
        "high_risk_share",
        _("Calls of high risk, of all logged"),
        "share",
        _picked("calls", "high_day", "high_night"),
        _picked("calls"),
        formulas.high_risk_share,
    ),
    ballots.LOCAL,
    ballots.DIFFICULT,
    Indicator(
        "repeat_share",
        _("Repeated calls, of all that were no silence, mistake, harassment or test"),
        "share",
        ("kinds.repeat",),
        ("kinds.valid", "kinds.repeat"),
        formulas.repeat_share,
    ),
    Indicator(
        "followup_on_time",
        _("Call-backs done on time"),
        "share",
        _picked("callbacks", "in_time"),
        _picked("callbacks"),
        formulas.followup_on_time,
    ),
    Indicator(
        "contact_rate",
        _("Tries to call back that reached somebody"),
        "share",
        _picked("tries", "reached"),
        _picked("tries"),
        formulas.contact_rate,
    ),
    ballots.INTENT,
    Indicator(
        "supervision_rate",
        _("Calls reviewed by a supervisor within two weeks"),
        "share",
        _picked("supervised", "reviewed"),
        _picked("supervised"),
        formulas.supervision_rate,
    ),
    Indicator("shifts", _("Shifts at the hotline"), "count", _picked("shifts")),
    Indicator("staff_hours", _("Hours on duty at the hotline"), "hours", (HOURS,)),
    Indicator(
        "calls_per_operator_shift",
        _("Calls per shift"),
        "each",
        _picked("calls"),
        _picked("shifts"),
        formulas.calls_per_operator_shift,
    ),
    ballots.SATISFACTION,
    ballots.ADVICE,
)
DANGER = (
    Indicator("warnings_red", _("Red warnings raised"), "count", _picked("warnings", "red")),
    Indicator("warnings_orange", _("Orange warnings raised"), "count", _picked("warnings", "orange")),
    Indicator("warnings", _("Warnings raised, all tiers"), "count", _picked("warnings")),
    _sla("red", _("Red warnings acknowledged in time")),
    _sla("orange", _("Orange warnings acknowledged in time")),
    _sla("yellow", _("Yellow warnings acknowledged in time")),
    _sla("blue", _("Blue warnings acknowledged in time")),
)
REFERRALS = (
    Indicator("ended", _("Referrals sent and ended"), "count", _picked("ended")),
    Indicator("loop_median", _("Half of the hospital's reports back within"), "days", ("loop.median",)),
    Indicator("loop_p90", _("Nine of ten reports back within"), "days", ("loop.p90",)),
    Indicator(
        "closed_loop_rate",
        _("Loops closed: hospital's report and school's plan"),
        "share",
        _picked("ended", "looped"),
        _picked("ended"),
        formulas.closed_loop_rate,
    ),
    Indicator(
        "feedback_rate",
        _("Hospital reported back"),
        "share",
        _picked("ended", "looped", "reported"),
        _picked("ended"),
        formulas.feedback_rate,
    ),
    Indicator(
        "first_visit_within_7d",
        _("First visit within seven days"),
        "share",
        _picked("visits", "within"),
        _picked("visits"),
        formulas.first_visit_within_7d,
    ),
    Indicator(
        "referral_conversion",
        _("Requests of schools that were accepted"),
        "share",
        _picked("requests", "accepted"),
        _picked("requests"),
        formulas.referral_conversion,
    ),
)
# Campaigns that ended: every pupil on their rolls once, on the day of the end.
SCREENING = (
    Indicator(
        "screening_coverage",
        _("Pupils screened, of all on the roll"),
        "share",
        _picked("screened", "answered"),
        _picked("screened"),
        formulas.screening_coverage,
    ),
    Indicator(
        "screening_response",
        _("Pupils screened, of those who may be asked"),
        "share",
        _picked("screened", "answered"),
        _picked("screened", "answered", "unanswered"),
        formulas.screening_response,
    ),
    Indicator("screened", _("Pupils screened"), "count", _picked("screened", "answered")),
    Indicator("screened_filed", _("Answer sheets in files brought without a campaign"), "count", _picked("filed")),
    Indicator("screening_listed", _("Pupils on the rolls of campaigns that ended"), "count", _picked("screened")),
)
SUBJECTS: dict[str, tuple[Indicator, ...]] = {
    "danger": DANGER,
    "hotline": HOTLINE,
    "referrals": REFERRALS,
    "screening": SCREENING,
    "centre": centre.CENTRE,
    "incidents": centre.INCIDENTS,
}


def published(subject: str) -> list[str]:
    """Every measure that stands on a subject's page. KeyError for an unknown subject."""
    again = [*TOPICS, *(measure for one in AGAIN for measure in one.measures)] if subject == "hotline" else []
    return sorted({*again, *(measure for one in SUBJECTS[subject] for measure in one.published)})

"""Count one day: every measure by division, from covers, clocks and steps. Nothing sealed is read, no key is asked.

Each event belongs to the one day on which it happened or was decided, so that a day that is over keeps its numbers;
what is entered late changes the day it belongs to, and counting it again finds that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from cases.clocks import ClockKind
from cases.models import (
    Call,
    CallBack,
    CallBackOutcome,
    CampaignStudent,
    Case,
    Consenting,
    Deadline,
    DeadlineState,
    Review,
    ScreeningBatch,
    Warning,
)
from cases.supervision import opening
from referrals.models import Referral, Step
from wellbeing.exchange.models import Ring
from wellbeing.people.models import Role
from wellbeing.reports import measures as m
from wellbeing.reports.counting_centre import activities, centre, incidents
from wellbeing.reports.formulas import QUICK, at_night
from wellbeing.rota.models import Shift
from wellbeing.workdays import TIMEZONE

Counted = Counter[tuple[str, str]]  # (division, measure)
HIGH = ("red", "orange")
WEEK = timedelta(days=7)
JUDGED_AFTER = timedelta(days=14)  # fixed, so that a call is counted once also when the days of policy change
CALL_KIND = {"": "valid", "silent": "silence"}  # the clear column's words, where the figures have others


def bounds(day: date) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, in Shanghai."""
    begin = datetime.combine(day, time(), TIMEZONE)
    return begin, begin + timedelta(days=1)


def count_day(day: date) -> Counted:
    """Every measure of one day; what did not happen is not in it. The cost follows the day's events."""
    begin, end = bounds(day)
    found: Counted = Counter()
    for part in (*PARTS, activities, centre, incidents):
        for division, measure, amount in part(begin, end):
            found[division, measure] += amount
    return found


def first_day() -> date | None:
    """The day of the first case; None in an empty city. A call may have begun the evening before."""
    first = Case.objects.order_by("pk").values_list("opened_at", flat=True).first()
    return first.astimezone(TIMEZONE).date() - timedelta(days=1) if first else None


Found = Iterable[tuple[str, str, int]]


def _within(field: str, begin: datetime, end: datetime) -> Q:
    return Q(**{f"{field}__gte": begin, f"{field}__lt": end})


def _calls(begin: datetime, end: datetime) -> Found:
    rows = Call.objects.filter(_within("started_at", begin, end)).annotate(high=opening(*HIGH))
    typed = not Ring.objects.filter(_within("offered_at", begin, end)).exists()  # else the exchange knows the waits
    for division, at, wait, length, grave, line, kind in rows.values_list(
        "case__division_id", "started_at", "answered_after_s", "length_min", "high", "line", "kind"
    ):
        here = at.astimezone(TIMEZONE)
        night = "night" if at_night(here.hour) else "day"
        yield m.CITY, f"hours.h{here.hour:02}", 1
        yield m.CITY, f"weekdays.{m.WEEKDAYS[here.weekday()]}", 1
        yield m.CITY, f"lines.{line if line in m.LINES else 'elsewhere'}", 1
        yield m.CITY, f"kinds.{CALL_KIND.get(kind, kind)}", 1
        yield division, f"calls.{'high' if grave else 'other'}_{night}", 1
        if typed and wait is not None:
            yield from _wait(division, wait)
        if length is not None:
            yield division, m.LENGTH.measure(length), 1


def _wait(division: str, seconds: int) -> Found:
    yield division, m.WAIT.measure(seconds), 1
    yield division, m.WAITS, 1
    yield division, m.SECONDS, seconds


def _rings(begin: datetime, end: datetime) -> Found:
    """Calls of the exchange by the day they were offered; one that still waits, or whose end was never said, is none
    yet. Nobody has said of which county they are."""
    rows = Ring.objects.filter(_within("offered_at", begin, end))
    for ring in rows.only("offered_at", "answered_at", "ended_at"):
        if ring.answered_at is not None and ring.waited_s is not None:
            yield m.CITY, f"rings.{'quick' if ring.waited_s <= QUICK else 'slow'}", 1
            yield from _wait(m.CITY, ring.waited_s)
        elif ring.ended_at is not None:
            yield m.CITY, "rings.abandoned", 1


def _warnings(begin: datetime, end: datetime) -> Found:
    rows = Warning.objects.filter(_within("raised_at", begin, end), tier__in=m.TIERS)
    for division, tier in rows.values_list("case__division_id", "tier"):
        yield division, f"warnings.{tier}", 1


def _acknowledged(begin: datetime, end: datetime) -> Found:
    rows = Deadline.objects.filter(
        _within("ended_at", begin, end), kind=ClockKind.ACKNOWLEDGE, state=DeadlineState.MET, tier__in=m.TIERS
    )
    for division, tier, ended, due in rows.values_list("case__division_id", "tier", "ended_at", "due_at"):
        yield division, f"acknowledged.{tier}_{'in_time' if ended and ended <= due else 'late'}", 1


def _callbacks(begin: datetime, end: datetime) -> Found:
    """Call-backs by the day they were due; one that was void before that was not due."""
    rows = Deadline.objects.filter(_within("due_at", begin, end), kind=ClockKind.CALLBACK)
    rows = rows.exclude(state=DeadlineState.VOID, ended_at__lte=F("due_at"))
    for division, state, ended, due in rows.values_list("case__division_id", "state", "ended_at", "due_at"):
        done = state == DeadlineState.MET and ended is not None and ended <= due
        yield division, f"callbacks.{'in_time' if done else 'late'}", 1


def _tries(begin: datetime, end: datetime) -> Found:
    taken_back = CallBack.objects.filter(
        deadline=OuterRef("deadline"), outcome=CallBackOutcome.TAKEN_BACK, at__gte=OuterRef("at")
    )
    rows = CallBack.objects.filter(_within("at", begin, end)).exclude(outcome=CallBackOutcome.TAKEN_BACK)
    rows = rows.exclude(Exists(taken_back), outcome__in=(CallBackOutcome.REACHED, CallBackOutcome.DECLINED))
    for division, outcome in rows.values_list("case__division_id", "outcome"):
        yield division, f"tries.{outcome}", 1


def _steps(state: str) -> QuerySet[Step]:
    return Step.objects.filter(referral=OuterRef("referral"), state=state)


def _requests(begin: datetime, end: datetime) -> Found:
    rows = Step.objects.filter(_within("at", begin, end), state__in=("accepted", "declined"))
    for division, state in rows.values_list("referral__division_id", "state"):
        yield division, f"requests.{state}", 1


def _visits(begin: datetime, end: datetime) -> Found:
    """Referrals judged on the seventh day after they were first sent."""
    rows = Step.objects.filter(_within("at", begin - WEEK, end - WEEK), state="sent")
    rows = rows.exclude(Exists(_steps("sent").filter(at__lt=OuterRef("at"))))
    came = Exists(_steps("attended").filter(at__lte=OuterRef("at") + WEEK))
    for division, visited in rows.annotate(came=came).values_list("referral__division_id", "came"):
        yield division, f"visits.{'within' if visited else 'later'}", 1


def _ended(begin: datetime, end: datetime) -> Found:
    def had(state: str) -> Exists:
        return Exists(Step.objects.filter(referral=OuterRef("pk"), state=state))

    rows = Referral.objects.filter(_within("ended_at", begin, end)).filter(had("sent"))
    rows = rows.annotate(reported=had("reported"), planned=had("return_plan"))
    for division, reported, planned in rows.values_list("division_id", "reported", "planned"):
        yield division, f"ended.{'looped' if reported and planned else 'reported' if reported else 'silent'}", 1


def _loops(begin: datetime, end: datetime) -> Found:
    """Days from the first step to the hospital's first report."""
    rows = Step.objects.filter(_within("at", begin, end), state="reported")
    rows = rows.exclude(Exists(_steps("reported").filter(at__lt=OuterRef("at"))))
    first = Step.objects.filter(referral=OuterRef("referral")).values("referral").annotate(first=Min("at"))
    for division, at, opened in rows.annotate(first=Subquery(first.values("first"))).values_list(
        "referral__division_id", "at", "first"
    ):
        yield division, m.LOOP.measure(-(-(at - opened) // timedelta(days=1))), 1


def _shifts(begin: datetime, end: datetime) -> Found:
    hotline = (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
    rows = Shift.objects.filter(desk__role__in=hotline, starts_at__lt=end, ends_at__gte=begin, starts_at__gte=begin)
    for division, starts, ends in rows.values_list("desk__organisation__division_id", "starts_at", "ends_at"):
        yield division, "shifts.shifts", 1
        yield division, m.HOURS, round((ends - starts) / timedelta(hours=1))


def _supervised(begin: datetime, end: datetime) -> Found:
    """Calls judged once each, so many days after they began: whether a review was finished by then."""
    rows = Call.objects.filter(_within("started_at", begin - JUDGED_AFTER, end - JUDGED_AFTER))
    done = Exists(Review.objects.filter(call=OuterRef("pk"), reviewed_at__lte=OuterRef("started_at") + JUDGED_AFTER))
    for (reviewed,) in rows.annotate(done=done).values_list("done"):
        yield m.CITY, f"supervised.{'reviewed' if reviewed else 'unreviewed'}", 1


def _screened(begin: datetime, end: datetime) -> Found:
    """Everybody on the roll of a campaign, on the day it ended: a roll that is open still grows."""
    unasked = Q(opted_out_at__isnull=False) | Q(campaign__consent=Consenting.SIGNED, consented_at=None)
    rows = CampaignStudent.objects.filter(_within("campaign__ended_at", begin, end)).values_list("batch__division_id")
    came = Q(answered_at__isnull=False)
    for division, answered, refused, listed in rows.annotate(
        answered=Count("pk", filter=came), refused=Count("pk", filter=~came & unasked), listed=Count("pk")
    ):
        yield division, "screened.answered", answered
        yield division, "screened.unasked", refused
        yield division, "screened.unanswered", listed - answered - refused


def _filed(begin: datetime, end: datetime) -> Found:
    """Answer sheets in files that were brought without a campaign: there is no roll that they could be a share of."""
    rows = ScreeningBatch.objects.filter(_within("finished_at", begin, end), campaign=None, state="finished")
    for division, taken in rows.values_list("division").annotate(n=Sum("taken")):
        yield division, "filed.sheets", taken


PARTS = (
    *(_calls, _rings, _warnings, _acknowledged, _callbacks, _tries, _requests, _visits),
    *(_ended, _loops, _shifts, _supervised, _screened, _filed),
)


def danger_now(at: datetime) -> dict[tuple[str, str, bool], int]:
    """Open red and orange cases by (division, tier, overdue): overdue where any of its clocks has run out. The cost
    follows the open ones."""
    late = Deadline.objects.filter(case=OuterRef("pk"), state=DeadlineState.RUNNING, due_at__lt=at)
    rows = Case.objects.filter(tier__in=HIGH, closed_at=None).annotate(late=Exists(late))
    counted: Counter[Any] = Counter(rows.values_list("division_id", "tier", "late"))
    return dict(counted)

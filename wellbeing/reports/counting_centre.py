"""Count one day of the city youth centre, of its activities and of incidents on campus: from covers, clocks and
registers, never from a word.

A case is **taken over** by the centre when a clock of its first goes up to the centre's duty desk, or when the desk
opens it itself. Contact with it is an assessment, or a follow-up that met its clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain
from operator import or_
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from cases.clocks import ClockKind
from cases.models import Assessment, Case, Deadline, DeadlineState, Escalation, Lowering, Warning
from cases.tiers import Tier
from wellbeing.people.models import Desk, Role
from wellbeing.registers.models import Activity, Incident
from wellbeing.reports.centre_measures import CONTACT
from wellbeing.workdays import TIMEZONE

Found = Iterable[tuple[str, str, int]]
NOW = timedelta(0)
AFTER = {"after30": timedelta(days=30), "after90": timedelta(days=90)}
JUDGED = timedelta(days=7)  # after so long it is said how soon the first contact came


def activities(begin: datetime, end: datetime) -> Found:
    """Held on this day, and how many they reached; what is struck counts no more."""
    day = begin.astimezone(TIMEZONE).date()
    rows = Activity.objects.filter(held_on=day, struck_at=None)
    for division, kind, reached in rows.values_list("division_id", "kind", "reached"):
        yield division, f"activities.{kind}", 1
        yield division, f"reached.{kind}", reached


def incidents(begin: datetime, end: datetime) -> Found:
    """By the day on which they happened."""
    rows = Incident.objects.filter(happened_at__gte=begin, happened_at__lt=end)
    for division, about in rows.values_list("division_id", "about"):
        yield division, f"incidents.{about}", 1


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that the centre took over, and when; of its cover what the figures need."""

    case: UUID
    division: str
    at: datetime
    opened_at: datetime
    closed_at: datetime | None
    tier: str


def centre(begin: datetime, end: datetime) -> Found:
    """Cases taken over, contacts with them, how soon the first came, and how they stand after 30 and 90 days."""
    desks = list(Desk.objects.filter(role=Role.CITY_DUTY).values_list("pk", flat=True))
    for division in _contacts_of_day(desks, begin, end):
        yield division, "sessions.held", 1
    for one in _taken_over(desks, [(begin - ago, end - ago) for ago in (NOW, JUDGED, *AFTER.values())]):
        ago = begin - one.at
        if ago <= NOW:
            yield one.division, "taken.cases", 1
        elif ago <= JUDGED:
            first = min((at for at in _contacts(one) if one.at <= at <= one.at + JUDGED), default=None)
            hours = 1000 if first is None else -(-(first - one.at) // timedelta(hours=1))
            yield one.division, CONTACT.measure(hours), 1
        else:
            table = next(name for name, span in AFTER.items() if ago <= span)
            yield one.division, f"{table}.{outcome(one, one.at + AFTER[table])}", 1


def _taken_over(desks: list[int], spans: list[tuple[datetime, datetime]]) -> Iterator[Taken]:
    """The cases that the centre took over in any of these days, each once."""

    def within(field: str) -> Q:
        return reduce(or_, (Q(**{f"{field}__gte": begin, f"{field}__lt": end}) for begin, end in spans))

    cover = ("pk", "division_id", "opened_at", "opened_at", "closed_at", "tier")
    for row in Case.objects.filter(within("opened_at"), owner_desk_id__in=desks).values_list(*cover):
        yield Taken(*row)
    earlier = Escalation.objects.filter(case=OuterRef("case"), desk_id__in=desks, at__lt=OuterRef("at"))
    rows = Escalation.objects.filter(within("at"), desk_id__in=desks)
    rows = rows.exclude(Exists(earlier)).exclude(case__owner_desk_id__in=desks)
    seen = set()
    fields = ("case_id", *(f"case__{name}" for name in cover[1:]))
    for at, *row in rows.order_by("at").values_list("at", *fields):
        if row[0] not in seen:
            seen.add(row[0])
            yield Taken(row[0], row[1], at, *row[3:])


def outcome(one: Taken, then: datetime) -> str:
    """How a case stood at a moment against how it was taken over: "closed", "lower", "same" or "higher"."""
    if one.closed_at is not None and one.closed_at <= then:
        return "closed"
    before, after = tier_at(one, one.at), tier_at(one, then)
    return "same" if before == after else "lower" if after.rank > before.rank else "higher"


def tier_at(one: Taken, at: datetime) -> Tier:
    """The tier of a case at a moment, from its warnings and the lowerings that were carried out."""
    moves = list(Warning.objects.filter(case=one.case, raised_at__lte=at).values_list("raised_at", "tier"))
    # One that nobody had to confirm was carried out as it was proposed; any other only when it was confirmed.
    done = Q(confirmed_by__isnull=False) | Q(ended_at=F("proposed_at"))
    lowered = Lowering.objects.filter(done, case=one.case, close_reason="", ended_at__lte=at).values_list(
        "ended_at", "to_tier"
    )
    moves += [(then, tier) for then, tier in lowered if then]
    return Tier(max(moves)[1] if moves else one.tier)


def _contacts(one: Taken) -> Iterator[datetime]:
    met = Deadline.objects.filter(case=one.case, kind=ClockKind.FOLLOW_UP, state=DeadlineState.MET)
    return chain(
        Assessment.objects.filter(case=one.case).values_list("at", flat=True),
        (at for at in met.values_list("ended_at", flat=True) if at),
    )


def _contacts_of_day(desks: list[int], begin: datetime, end: datetime) -> Iterator[str]:
    """The divisions of the day's contacts. The cost follows the centre's cases that were open on that day."""
    open_then = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=begin))
    gone_up = Escalation.objects.filter(desk_id__in=desks, at__lt=end).values("case_id")
    # Two walks of an index: an OR of both would look at every case.
    cases = {
        *open_then.filter(owner_desk_id__in=desks).values_list("pk", flat=True),
        *open_then.filter(pk__in=gone_up).values_list("pk", flat=True),
    }
    assessed = Assessment.objects.filter(case__in=cases, at__gte=begin, at__lt=end)
    met = Deadline.objects.filter(
        case__in=cases, kind=ClockKind.FOLLOW_UP, state=DeadlineState.MET, ended_at__gte=begin, ended_at__lt=end
    )
    return chain(*(rows.values_list("case__division_id", flat=True) for rows in (assessed, met)))

"""The door to the figures of schools: how far a campaign is in each, and what the terms before came to. Nothing sealed
is opened; a machine counts rows, and whoever asks sees the schools that she may bring files of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from cases.clocks import ClockKind
from cases.models import (
    Campaign,
    CampaignStudent,
    Consenting,
    Deadline,
    DeadlineState,
    Interviewed,
    ScreeningFlag,
    ScreeningTally,
)
from cases.school_figures import Tallied
from cases.screening_access import schools_of
from wellbeing.access.actor import Actor, reading
from wellbeing.access.machines import FIGURES
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.people.models import Organisation, School
from wellbeing.workdays import TIMEZONE, now

TALKED = (Interviewed.CONCERN, Interviewed.NO_CONCERN)


@dataclass(slots=True)
class Progress:
    """How far a campaign is in one school. `enrolled` is the register's number, none where only some grades take part;
    `waits` are the days from a flag to its talk."""

    enrolled: int | None = None
    listed: int = 0
    asked: int = 0  # nobody objected; where a yes is asked for, it is there
    answered: int = 0
    done: int = 0
    reviewed: int = 0
    waiting: int = 0
    overdue: int = 0
    waits: list[int] = field(default_factory=list)

    @property
    def median_days(self) -> float | None:
        """Half of the talks came within so many days; none of fewer than five."""
        return median(self.waits) if len(self.waits) >= 5 else None


def progress(actor: Actor, campaign: Campaign) -> dict[UUID, Progress]:
    """By school, of those whose files the actor may bring. The campaign comes from `open_campaign`."""
    schools = [UUID(pk) for pk in campaign.schools]
    mine = {desk.organisation_id for desk in schools_of(actor)} & set(schools)
    found: dict[UUID, Progress] = defaultdict(Progress)
    with reading(FIGURES):
        for school, listed, asked, answered in _rolls(campaign, mine):
            one = found[school]
            one.listed, one.asked, one.answered = listed, asked, answered
        if not campaign.grades:
            for school, enrolment in School.objects.filter(pk__in=mine).values_list("pk", "enrolment"):
                found[school].enrolled = enrolment
        _talks(campaign, mine, found)
    return dict(found)


def _rolls(campaign: Campaign, schools: set[UUID]) -> list[tuple[UUID, int, int, int]]:
    no = Q(opted_out_at__isnull=False)
    if campaign.consent == Consenting.SIGNED:
        no |= Q(consented_at=None)
    rows = CampaignStudent.objects.filter(campaign=campaign, batch__school__in=schools).values_list("batch__school")
    counted = rows.annotate(
        listed=Count("pk"), asked=Count("pk", filter=~no), answered=Count("pk", filter=Q(answered_at__isnull=False))
    )
    return list(counted)


def _talks(campaign: Campaign, schools: set[UUID], found: dict[UUID, Progress]) -> None:
    """Overdue is a talk whose day is over, or whose clock has run out."""
    at = now()
    late = Deadline.objects.filter(
        case=OuterRef("case"), kind=ClockKind.FIRST_MEETING, state=DeadlineState.RUNNING, due_at__lt=at
    )
    rows = ScreeningFlag.objects.filter(batch__campaign=campaign, desk__organisation__in=schools)
    rows = rows.filter(Q(case__closed_at=None) | ~Q(outcome="")).annotate(late=Exists(late))
    for school, outcome, flagged_at, done_at, planned, is_late in rows.values_list(
        "desk__organisation_id", "outcome", "at", "done_at", "planned_on", "late"
    ):
        one = found[school]
        if outcome in TALKED and done_at is not None:
            one.done += 1
            one.waits.append((done_at.astimezone(TIMEZONE).date() - flagged_at.astimezone(TIMEZONE).date()).days)
        elif outcome == Interviewed.REVIEWED:
            one.reviewed += 1
        else:
            one.waiting += 1
            one.overdue += is_late or (planned is not None and planned < at.date())


def tallies(actor: Actor, school: UUID) -> tuple[Organisation, list[Tallied]]:
    """What the files of a school came to, by term. Forbidden for a school whose files the actor may not bring."""
    desk = next((one for one in schools_of(actor) if one.organisation_id == school), None)
    if desk is None or not may(actor, P.SCREENING_UPLOAD):
        raise Forbidden
    with reading(FIGURES):
        rows = ScreeningTally.objects.filter(desk=desk)
        found = [Tallied(*row) for row in rows.values_list("term", "grade", "instrument", "band", "students", "points")]
    return desk.organisation, found

"""The door of the hotline's supervisor: the calls that the sample holds, each counsellor's load, what follows a call.

Nobody gave her the calls, so a machine looks, and tells what is clear of them: when, by whom, how long, how grave.
The file itself opens only with a review that has begun. Missing and not hers are both Forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Call, Debriefing, PolicyVersion, Review, Warning
from cases.policy import Policy
from cases.quality import Load, Taken, drawn, loads
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import SUPERVISION
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, cut, key_of
from wellbeing.people.desks import members
from wellbeing.people.models import Desk, Role
from wellbeing.rota import duty
from wellbeing.vault.named import named_key
from wellbeing.workdays import now

LONGEST_SHIFT = timedelta(days=1)
HARD_CALLS = timedelta(days=2)  # how long a note after a hard call is asked for
PAGE = 100


def opening(*tiers: str) -> Exists:
    """Whether a call's case was opened with a warning of one of these tiers: the tier the counsellor chose."""
    return Exists(Warning.objects.filter(case=OuterRef("case"), raised_at=OuterRef("case__opened_at"), tier__in=tiers))


@dataclass(frozen=True, slots=True)
class Sampled:
    """One call of the sample, and its review once it has begun. `asked`: its counsellor asked for it."""

    call: Call
    high: bool
    asked: bool
    review: Review | None

    @property
    def done(self) -> bool:
        """Whether it was reviewed."""
        return self.review is not None and self.review.reviewed_at is not None


def supervisors_desk(actor: Actor, permission: P) -> Desk:
    """The desk through which the actor supervises. Raises Forbidden."""
    post = actor.post_as(Role.HOTLINE_SUPERVISOR)
    if post is None or not may(actor, permission):
        raise Forbidden
    return Desk.objects.select_related("organisation").get(pk=post.desk_id)


def reviewers_desk(actor: Actor) -> Desk:
    """The desk through which the actor reviews calls: a supervisor's, or the city's duty in her place. Forbidden."""
    post = actor.post_as(Role.HOTLINE_SUPERVISOR) or actor.post_as(Role.CITY_DUTY)
    if post is None or not may(actor, P.CALL_REVIEW):
        raise Forbidden
    return Desk.objects.select_related("organisation").get(pk=post.desk_id)


def sample(actor: Actor, before: str = "") -> Page[Sampled]:
    """The calls of policy's last days that are to be reviewed, by others than herself: all that wait, of these first
    the ones whose counsellor asked for it, then a page of the reviewed ones; the newest first, those older than the
    call `before`. The city's duty reviews those of a supervisor who has no colleague to do it."""
    desk = reviewers_desk(actor)
    policy, key = PolicyVersion.current().policy(), named_key("review_sample")
    with identity(SUPERVISION):
        rows = _reviewed_from(desk).filter(started_at__gte=_lately(policy)).exclude(counsellor_id=actor.person)
        known = rows.values_list("pk", "high", "review_asked")  # type: ignore[misc]  # high: annotated
        shares = _shares(policy)
        held = [pk for pk, high, asked in known if asked or drawn(pk, shares[high], key)]
        found = list(_reviewed_from(desk).filter(pk__in=held).select_related("counsellor").order_by("-started_at"))
    begun = {one.call_id: one for one in Review.objects.filter(call__in=[call.pk for call in found])}
    every = [Sampled(one, one.high, one.review_asked, begun.get(one.pk)) for one in found]  # type: ignore[attr-defined]
    done = sorted((one for one in every if one.done), key=lambda one: one.call.pk, reverse=True)
    last = key_of(before)
    rest = [one for one in done if last is None or one.call.pk < last]
    waiting = sorted((one for one in every if not one.done), key=lambda one: not one.asked)
    return cut(rest, [one.call.pk for one in rest], above=waiting if last is None else [])


def sampled_call(actor: Actor, pk: UUID) -> Call:
    """One call of the sample, with `high` and its case. Forbidden for any other, and for the actor's own."""
    desk = reviewers_desk(actor)
    policy, key = PolicyVersion.current().policy(), named_key("review_sample")
    with identity(SUPERVISION):
        call = _reviewed_from(desk).filter(pk=pk).exclude(counsellor_id=actor.person).select_related("case").first()
    if call is None or not (call.review_asked or drawn(call.pk, _shares(policy)[call.high], key)):  # type: ignore[attr-defined]
        raise Forbidden
    return call


def open_review(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> Review:
    """A review that the actor began. Forbidden otherwise."""
    if not may(actor, permission):
        raise Forbidden
    rows = Review.objects.select_for_update(of=("self",)) if lock else Review.objects
    review = rows.select_related("counsellor", "call").filter(pk=pk, by_id=actor.person).first()
    if review is None:
        raise Forbidden
    return review


def my_reviews(actor: Actor) -> list[Review]:
    """The reviews of the actor's own calls of policy's last days, the newest first: their marks, never their notes."""
    since = _lately(PolicyVersion.current().policy())
    rows = Review.objects.filter(counsellor_id=actor.person, reviewed_at__gte=since)
    return list(rows.select_related("by", "call").order_by("-reviewed_at")[:PAGE])


def own_call(actor: Actor, pk: UUID, permission: P) -> Call:
    """A call that the actor took and whose case she still sees. Forbidden otherwise."""
    call = Call.objects.select_related("case", "desk").filter(pk=pk, counsellor_id=actor.person).first()
    if call is None or not may(actor, permission):
        raise Forbidden
    return call


def hard_calls(actor: Actor) -> list[Call]:
    """The actor's red and orange calls of the last two days, the newest first, for a debriefing note."""
    rows = Call.objects.filter(counsellor_id=actor.person, started_at__gte=now() - HARD_CALLS)
    return list(rows.filter(opening("red", "orange")).select_related("case").order_by("-started_at"))


def debriefings(actor: Actor, *, own: bool = False) -> list[Debriefing]:
    """The notes after hard calls of policy's last days that the actor may read, unopened; `own`: that she wrote."""
    rows = (
        Debriefing.objects.filter(at__gte=_lately(PolicyVersion.current().policy()))
        .select_related("by")
        .order_by("-at")
    )
    return list((rows.filter(by_id=actor.person) if own else rows)[:PAGE])


def live(actor: Actor) -> list[Load]:
    """What everybody at the hotline has taken in this shift."""
    desk = supervisors_desk(actor, P.DESKS_WATCH)
    at, policy = now(), PolicyVersion.current().policy()
    shifts = {
        one.user_id: (one.name, one.starts_at, one.ends_at)
        for row in Desk.objects.filter(organisation_id=desk.organisation_id)
        for one in duty.who(row.pk)
    }
    with identity(SUPERVISION):
        rows = _calls(desk).filter(started_at__gte=at - LONGEST_SHIFT).select_related("counsellor")
        taken = [
            Taken(call.counsellor_id, str(call.counsellor), call.started_at, call.length_min or 0, call.red)
            for call in rows.annotate(red=opening("red"))
        ]
    return loads(taken, shifts, at - timedelta(hours=policy.shift_hours), policy.reds_per_shift)


def reds_of(counsellor: int, desk: Desk, at: datetime, policy: Policy) -> tuple[int, datetime]:
    """How many red calls somebody has taken in the shift that runs, and when it began: by the rota, else with the first
    red call of policy's hours. What `live` shows, of one person and for whoever logs a call."""
    begins = {one.user_id: one.starts_at for one in duty.who(desk.pk)}.get(counsellor)
    with identity(SUPERVISION):
        rows = _calls(desk).filter(counsellor_id=counsellor).annotate(red=opening("red")).filter(red=True)
        rows = rows.filter(started_at__gte=begins or at - timedelta(hours=policy.shift_hours))
        moments = list(rows.values_list("started_at", flat=True))
    return len(moments), begins or min(moments, default=at)


def _lately(policy: Policy) -> datetime:
    return now() - timedelta(days=policy.supervision_days)


def _calls(desk: Desk) -> QuerySet[Call]:
    rows = Call.objects.filter(desk__organisation_id=desk.organisation_id)
    return rows.annotate(high=opening("red", "orange"))


def _reviewed_from(desk: Desk) -> QuerySet[Call]:
    """The calls that are reviewed from a desk: of its hotline; from the city's, those of each hotline's only
    supervisor."""
    if desk.role == Role.HOTLINE_SUPERVISOR:
        return _calls(desk)
    alone = [
        people[0] for one in Desk.objects.filter(role=Role.HOTLINE_SUPERVISOR) if len(people := members(one.pk)) == 1
    ]
    return Call.objects.filter(counsellor_id__in=alone).annotate(high=opening("red", "orange"))


def _shares(policy: Policy) -> dict[bool, int]:
    """How many per cent of the calls of high risk are in the sample, and how many of the others."""
    return {True: policy.review_high_percent, False: policy.review_percent}

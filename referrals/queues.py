"""What waits for the actor's desks, and what they may see: referrals, places beside them, clocks and how far they went.

The hospital's inbox is the same list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from cases.clocks import ClockKind
from cases.models import Case, DeadlineState, Escalation
from referrals.models import (
    Appointment,
    Crossing,
    Destination,
    Link,
    LinkOpening,
    Packet,
    ProposedTime,
    Referral,
    ReferralGroupObjectPermission,
    Slot,
    Step,
)
from referrals.packet import LETTERS
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import hold_id
from wellbeing.access.machines import CHANNEL
from wellbeing.access.models import Hold
from wellbeing.access.sound import sound_page
from wellbeing.errors import Written
from wellbeing.people.desks import receiving_desks
from wellbeing.people.models import Desk
from wellbeing.rota.duty import everywhere
from wellbeing.workdays import now

PAGE = 25
QUEUE = 50
RELATED = ("from_desk__organisation", "to_desk__organisation", "asked_by__organisation", "division", "held_by")
LAST = datetime.max.replace(tzinfo=UTC)
FAR = {"minutes": 9999}


def standing_letter(referral: Referral) -> Written:
    """The newest letter of a referral, by its cover alone: what a new version would replace."""
    rows = Packet.objects.filter(referral=referral, purpose__in=LETTERS.values()).select_related("author")
    row = rows.order_by("-created_at", "-pk").first()
    return Written(str(row.pk), str(row.author or ""), row.created_at) if row else Written()


def inbox(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> list[Referral]:
    """One page of the desks' referrals, older than `before` (keyset): each desk's first page by its grants, merged."""
    return sound_page(actor, lambda older, most: _by_grants(actor, older, most), before, limit)


def _by_grants(actor: Actor, before: UUID | None, limit: int) -> list[Referral]:
    found: set[UUID] = set()
    for desk in actor.desks:
        grants = ReferralGroupObjectPermission.objects.filter(
            group_id=desk, permission_id=hold_id(Referral, Hold.SEE), expires_at__gt=now()
        )
        if before:
            grants = grants.filter(content_object_id__lt=before)
        found.update(grants.order_by("-content_object_id").values_list("content_object_id", flat=True)[:limit])
    first = sorted(found, reverse=True)[:limit]
    related = ("from_desk__organisation", "to_desk__organisation", "division")
    return list(Referral.objects.filter(pk__in=first).select_related(*related).order_by("-pk"))


Spot = tuple[int, datetime, UUID]  # tier, time, referral: where one stands in the queue


def spot(referral: Referral, actor: Actor) -> Spot:
    """Where it stands in the queue of the actor's desks."""
    return referral.tier_rank, due(referral, actor)[1] or LAST, referral.pk


def queue(actor: Actor, limit: int = QUEUE, after: Spot | None = None) -> list[Referral]:
    """What waits for the actor's desks, by tier and time left: their turn, or to decide on a consent taken back; one
    page of it, after a spot."""
    open_ones = Referral.objects.filter(ended_at=None).select_related(*RELATED)
    asked = Q(from_desk_id__in=actor.desks, decide_by__isnull=False)
    found: list[Referral] = []
    for rows, at in ((open_ones.filter(asked), "decide_by"), (open_ones.filter(turn_id__in=actor.desks), "due_at")):
        rows = rows.exclude(asked) if at == "due_at" else rows
        if after:
            tier, when, pk = after
            never = Q(**{f"{at}__isnull": True})  # stands last, as the index has it
            later = (
                Q(**{f"{at}__gt": when}) | Q(**{at: when}, pk__gt=pk) | never if when < LAST else never & Q(pk__gt=pk)
            )
            rows = rows.filter(Q(tier_rank__gt=tier) | (Q(tier_rank=tier) & later))
        found += rows.order_by("tier_rank", at, "pk")[:limit]
    return sorted(found, key=lambda one: spot(one, actor))[:limit]


def due(referral: Referral, actor: Actor) -> tuple[str, datetime | None]:
    """What is due of the actor's desks, as a kind of clock, and when; to decide comes before the rest."""
    if referral.decide_by is not None and referral.from_desk_id in actor.desks:
        return ClockKind.SECOND_TALK, referral.decide_by
    return referral.due_kind, referral.due_at


def reached(referrals: Iterable[Referral]) -> dict[UUID, Escalation]:
    """How far up the ladder the clocks have come that these referrals wait for, by referral. One query.

    Sender, triage and receiver see the same; the receiver sees no clock of the case itself.
    """
    kinds = {one.case_id: one for one in referrals}
    with identity(CHANNEL):
        risen = Escalation.objects.filter(
            case_id__in=kinds, deadline__state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED)
        ).select_related("deadline", "desk__organisation")
        return {
            kinds[one.case_id].pk: one
            for one in risen.order_by("level")
            if one.deadline.kind == kinds[one.case_id].due_kind
        }


def steps_of(referral: Referral) -> list[Step]:
    """Every step, and what happened beside them, in the order of time."""
    return list(Step.objects.filter(referral=referral).select_related("desk__organisation").order_by("at", "id"))


def open_referral_of(case: Case) -> Referral | None:
    """The case's referral that is under way, as far as the asker sees it."""
    return Referral.objects.filter(case=case, ended_at=None).select_related(*RELATED).first()


def last_crossing(referral: Referral) -> Crossing | None:
    """The crossing that was planned last, with its contacts."""
    return Crossing.objects.filter(referral=referral).order_by("-pk").prefetch_related("contacts__by").first()


def last_link(referral: Referral) -> Link | None:
    """The one-time link that was made last, with every time a code was given."""
    found = Link.objects.filter(referral=referral).select_related("made_by").order_by("-made_at")
    return found.prefetch_related(Prefetch("openings", LinkOpening.objects.order_by("at", "id"))).first()


WEEK, AHEAD = timedelta(days=7), timedelta(days=28)


def open_times(referral: Referral) -> list[ProposedTime]:
    """What the hospital proposes and nobody has chosen yet, the earliest first."""
    return list(ProposedTime.objects.filter(referral=referral, ended_at=None).order_by("at"))


def standing_times(referral: Referral) -> Written:
    """What the hospital proposed last and nobody has chosen yet: what new times would replace."""
    rows = ProposedTime.objects.filter(referral=referral, ended_at=None).select_related("proposed_by")
    row = rows.order_by("-proposed_at", "-pk").first()
    return Written.at_moment(row.proposed_at, row.proposed_by) if row else Written()


def free_slots(desk_id: int, limit: int = 60, *, of: Referral | None = None) -> list[Slot]:
    """The free places of a desk within four weeks, the next first, with those proposed to this very referral."""
    at = now()
    own = [one.slot_id for one in open_times(of)] if of else []
    free = Slot.objects.filter(
        Q(taken=False) | Q(pk__in=[slot for slot in own if slot]),
        desk_id=desk_id,
        starts_at__gt=at,
        starts_at__lte=at + AHEAD,
    )
    return list(free.order_by("starts_at", "place")[:limit])


def places_this_week() -> dict[int, tuple[int, int]]:
    """How many places are free within a week, and how many are published, of each desk that publishes any."""
    at = now()
    rows = Slot.objects.filter(starts_at__gt=at, starts_at__lte=at + WEEK).values("desk_id")
    counted = rows.annotate(free=Count("pk", filter=Q(taken=False)), places=Count("pk"))
    return {desk: (free, places) for desk, free, places in counted.values_list("desk_id", "free", "places")}


def places_by_week(desk_id: int, weeks: int = 4) -> list[tuple[datetime, int, int]]:
    """The coming weeks of a desk: from when, how many places, how many of them free."""
    at = now()
    found = []
    for number in range(weeks):
        begin = at + number * WEEK
        rows = Slot.objects.filter(desk_id=desk_id, starts_at__gt=begin, starts_at__lte=begin + WEEK)
        found.append((begin, rows.count(), rows.filter(taken=False).count()))
    return found


def destinations() -> list[Destination]:
    """The directory: hospitals and centres first, then the clinics of the islands."""
    related = ("organisation__division",)
    return list(Destination.objects.select_related(*related).order_by("clinic", "organisation__code"))


@dataclass(frozen=True, slots=True)
class Place:
    """A destination as triage sees it beside its queue; `duty` is None where the desk keeps no rota, `places` (free,
    published) where it publishes none."""

    desk: Desk
    known: Destination | None
    duty: bool | None
    places: tuple[int, int] | None

    @property
    def on_duty(self) -> bool:
        """Whether somebody is there now by the rota."""
        return bool(self.duty)

    def way(self, division: str) -> Mapping[str, Any] | None:
        """How long the way is from a division, in minutes, and which boat; None where nobody entered it."""
        return self.known.travel.get(division) if self.known else None


def by_duty(division: str = "") -> list[Place]:
    """Where a referral can go, in four queries: who is on duty there now comes first, then the shorter way."""
    known = {one.organisation_id: one for one in destinations()}
    duty, places = everywhere(), places_this_week()
    found = [
        Place(
            desk, known.get(desk.organisation_id), bool(duty[desk.pk]) if desk.pk in duty else None, places.get(desk.pk)
        )
        for desk in receiving_desks()
    ]
    return sorted(found, key=lambda one: (not one.on_duty, (one.way(division) or FAR)["minutes"]))


def destination_of(referral: Referral) -> Destination | None:
    """What the directory knows of where the referral goes."""
    return Destination.objects.filter(organisation_id=referral.to_desk.organisation_id).first()


def clinics(division: str) -> list[Destination]:
    """First aid on the islands of a division."""
    found = Destination.objects.filter(clinic=True, organisation__division_id=division)
    return list(found.select_related("organisation").order_by("organisation__code"))


def last_appointment(referral: Referral) -> Appointment | None:
    """The appointment that was booked last."""
    return Appointment.objects.filter(referral=referral).order_by("-booked_at").first()

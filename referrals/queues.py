"""The referrals of the actor's desks, newest first; the hospital's inbox is the same list."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from referrals.models import (
    Appointment,
    Crossing,
    Destination,
    Referral,
    ReferralGroupObjectPermission,
    Slot,
)
from wellbeing.access.actor import Actor
from wellbeing.access.grants import hold_id
from wellbeing.access.models import Hold
from wellbeing.people.desks import hospital_desks
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now

PAGE = 25
QUEUE = 50


def inbox(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> list[Referral]:
    """One page of the desks' referrals, older than `before` (keyset): each desk's first page by its grants, merged."""
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


def queue(actor: Actor, limit: int = QUEUE) -> list[Referral]:
    """What waits for the actor's desks: by tier, and what is due first before the rest."""
    waiting = Referral.objects.filter(turn_id__in=actor.desks, ended_at=None)
    related = ("from_desk__organisation", "to_desk__organisation", "held_by")
    return list(waiting.select_related(*related).order_by("tier_rank", "due_at")[:limit])


def last_crossing(referral: Referral) -> Crossing | None:
    """The crossing that was planned last, with its contacts."""
    return Crossing.objects.filter(referral=referral).order_by("-pk").prefetch_related("contacts__by").first()


WEEK, AHEAD = timedelta(days=7), timedelta(days=28)


def free_slots(desk_id: int, limit: int = 60) -> list[Slot]:
    """The free places of a desk within four weeks, the next first."""
    at = now()
    free = Slot.objects.filter(desk_id=desk_id, taken=False, starts_at__gt=at, starts_at__lte=at + AHEAD)
    return list(free.order_by("starts_at", "place")[:limit])


def free_by_desk() -> dict[int, int]:
    """How many places are free within a week, of each desk that publishes any."""
    at = now()
    rows = Slot.objects.filter(starts_at__gt=at, starts_at__lte=at + WEEK).values("desk_id")
    counted = rows.annotate(free=Count("pk", filter=Q(taken=False))).values_list("desk_id", "free")
    return dict(counted)


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


def hospitals_by_duty(division: str) -> list[tuple[Desk, bool]]:
    """The hospitals with whether somebody is on duty there now: those first, and then the shorter way."""
    ways = {one.organisation_id: one.travel.get(division, {}).get("minutes", 9999) for one in destinations()}
    found = [(desk, bool(on_duty(desk.pk))) for desk in hospital_desks()]
    return sorted(found, key=lambda one: (not one[1], ways.get(one[0].organisation_id, 9999), one[0].pk))


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

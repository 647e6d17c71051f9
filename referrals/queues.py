"""The referrals of the actor's desks, newest first; the hospital's inbox is the same list."""

from uuid import UUID

from referrals.models import Appointment, Referral, ReferralGroupObjectPermission
from wellbeing.access.actor import Actor
from wellbeing.access.grants import hold_id
from wellbeing.access.models import Hold
from wellbeing.workdays import now

PAGE = 25


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


def last_appointment(referral: Referral) -> Appointment | None:
    """The appointment that was booked last."""
    return Appointment.objects.filter(referral=referral).order_by("-booked_at").first()

"""Hold and release a place of a week's slots; the row itself says who was first. Used by this folder only."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from referrals.models import Appointment, ProposedTime, Referral, Slot
from wellbeing.errors import Invalid
from wellbeing.workdays import now


def take(slot_id: UUID, desk_id: int, field: str = "slot") -> datetime:
    """Hold a free slot of the desk; when it begins. Invalid (of `field`) when somebody was first, or it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_slot SET taken = true WHERE id = %s AND desk_id = %s AND NOT taken"
            " AND starts_at > app_now() RETURNING starts_at",
            [slot_id, desk_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Invalid(field, _("This place is not free any more; choose another one."))
    moment: datetime = row[0]
    return moment


def release(referral: Referral) -> None:
    """Give back what the referral holds: the place of its appointment, and those it was offered and nobody chose.

    An appointment names its slot only while it holds it: given back, the place may be somebody else's by the next time.
    """
    booked = Appointment.objects.filter(referral=referral, slot__isnull=False)
    offered = ProposedTime.objects.filter(referral=referral, ended_at=None)
    held = [*booked.values_list("slot_id", flat=True), *offered.values_list("slot_id", flat=True)]
    Slot.objects.filter(pk__in=[slot for slot in held if slot]).update(taken=False)
    booked.update(slot=None)
    offered.update(ended_at=now())

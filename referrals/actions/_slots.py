"""Hold and release a place of a week's slots; the row itself says who was first. Used by this folder only."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from referrals.models import Appointment, Referral, Slot
from wellbeing.errors import Invalid


def take(slot_id: UUID, desk_id: int) -> datetime:
    """Hold a free slot of the desk; when it begins. Invalid when somebody was first, or it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_slot SET taken = true WHERE id = %s AND desk_id = %s AND NOT taken"
            " AND starts_at > app_now() RETURNING starts_at",
            [slot_id, desk_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Invalid("slot", _("This place is not free any more; choose another one."))
    moment: datetime = row[0]
    return moment


def release(referral: Referral) -> int:
    """Give back the places that lie ahead; returns how many."""
    held = Appointment.objects.filter(referral=referral, slot__isnull=False).values_list("slot_id", flat=True)
    return Slot.objects.filter(pk__in=list(held), taken=True).update(taken=False)

"""Take a shift out of the rota. One that runs ends now: who was on duty until then stays on record."""

from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.rota.actions import _desk
from wellbeing.rota.models import Shift
from wellbeing.workdays import now


@action(P.ROTA_PLAN)
def drop_shift(*, actor: Actor, shift_id: UUID) -> Outcome[None]:
    """Delete a shift to come, or end one that runs. Raises Invalid for one that is over."""
    found = Shift.objects.filter(pk=shift_id).first()
    if found is None:
        raise Forbidden
    _desk.lock_to_plan(actor, found.desk_id)
    shift = Shift.objects.filter(pk=shift_id).first()
    if shift is None:  # a colleague was faster
        raise Forbidden
    at = now()
    if shift.ends_at <= at:
        raise Invalid("shift_id", _("This shift is over; it stays on record."))
    running = shift.starts_at < at
    facts = {"desk": shift.desk_id, "shift": shift.pk, "person": shift.user_id, "running": running}
    if running:
        _desk.take_back(shift.pk)
        shift.ends_at = at
        shift.save(update_fields=["ends_at"])
    else:
        shift.delete()
    return Outcome(None, stream=_desk.stream(found.desk_id), facts=facts)

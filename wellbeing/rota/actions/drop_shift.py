"""Take a shift out of the rota. One that runs ends now: who was on duty until then stays on record."""

from datetime import datetime
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
def drop_shift(*, actor: Actor, shift_id: UUID, whole: bool = False) -> Outcome[None]:
    """Delete a shift to come, or end one that runs; with the `whole` plan everything that was planned together with it
    and is not over. Raises Invalid for one that is over."""
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
    facts = {"desk": shift.desk_id, "shift": shift.pk, "person": shift.user_id, "running": shift.starts_at < at}
    plan = [shift]
    if whole:
        same = Shift.objects.filter(desk_id=shift.desk_id, planned_by_id=shift.planned_by_id, ends_at__gt=at)
        plan = list(same.filter(planned_at=shift.planned_at))
        facts |= {"shifts": len(plan)}
    for one in plan:
        _drop(one, at)
    return Outcome(None, stream=_desk.stream(found.desk_id), facts=facts)


def _drop(shift: Shift, at: datetime) -> None:
    if shift.starts_at < at:
        _desk.take_back(shift.pk)
        shift.ends_at = at
        shift.save(update_fields=["ends_at"])
    else:
        shift.delete()

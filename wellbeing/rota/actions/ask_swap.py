"""Ask a colleague to take a shift over. Until she says yes, nothing changes."""

from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.rota.access import open_own_shift
from wellbeing.rota.actions import _desk
from wellbeing.rota.models import Swap
from wellbeing.rota.pattern import Planned
from wellbeing.rota.planning import taken, without_post
from wellbeing.workdays import now


@action(P.ROTA_SWAP)
def ask_swap(*, actor: Actor, shift_id: UUID, to_user_id: int) -> Outcome[Swap]:
    """Ask one colleague about one's own shift; asking another takes the first question back."""
    _desk.lock(open_own_shift(actor, shift_id).desk_id)
    shift, at = open_own_shift(actor, shift_id), now()  # again: it may have changed hands while we waited
    if shift.ends_at <= at:
        raise Invalid("to_user_id", _("This shift is over."))
    if to_user_id == actor.id:
        raise Invalid("to_user_id", _("Ask a colleague, not yourself."))
    left = [Planned(to_user_id, max(shift.starts_at, at), shift.ends_at)]
    if without_post(shift.desk_id, left):
        raise Invalid("to_user_id", _("This person has no running post at this desk at that time, or is on leave."))
    if taken(shift.desk_id, left):
        raise Invalid("to_user_id", _("This person is on duty at this desk at that time already."))
    if Swap.objects.filter(shift=shift, to_user_id=to_user_id, answered_at=None).exists():
        raise Invalid("to_user_id", _("You have asked this colleague already; the answer will come as a notice."))
    _desk.take_back(shift.pk)
    made = Swap.objects.create(shift=shift, asked_by_id=actor.person, to_user_id=to_user_id, asked_at=at)
    post(kind="swap_asked", target="rota", user_id=to_user_id, dedupe_key=f"swap_asked:{made.pk}")
    facts = {"desk": shift.desk_id, "shift": shift.pk, "swap": made.pk, "person": to_user_id}
    return Outcome(made, stream=_desk.stream(shift.desk_id), facts=facts)

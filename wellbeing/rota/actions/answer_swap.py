"""Answer a colleague who asked: with a yes the shift changes hands at once, without a gap."""

from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.rota.access import open_swap
from wellbeing.rota.actions import _desk
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.pattern import Planned
from wellbeing.rota.planning import taken, without_post
from wellbeing.workdays import now


@action(P.ROTA_SWAP)
def answer_swap(*, actor: Actor, swap_id: UUID, accept: bool) -> Outcome[Swap]:
    """Say yes or no to a question put to oneself. The first answer counts: a second, or one after the question was
    taken back, is WrongState; a yes to what can no longer be taken over is Invalid."""
    _desk.lock(open_swap(actor, swap_id).shift.desk_id)
    swap, at = open_swap(actor, swap_id), now()  # again: it may have been answered while we waited
    shift = swap.shift
    if swap.answered_at is not None:
        raise WrongState("answered", "answer_swap")
    if accept:
        _take_over(shift, swap)
    swap.answered_at, swap.accepted = at, accept
    swap.save(update_fields=["answered_at", "accepted"])
    post(kind="swap_answered", target="rota", user_id=swap.asked_by_id, dedupe_key=f"swap_answered:{swap.pk}")
    facts = {"desk": shift.desk_id, "shift": shift.pk, "swap": swap.pk, "accepted": accept}
    return Outcome(swap, stream=_desk.stream(shift.desk_id), facts=facts)


def _take_over(shift: Shift, swap: Swap) -> None:
    """Give what is left of the shift to the colleague; what was already done stays with whoever did it.

    She must have a running post until its end and not be on duty then anyway, or somebody would be missing.
    """
    at, taker = now(), swap.to_user_id
    if shift.ends_at <= at:
        raise Invalid("accept", _("This shift is over; there is nothing to take over."))
    left = Planned(taker, max(shift.starts_at, at), shift.ends_at)
    if without_post(shift.desk_id, [left]):
        text = _("Your post at this desk does not run until the end of this shift, or you are on leave then.")
        raise Invalid("accept", text)
    if taken(shift.desk_id, [left]):
        raise Invalid("accept", _("You are on duty at this desk at that time already."))
    if shift.starts_at < at:
        shift.ends_at = at
        shift.save(update_fields=["ends_at"])
        Shift.objects.create(
            desk_id=shift.desk_id,
            user_id=taker,
            starts_at=at,
            ends_at=left.ends_at,
            planned_by_id=taker,
            planned_at=at,
        )
    else:
        shift.user_id = taker
        shift.save(update_fields=["user"])

"""Fetch and check in one call: the desk to plan, the shift or the question that the asker has something to do with."""

from __future__ import annotations

from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.people.models import Desk
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.planning import may_plan, plannable


def open_desk(actor: Actor, desk_id: int, permission: P = P.ROTA_PLAN) -> Desk:
    """A desk whose rota the actor plans. Raises Forbidden."""
    desk = next((one for one in plannable(actor) if one.pk == desk_id), None)
    if desk is None:
        raise Forbidden
    return desk


def open_shift(actor: Actor, shift_id: UUID, permission: P = P.ROTA_PLAN) -> Shift:
    """A shift of a desk whose rota the actor plans. Raises Forbidden."""
    shift = Shift.objects.select_related("user", "desk__organisation").filter(pk=shift_id).first()
    if shift is None or not may_plan(actor, shift.desk_id):
        raise Forbidden
    return shift


def open_own_shift(actor: Actor, shift_id: UUID, permission: P = P.ROTA_SWAP) -> Shift:
    """The actor's own shift at a desk where she sits. Raises Forbidden."""
    shift = Shift.objects.select_related("user", "desk__organisation").filter(pk=shift_id).first()
    if shift is None or shift.user_id != actor.id or shift.desk_id not in actor.desks:
        raise Forbidden
    return shift


def open_swap(actor: Actor, swap_id: UUID, permission: P = P.ROTA_SWAP) -> Swap:
    """A question that was put to the actor, at a desk where she sits. Raises Forbidden."""
    swap = (
        Swap.objects.select_related("shift__desk__organisation", "shift__user", "asked_by").filter(pk=swap_id).first()
    )
    if swap is None or swap.to_user_id != actor.id or swap.shift.desk_id not in actor.desks:
        raise Forbidden
    return swap

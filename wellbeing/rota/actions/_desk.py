"""What every change of a rota shares: one change at a time per desk, and the desk's own stream of the audit."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.db import connection

from wellbeing.access.actor import Actor
from wellbeing.errors import Forbidden
from wellbeing.rota.models import Swap
from wellbeing.rota.planning import may_plan
from wellbeing.workdays import now

_DESKS = UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02")


def stream(desk_id: int) -> UUID:
    """The audit stream of a desk's rota."""
    return uuid5(_DESKS, f"desk:{desk_id}")


def lock(desk_id: int) -> None:
    """Wait until nobody else changes this desk's rota; held until commit.

    Stands for an exclusion constraint on (desk, user, time), which would need the extension btree_gist.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rota_shift'), %s)", [desk_id])


def lock_to_plan(actor: Actor, desk_id: int) -> None:
    """The same for a planner. Raises Forbidden at a desk whose rota she does not plan."""
    if not may_plan(actor, desk_id):
        raise Forbidden
    lock(desk_id)


def take_back(shift_id: UUID) -> None:
    """End the open question about a shift without an answer."""
    Swap.objects.filter(shift_id=shift_id, answered_at=None).update(answered_at=now())

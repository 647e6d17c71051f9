"""Destroy the callers' numbers that were kept for policy's hours and belong to no sheet."""

from datetime import timedelta
from uuid import UUID, uuid5

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import forget_number
from wellbeing.exchange.models import Ring
from wellbeing.workdays import now

STREAM = uuid5(UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02"), "exchange:numbers")
AT_ONCE = 200


@action(P.RING_FORGET)
def forget_numbers(*, actor: Actor, hours: int) -> Outcome[int]:
    """Numbers of calls that began more than so many hours ago; returns how many were destroyed, AT_ONCE at most."""
    old = Ring.objects.select_for_update(of=("self",), skip_locked=True).filter(
        number__isnull=False, offered_at__lt=now() - timedelta(hours=hours)
    )
    rings = list(old[:AT_ONCE])
    for ring in rings:
        forget_number(ring)
        ring.save(update_fields=["number"])
    return Outcome(len(rings), stream=STREAM, facts={"numbers": len(rings)})

"""Destroy the callers' numbers that were kept for policy's hours and belong to no sheet."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.db.models import QuerySet

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import end_keys
from wellbeing.exchange.models import Ring
from wellbeing.workdays import now

STREAM = uuid5(UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02"), "exchange:numbers")
AT_ONCE = 200


def outlived(hours: int) -> QuerySet[Ring]:
    """The calls of more than so many hours ago whose number is kept."""
    return Ring.objects.filter(number__isnull=False, offered_at__lt=now() - timedelta(hours=hours))


@action(P.RING_FORGET)
def forget_numbers(*, actor: Actor, hours: int) -> Outcome[int]:
    """Numbers of calls that began more than so many hours ago; returns how many were destroyed, AT_ONCE at most.
    The rows are blanked first: a machine may touch only the key of a number that is gone."""
    old = outlived(hours).select_for_update(of=("self",), skip_locked=True)
    gone = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Ring.objects.filter(pk__in=gone).update(number=None)
    end_keys(gone)
    return Outcome(len(gone), stream=STREAM, facts={"numbers": len(gone)})

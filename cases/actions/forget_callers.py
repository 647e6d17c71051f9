"""Destroy the callers' numbers that were kept for policy's hours."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.db.models import QuerySet

from cases.caller_access import end_keys
from cases.models import CallerNumber, PolicyVersion
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now

STREAM = uuid5(UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02"), "cases:callers")
AT_ONCE = 200


def outlived() -> QuerySet[CallerNumber]:
    """The numbers that are kept, of calls that were logged more than policy's hours ago."""
    until = now() - timedelta(hours=PolicyVersion.current().policy().number_hours)
    return CallerNumber.objects.filter(sealed__isnull=False, logged_at__lt=until)


@action(P.CALLER_FORGET)
def forget_callers(*, actor: Actor) -> Outcome[int]:
    """Numbers of calls that were logged more than policy's hours ago; returns how many, AT_ONCE at most. The row is
    blanked first: a machine may touch only the key of a number that is gone."""
    old = outlived().select_for_update(of=("self",), skip_locked=True)
    gone = list(old.values_list("pk", flat=True)[:AT_ONCE])
    CallerNumber.objects.filter(pk__in=gone).update(sealed=None)
    end_keys(gone)
    return Outcome(len(gone), stream=STREAM, facts={"numbers": len(gone)})

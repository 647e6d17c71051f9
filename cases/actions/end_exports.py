"""Destroy the exports that nobody fetched in time."""

from uuid import UUID, uuid5

from django.db.models import QuerySet

from cases.export_access import end_keys
from cases.models import Export
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now

STREAM = uuid5(UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02"), "cases:exports")
AT_ONCE = 200


def unfetched() -> QuerySet[Export]:
    """The files whose time is over before anybody fetched them."""
    return Export.objects.filter(sealed__isnull=False, until__lte=now())


@action(P.EXPORT_END)
def end_exports(*, actor: Actor) -> Outcome[int]:
    """How many ended, AT_ONCE at most. The row is blanked first: a machine may touch only the key of a file that is
    gone."""
    rows = unfetched().select_for_update(of=("self",), skip_locked=True)
    gone = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    Export.objects.filter(pk__in=gone).update(sealed=None)
    end_keys(gone)
    return Outcome(len(gone), stream=STREAM, facts={"exports": len(gone)})

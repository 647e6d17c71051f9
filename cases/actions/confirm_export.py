"""Confirm, as the second person, an export of more than fifty rows."""

from uuid import UUID

from cases.actions._export import ready
from cases.export_access import open_export, waits_for_second
from cases.models import Export
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.EXPORT_CONFIRM, fresh=True)
def confirm_export(*, actor: Actor, export_id: UUID) -> Outcome[Export]:
    """Forbidden for whoever asked and whoever receives; WrongState once it was confirmed, or its time is over."""
    export = open_export(actor, export_id, P.EXPORT_CONFIRM, lock=True)
    if not waits_for_second(export):
        raise WrongState("confirmed" if export.second_at else "lapsed", "confirm_export")
    export.second_id, export.second_at = actor.person, now()
    export.save(update_fields=["second", "second_at"])
    ready(export)
    return Outcome(export, stream=user_stream(actor.id), facts={"export": export.pk, "rows": export.row_count})

"""Add a line to an incident: what happened next, who was told, what was done."""

from datetime import datetime

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.registers.access import key_of, line
from wellbeing.registers.actions._texts import checked, hers, past
from wellbeing.registers.flow import INCIDENT
from wellbeing.registers.kinds import TOLD_WHOM, WRITABLE, LineKind
from wellbeing.registers.models import Incident
from wellbeing.workdays import now


@action(P.INCIDENT_WRITE)
def write_incident(
    *, actor: Actor, incident: Incident, kind: LineKind, at: datetime, text: str, whom: str = ""
) -> Outcome[Incident]:
    """Raises Invalid by field, WrongState once it is closed."""
    hers(actor, incident, P.INCIDENT_WRITE)
    incident.state = INCIDENT.next(incident.state, "write_incident")
    if kind not in WRITABLE:
        raise Invalid("kind", _("The review has a page of its own."))
    if (kind == LineKind.TOLD) != (whom in TOLD_WHOM):
        raise Invalid("whom", _("Say who was told, and only then."))
    at = past("at", at, since=incident.happened_at)
    made = line(actor, incident, key_of(incident), kind, at, text=checked("text", text), whom=whom)
    made.written_at = now()
    made.save(force_insert=True)
    return Outcome(incident, stream=incident.pk, facts={"kind": made.kind})

"""Open a closed incident again: something has come to light. It is reviewed anew before it is closed."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.registers.access import key_of, line
from wellbeing.registers.actions._texts import checked, hers
from wellbeing.registers.flow import INCIDENT
from wellbeing.registers.kinds import LineKind
from wellbeing.registers.models import Incident
from wellbeing.workdays import now


@action(P.INCIDENT_CLOSE)
def reopen_incident(*, actor: Actor, incident: Incident, text: str) -> Outcome[Incident]:
    """The county opens it, with a first line of what came to light. Raises Invalid by field, WrongState unless it is
    closed."""
    hers(actor, incident, P.INCIDENT_CLOSE)
    incident.state, incident.closed_at = INCIDENT.next(incident.state, "reopen_incident"), None
    incident.save(update_fields=["state", "closed_at"])  # the wall takes no line of a closed one
    made = line(actor, incident, key_of(incident), LineKind.HAPPENED, now(), text=checked("text", text))
    made.written_at = made.at
    made.save(force_insert=True)
    return Outcome(incident, stream=incident.pk, facts={"kind": made.kind})

"""Close an incident after its review: nothing is added to it any more."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.registers.actions._texts import hers
from wellbeing.registers.flow import INCIDENT
from wellbeing.registers.models import Incident
from wellbeing.workdays import now


@action(P.INCIDENT_CLOSE)
def close_incident(*, actor: Actor, incident: Incident) -> Outcome[Incident]:
    """The county closes. Raises WrongState before the review and after the close."""
    hers(actor, incident, P.INCIDENT_CLOSE)
    incident.state = INCIDENT.next(incident.state, "close_incident")
    incident.closed_at = now()
    incident.save(update_fields=["state", "closed_at"])
    return Outcome(incident, stream=incident.pk, facts={"day": incident.closed_at.date().toordinal()})

"""Record the review meeting of an incident: when, what it found, and the lessons. It may meet again."""

from datetime import datetime

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.registers.access import key_of, line
from wellbeing.registers.actions._texts import checked, hers, past
from wellbeing.registers.flow import INCIDENT
from wellbeing.registers.kinds import LineKind
from wellbeing.registers.models import Incident, IncidentLine
from wellbeing.workdays import TIMEZONE, now


@action(P.INCIDENT_WRITE)
def review_incident(
    *, actor: Actor, incident: Incident, held_at: datetime, review: str, lessons: str
) -> Outcome[Incident]:
    """Raises Invalid by field, WrongState once it is closed."""
    hers(actor, incident, P.INCIDENT_WRITE)
    incident.state = INCIDENT.next(incident.state, "review_incident")
    held_at = past("held_at", held_at, since=incident.happened_at)
    key, at = key_of(incident), now()
    lines = [
        line(actor, incident, key, LineKind.REVIEW, held_at, text=checked("review", review)),
        line(actor, incident, key, LineKind.LESSON, held_at, text=checked("lessons", lessons)),
    ]
    for one in lines:
        one.written_at = at
    IncidentLine.objects.bulk_create(lines)
    incident.reviewed_on = held_at.astimezone(TIMEZONE).date()
    incident.save(update_fields=["state", "reviewed_on"])
    return Outcome(incident, stream=incident.pk, facts={"day": incident.reviewed_on.toordinal()})

"""Report an incident on campus (校园危机事件): its cover, and the first sealed line of what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at, triage_desk
from wellbeing.people.models import Role
from wellbeing.registers.access import line, new_key, schools_of
from wellbeing.registers.actions._texts import checked, past
from wellbeing.registers.kinds import About, LineKind
from wellbeing.registers.models import Incident
from wellbeing.workdays import now


@action(P.INCIDENT_WRITE)
def report_incident(
    *, actor: Actor, school_id: UUID, about: About, happened_at: datetime, text: str
) -> Outcome[Incident]:
    """The county's triage desk and the school's crisis lead are told, unless they report it. Raises Invalid by field,
    Forbidden."""
    at = now()
    school = next((one for one in schools_of(actor) if one.pk == school_id), None)
    if school is None:
        raise Forbidden
    made = Incident(
        school=school,
        division_id=school.division_id,
        about=about,
        happened_at=past("happened_at", happened_at).replace(second=0, microsecond=0),
        reported_at=at,
        reported_by_id=actor.person,
    )
    first = line(actor, made, new_key(made), LineKind.HAPPENED, made.happened_at, text=checked("text", text))
    made.save(force_insert=True)
    first.written_at = at
    first.save(force_insert=True)
    for desk in (triage_desk(school.division_id), desk_at(school.pk, Role.SCHOOL_CRISIS_LEAD)):
        if desk and desk.pk not in actor.desks:
            key = f"incident:{made.pk}:{desk.pk}"
            post(kind="incident", target=f"incident:{made.reference}", desk_id=desk.pk, dedupe_key=key)
    return Outcome(made, stream=made.pk, facts={"about": made.about, "school": school.pk})

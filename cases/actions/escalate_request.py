"""A request for records that nobody has decided in time goes up: to the city's duty, then to the bureau."""

from datetime import timedelta

from cases.models import RecordRequest
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now

WAITING = ("received", "checked", "proposed")
STEP = timedelta(days=1)  # before its day, and after it
UP = {1: (Role.COUNTY_TRIAGE, Role.CITY_DUTY), 2: (Role.CITY_DUTY, Role.EDUCATION_ADMIN)}


@action(P.RECORDS_ESCALATE)
def escalate_request(*, actor: Actor, reference: str) -> Outcome[int]:
    """One day before its day the examining desk and the city are told, one day after it the bureau; each level once.
    Returns the level."""
    row = RecordRequest.objects.select_for_update().get(reference=reference)
    late = (now() - (row.due_at - STEP)) // (2 * STEP) + 1 if row.state in WAITING else 0
    reached = max(row.level, min(late, max(UP)))
    for step in range(row.level + 1, reached + 1):
        desks = Desk.objects.filter(role__in=UP[step])
        for desk in desks.exclude(role=Role.COUNTY_TRIAGE) | desks.filter(pk=row.desk_id):
            key = f"records_late:{row.pk}:{step}:{desk.pk}"
            post(kind="records_late", desk_id=desk.pk, target="record_requests", dedupe_key=key)
    row.level = reached
    row.save(update_fields=["level"])
    return Outcome(reached, stream=row.pk, facts={"level": reached})

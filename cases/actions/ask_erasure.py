"""Ask, as the first of two people, that a case whose time is over is erased."""

from cases.actions._erasing import check
from cases.models import Erasure
from cases.retention_access import open_erasure
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.people.desks import city_desk
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.ERASURE_ASK, fresh=True)
def ask_erasure(*, actor: Actor, reference: str, typed: str) -> Outcome[Erasure]:
    """The city's desk is told. Invalid for a held case and a wrong reference, WrongState where somebody has asked."""
    row = open_erasure(actor, reference, P.ERASURE_ASK, lock=True)
    check(row, typed, "ask_erasure")
    if row.asked_at is not None:
        raise WrongState("asked", "ask_erasure")
    seat = actor.post_as(Role.COUNTY_TRIAGE, Role.CITY_DUTY)
    assert seat is not None
    row.asked_by_id, row.asked_desk_id, row.asked_at = actor.person, seat.desk_id, now()
    row.save(update_fields=["asked_by", "asked_desk", "asked_at"])
    key = f"erasure:{row.pk}:{row.asked_at.timestamp():.0f}"
    post(kind="erasure_asked", desk_id=city_desk().pk, target="retention", dedupe_key=key)
    return Outcome(row, stream=row.case_id, facts={"erasure": row.pk}, desk=seat.desk_id)

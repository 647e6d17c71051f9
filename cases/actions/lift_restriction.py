"""Lift the restriction of a caller's number (解除限制)."""

from uuid import UUID

from cases.models import Ended, Restriction
from cases.restriction_access import open_restriction
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.CALLER_RESTRICT)
def lift_restriction(*, actor: Actor, restriction_id: UUID) -> Outcome[Restriction]:
    """At once. WrongState for one that has ended."""
    found, at = open_restriction(actor, restriction_id, P.CALLER_RESTRICT, lock=True), now()
    if found.ended_at is not None or found.until <= at:
        raise WrongState("ended", "lift_restriction")
    found.ended, found.ended_at, found.ended_by_id = Ended.LIFTED, at, actor.person
    found.save(update_fields=["ended", "ended_at", "ended_by"])
    return Outcome(found, stream=user_stream(actor.id), facts={"restriction": found.pk})

"""Confirm, as the second person, that somebody may read a caller's number."""

from uuid import UUID

from cases.caller_access import fresh, open_ask
from cases.models import CallerAsk
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.CALLER_CONFIRM)
def confirm_caller(*, actor: Actor, ask_id: UUID) -> Outcome[CallerAsk]:
    """Forbidden for one's own asking; WrongState once it was confirmed or has waited too long."""
    ask = open_ask(actor, ask_id, P.CALLER_CONFIRM, lock=True)
    if ask.confirmed_at is not None or not fresh(ask.at):
        raise WrongState("confirmed" if ask.confirmed_at else "lapsed", "confirm_caller")
    ask.confirmed_by_id, ask.confirmed_at = actor.person, now()
    ask.save(update_fields=["confirmed_by", "confirmed_at"])
    post(kind="caller_confirmed", user_id=ask.by_id, target="callers", dedupe_key=f"caller_confirmed:{ask.pk}")
    return Outcome(ask, stream=ask.case_id, facts={"ask": ask.pk})

"""Confirm, as the second person, that somebody may read a caller's number."""

from uuid import UUID

from cases.caller_access import open_ask
from cases.models import CallerAsk
from cases.second_person import answer
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post


@action(P.CALLER_CONFIRM, fresh=True)
def confirm_caller(*, actor: Actor, ask_id: UUID) -> Outcome[CallerAsk]:
    """Forbidden for one's own asking; WrongState once it was answered or has waited too long."""
    ask = open_ask(actor, ask_id, P.CALLER_CONFIRM, lock=True)
    answer(ask, actor, confirms=True, action="confirm_caller")
    ask.save(update_fields=["confirmed_by", "confirmed_at"])
    post(kind="caller_confirmed", user_id=ask.by_id, target="callers", dedupe_key=f"caller_confirmed:{ask.pk}")
    return Outcome(ask, stream=ask.case_id, facts={"ask": ask.pk})

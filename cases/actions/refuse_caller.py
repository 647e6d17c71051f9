"""Refuse, as the second person, that somebody reads a caller's number."""

from uuid import UUID

from cases.caller_access import open_ask
from cases.models import CallerAsk
from cases.second_person import answer
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post


@action(P.CALLER_CONFIRM, fresh=True)
def refuse_caller(*, actor: Actor, ask_id: UUID) -> Outcome[CallerAsk]:
    """Forbidden and WrongState as in confirm_caller. The refusal stands, and is told to whoever asked."""
    ask = open_ask(actor, ask_id, P.CALLER_CONFIRM, lock=True)
    answer(ask, actor, confirms=False, action="refuse_caller")
    ask.save(update_fields=["refused_by", "refused_at"])
    post(kind="caller_refused", user_id=ask.by_id, target="callers", dedupe_key=f"caller_refused:{ask.pk}")
    return Outcome(ask, stream=ask.case_id, facts={"ask": ask.pk, "refused": True})

"""Refuse, as the second person, to open the sealed section behind broken glass."""

from uuid import UUID

from cases.glass_access import open_sealed_ask
from cases.models import SealedAsk
from cases.second_person import answer
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post


@action(P.SEALED_CONFIRM, fresh=True)
def refuse_sealed(*, actor: Actor, ask_id: UUID) -> Outcome[SealedAsk]:
    """Forbidden and WrongState as in confirm_sealed. The refusal stands, and is told to whoever asked."""
    ask = open_sealed_ask(actor, ask_id, P.SEALED_CONFIRM, lock=True)
    answer(ask, actor, confirms=False, action="refuse_sealed")
    ask.save(update_fields=["refused_by", "refused_at"])
    post(kind="sealed_refused", user_id=ask.by_id, target="glass", dedupe_key=f"sealed_refused:{ask.pk}")
    facts = {"ask": ask.pk, "glass": ask.glass_id, "asker": ask.by_id, "refused": True}
    return Outcome(ask, stream=ask.case_id, facts=facts)

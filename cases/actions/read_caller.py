"""Read a caller's number, once, after somebody else has confirmed it."""

from uuid import UUID

from cases.caller_access import open_ask, open_number
from cases.models import CallerAsk
from cases.second_person import fresh
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.CALLER_READ)
def read_caller(*, actor: Actor, ask_id: UUID) -> Outcome[str]:
    """The number. Forbidden to everybody but who asked; WrongState without a fresh confirmation, after the one
    reading, and when the number's time is over. Whoever confirmed is told."""
    ask = open_ask(actor, ask_id, P.CALLER_READ)
    if ask.read_at is not None or not fresh(ask.confirmed_at):
        raise WrongState("read" if ask.read_at else "lapsed", "read_caller")
    number = open_number(ask)  # first: the wall shuts with the next line
    if not CallerAsk.objects.filter(pk=ask.pk, read_at=None).update(read_at=now()):
        raise WrongState("read", "read_caller")
    post(kind="caller_read", user_id=ask.confirmed_by_id, target="callers", dedupe_key=f"caller_read:{ask.pk}")
    return Outcome(number, stream=ask.case_id, facts={"ask": ask.pk})

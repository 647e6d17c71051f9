"""Confirm, as the second person, that the sealed section is opened behind broken glass: at once, and for minutes."""

from datetime import timedelta
from uuid import UUID

from cases.actions._turn import in_turn
from cases.glass import SEALED_MINUTES
from cases.glass_access import open_sealed_ask
from cases.models import SealedAsk
from cases.second_person import answer
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant
from wellbeing.access.machines import GLASS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.people.models import User
from wellbeing.workdays import now


@action(P.SEALED_CONFIRM, fresh=True)
def confirm_sealed(*, actor: Actor, ask_id: UUID) -> Outcome[SealedAsk]:
    """The grant is the asker's alone, names who confirmed, and ends with the opening at the latest. Forbidden for one's
    own asking and away from the two desks; WrongState once it was answered, has waited too long, or the glass is shut.
    """
    ask = open_sealed_ask(actor, ask_id, P.SEALED_CONFIRM, lock=True)
    in_turn(ask.case_id)
    answer(ask, actor, confirms=True, action="confirm_sealed")
    ask.until = min(ask.glass.until, now() + timedelta(minutes=SEALED_MINUTES))
    if ask.until <= now():
        raise WrongState("lapsed", "confirm_sealed")
    ask.save(update_fields=["confirmed_by", "confirmed_at", "until"])
    with identity(GLASS):
        to, case = User(pk=ask.by_id), ask.case
        grant(case, to=to, origin=Origin.BREAK_GLASS, expires_at=ask.until, by=actor, holds=(Hold.SEALED,))
    post(kind="sealed_confirmed", user_id=ask.by_id, target="glass", dedupe_key=f"sealed_confirmed:{ask.pk}")
    facts = {"ask": ask.pk, "glass": ask.glass_id, "asker": ask.by_id, "until": ask.until}
    return Outcome(ask, stream=ask.case_id, facts=facts)

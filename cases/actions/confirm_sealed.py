"""Confirm, as the second person, that the sealed section is opened behind broken glass: at once, and for minutes."""

from datetime import timedelta
from uuid import UUID

from cases.actions._turn import in_turn
from cases.glass import SEALED_MINUTES
from cases.glass_access import open_sealed_ask
from cases.models import Case, SealedAsk
from cases.second_person import answer
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant
from wellbeing.access.machines import GLASS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.SEALED_CONFIRM, fresh=True)
def confirm_sealed(*, actor: Actor, ask_id: UUID) -> Outcome[SealedAsk]:
    """The grant is the asker's alone, names who confirmed, and ends with the opening at the latest. Forbidden for one's
    own asking and away from the two desks; WrongState once it was answered, has waited too long, or the glass is shut:
    by its hours, or because the file was closed or taken from whoever asks meanwhile.
    """
    ask = open_sealed_ask(actor, ask_id, P.SEALED_CONFIRM, lock=True)
    open_still = in_turn(ask.case_id) != "closed"
    answer(ask, actor, confirms=True, action="confirm_sealed")
    ask.until = min(ask.glass.until, now() + timedelta(minutes=SEALED_MINUTES))
    with identity(GLASS):
        to, case = ask.by, Case(pk=ask.case_id)
        if ask.until <= now() or not (open_still and may(Actor.of(to), P.FILE_READ, case)):
            raise WrongState("lapsed", "confirm_sealed")
    ask.save(update_fields=["confirmed_by", "confirmed_at", "until"])
    with identity(GLASS):
        grant(case, to=to, origin=Origin.BREAK_GLASS, expires_at=ask.until, by=actor, holds=(Hold.SEALED,))
    post(kind="sealed_confirmed", user_id=ask.by_id, target="glass", dedupe_key=f"sealed_confirmed:{ask.pk}")
    facts = {"ask": ask.pk, "glass": ask.glass_id, "asker": ask.by_id, "until": ask.until}
    return Outcome(ask, stream=ask.case_id, facts=facts)

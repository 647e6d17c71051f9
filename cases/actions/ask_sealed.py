"""Ask for the sealed section of a file behind broken glass: the two desks that were told are asked, one person of them
must confirm."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.actions._turn import in_turn
from cases.glass_access import open_running
from cases.models import Case, SealedAsk, SealedReason
from cases.second_person import waits
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.SEALED_ASK, fresh=True)
def ask_sealed(*, actor: Actor, glass_id: UUID, why: str) -> Outcome[SealedAsk]:
    """Of an opening of the actor's own that still runs and opens the file (Forbidden: closed meanwhile, or moved away
    from her, it gives nothing more). Invalid while an earlier asking waits or is open, and once one was refused: nobody
    looks for a second person until one agrees."""
    glass, at = open_running(actor, glass_id, P.SEALED_ASK, lock=True), now()
    if in_turn(glass.case_id) == "closed" or not may(actor, P.FILE_READ, Case(pk=glass.case_id)):
        raise Forbidden
    for earlier in SealedAsk.objects.filter(glass=glass):
        if earlier.refused_at is not None:
            raise Invalid("why", _("The second person has refused: the sealed section stays shut in this opening."))
        if waits(earlier) or (earlier.until is not None and earlier.until > at):
            raise Invalid("why", _("You have asked already; somebody else must confirm it."))
    ask = SealedAsk(glass=glass, case_id=glass.case_id, reference=glass.reference, why=SealedReason(why))
    ask.by_id, ask.at = actor.person, at
    ask.save(force_insert=True)
    desks = (glass.first_desk_id, glass.second_desk_id)
    for desk in desks:
        post(kind="sealed_asked", desk_id=desk, target="glass", dedupe_key=f"sealed:{ask.pk}:{desk}")
    facts = {"why": SealedReason(why), "glass": glass.pk, "ask": ask.pk, "desks": desks}
    return Outcome(ask, stream=glass.case_id, facts=facts)

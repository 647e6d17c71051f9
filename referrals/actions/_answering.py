"""Words that go back to a desk with a step: a sealed packet of their own. Used by this folder only."""

from referrals.models import Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.workdays import now


def answer(referral: Referral, note: str, *, actor: Actor, from_desk: int, to_desk: int) -> None:
    """Seal a note for one desk; nothing where there is none."""
    if not note.strip():
        return
    at = now()
    seal_packet(
        referral=referral,
        purpose=Purpose.QUESTION,
        words={"note": note},
        author_id=actor.person,
        from_desk=from_desk,
        to_desk=to_desk,
        at=at,
        expires_at=at + OWNER_DAYS,
    ).save(force_insert=True)

"""How a one-time link ends: at once, and its copy with it. Used by this folder only."""

from referrals.models import Link, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.audit.record import record
from wellbeing.workdays import now


def blank(referral: Referral) -> int:
    """End the live link of a referral and blank its sealed copy; how many ended (one, or none)."""
    return Link.objects.filter(referral=referral, ended_at=None).update(ended_at=now(), sealed=b"")


def shut(referral: Referral, actor: Actor) -> None:
    """End it as part of another step, with an event of its own."""
    if blank(referral):
        record(stream=referral.case_id, act=P.LINK_END, actor=actor, facts={"referral": referral.pk})

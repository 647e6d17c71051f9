"""What every step of a referral shares: the move, its trace, and telling the desks that wait for it."""

from collections.abc import Iterable

from cases import actions as cases
from cases.clocks import ClockKind
from cases.models import Case
from referrals.flow import REFERRAL
from referrals.models import Referral, Step
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox.post import post
from wellbeing.workdays import now

CHANNEL = Actor.machine("channel")


def move(referral: Referral, action: str, *, desk_id: int | None) -> None:
    """Take the referral to the state that the table names, and leave the trace. Raises WrongState."""
    referral.state = REFERRAL.next(referral.state, action)
    if referral.state in REFERRAL.final:
        referral.ended_at = now()
    referral.save(update_fields=["state", "ended_at"])
    Step.objects.create(referral=referral, state=referral.state, at=now(), desk_id=desk_id)


def tell(referral: Referral, kind: str, desks: Iterable[int]) -> None:
    """Post one notice to each desk; it names the referral and nothing else."""
    for desk_id in desks:
        post(
            kind=kind,
            desk_id=desk_id,
            target=f"referral:{referral.reference}",
            tier=referral.tier,
            dedupe_key=f"{kind}:{referral.pk}:{desk_id}:{now().isoformat()}",
        )


def clocks(referral: Referral, *, stop: Iterable[ClockKind] = (), start: Iterable[ClockKind] = ()) -> None:
    """Stop and start clocks of the case, through its own actions, as the channel's machine actor.

    The receiver holds no grant on the case, so it cannot touch them itself.
    """
    with identity(CHANNEL):
        case = Case.objects.get(pk=referral.case_id)
        for kind in stop:
            cases.stop_clock(actor=CHANNEL, case=case, kind=kind)
        for kind in start:
            cases.start_clock(actor=CHANNEL, case=case, desk=referral.from_desk, kind=kind)

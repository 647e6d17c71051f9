"""Hasten the clocks of the green channel (时限提前): the case was raised, and nobody is given more time than before."""

from collections.abc import Sequence
from datetime import datetime

from cases import clocks
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case, Deadline, DeadlineState, PolicyVersion
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.CLOCK_KEEP)
def hasten_clocks(
    *, actor: Actor, case: Case, kinds: Sequence[ClockKind], visit: datetime | None = None
) -> Outcome[list[Deadline]]:
    """Bring the clocks to the time of the case's tier, which was raised; those that end sooner now.

    None ends later than before. The report is due from the `visit` on, the others from this moment. One that stands
    still goes on standing, and has no more time after its pause than the tier gives.
    """
    version, begun = PolicyVersion.current(), now()
    policy, tier, hastened = version.policy(), Tier(case.tier), []
    for clock in _clocks.running(case, *kinds):
        from_visit = visit if clock.kind == ClockKind.FEEDBACK and visit else begun
        end = clocks.due(ClockKind(clock.kind), tier, from_visit, policy)
        if clock.state == DeadlineState.PAUSED:
            _leave_less(clock, end, from_visit, begun)
        elif end and end < clock.due_at:
            hastened += _clocks.start(
                case, clock.desk, ClockKind(clock.kind), at=begun, due=end, step=clock.step, version=version
            )
    Deadline.objects.filter(case=case, kind__in=kinds, state__in=_clocks.KEPT).update(tier=tier, tier_rank=tier.rank)
    facts = {"kinds": tuple(ClockKind(clock.kind) for clock in hastened), "to": tier}
    return Outcome(hastened, stream=case.pk, facts=facts)


def _leave_less(clock: Deadline, end: datetime | None, counts_from: datetime, begun: datetime) -> None:
    if clock.paused_at and end and counts_from == begun:  # what counts from a visit has the same time at every tier
        clock.due_at = min(clock.due_at, clock.paused_at + (end - begun))
        clock.save(update_fields=["due_at"])

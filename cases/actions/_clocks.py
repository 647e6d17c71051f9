"""Start and stop the clocks of a case; used by the actions of this folder only."""

from datetime import datetime

from cases import clocks
from cases.clocks import ClockKind
from cases.models import Case, Deadline, DeadlineState, PolicyVersion
from cases.tiers import Tier
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def start(
    case: Case, desk: Desk, *kinds: ClockKind, at: datetime | None = None, due: datetime | None = None
) -> list[Deadline]:
    """Start clocks at a desk, ending those of the same kinds that ran; without a time in the policy none starts."""
    version, begun = PolicyVersion.current(), at or now()
    policy, tier = version.policy(), Tier(case.tier)
    stop(case, *kinds, state=DeadlineState.VOID, at=begun)
    ends = {kind: due or clocks.due(kind, tier, begun, policy) for kind in kinds}
    return Deadline.objects.bulk_create(
        Deadline(
            case=case,
            desk=desk,
            kind=kind,
            tier=tier,
            tier_rank=tier.rank,
            policy=version,
            started_at=begun,
            due_at=end,
            next_at=end,
        )
        for kind, end in ends.items()
        if end
    )


def stop(case: Case, *kinds: ClockKind, state: DeadlineState = DeadlineState.MET, at: datetime | None = None) -> int:
    """End the running clocks of these kinds (all of them when none is named); returns how many ran."""
    running = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING)
    if kinds:
        running = running.filter(kind__in=kinds)
    return running.update(state=state, ended_at=at or now(), next_at=None)

"""Start and stop the clocks of a case; used by the actions of this folder only."""

from datetime import datetime

from cases import clocks
from cases.clocks import ClockKind
from cases.models import Case, Deadline, DeadlineState, PolicyVersion
from cases.tiers import Tier
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def start(
    case: Case, desk: Desk, kind: ClockKind, *, at: datetime | None = None, due: datetime | None = None
) -> Deadline | None:
    """Start the clock of one kind at a desk, ending the one of that kind that ran; None where policy sets no time."""
    version, begun = PolicyVersion.current(), at or now()
    due = due or clocks.due(kind, Tier(case.tier), begun, version.policy())
    stop(case, kind, state=DeadlineState.VOID)
    if due is None:
        return None
    return Deadline.objects.create(
        case=case,
        desk=desk,
        kind=kind,
        tier=case.tier,
        tier_rank=Tier(case.tier).rank,
        policy=version,
        started_at=begun,
        due_at=due,
        next_at=due,
    )


def stop(case: Case, *kinds: ClockKind, state: DeadlineState = DeadlineState.MET) -> int:
    """End the running clocks of these kinds (all of them when none is named); returns how many ran."""
    running = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING)
    if kinds:
        running = running.filter(kind__in=kinds)
    return running.update(state=state, ended_at=now(), next_at=None)

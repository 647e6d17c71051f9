"""Clocks that a referral starts and stops on its case; only the green channel's machine actor may."""

from collections.abc import Sequence
from datetime import datetime

from cases.actions import _clocks, _schools
from cases.clocks import ClockKind
from cases.models import Case, Deadline
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk
from wellbeing.workdays import now


@action(P.CLOCK_KEEP)
def start_clocks(
    *, actor: Actor, case: Case, desk: Desk, kinds: Sequence[ClockKind], due: datetime | None = None
) -> Outcome[list[Deadline]]:
    """Start clocks of the case at a desk, due by policy or at `due`."""
    facts = {"kinds": tuple(kinds), "due_at": due}
    return Outcome(_clocks.start(case, desk, *kinds, due=due), stream=case.pk, facts=facts)


@action(P.CLOCK_KEEP)
def stop_clocks(*, actor: Actor, case: Case, kinds: Sequence[ClockKind]) -> Outcome[int]:
    """Stop the clocks of these kinds; returns how many ran. With the last of a referral ends what it had kept at a
    school of before (_schools.left). ValueError for none: that would stop them all."""
    if not kinds:
        raise ValueError("name the clocks that stop")
    stopped = _clocks.stop(case, *kinds)
    _schools.left(case, at=now())
    return Outcome(len(stopped), stream=case.pk, facts={"kinds": tuple(kinds)})

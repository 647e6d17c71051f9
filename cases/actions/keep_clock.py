"""Clocks that a referral starts and stops on its case; only the green channel's machine actor may."""

from datetime import datetime

from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case, Deadline
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk


@action(P.CLOCK_KEEP)
def start_clock(
    *, actor: Actor, case: Case, desk: Desk, kind: ClockKind, due: datetime | None = None
) -> Outcome[list[Deadline]]:
    """Start a clock of the case at a desk, due by policy or at `due`."""
    return Outcome(_clocks.start(case, desk, kind, due=due), stream=case.pk, facts={"kind": kind, "due_at": due})


@action(P.CLOCK_KEEP)
def stop_clock(*, actor: Actor, case: Case, kind: ClockKind) -> Outcome[int]:
    """Stop the clock of one kind; returns how many ran."""
    return Outcome(len(_clocks.stop(case, kind)), stream=case.pk, facts={"kind": kind})

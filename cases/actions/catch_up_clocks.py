"""Bring clocks back to a database's clock that was set back: what was opened meanwhile would be due, ring and go on
only when that moment comes round again."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from cases import clocks
from cases.models import Case, Deadline, DeadlineState, PolicyVersion, Warning
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now

SLACK = timedelta(seconds=5)  # machines differ by less
KEPT = (DeadlineState.RUNNING, DeadlineState.PAUSED)


@action(P.CLOCK_REMIND)
def catch_up_clocks(*, actor: Actor, case: Case) -> Outcome[int]:
    """Let the clocks and the warning of a case that begin ahead begin now, each with as much time as it was given, and
    a pause that begins ahead end by as much sooner; returns how many there were."""
    at = now()
    moved = 0
    for clock in ahead_clocks().filter(case=case).select_for_update(of=("self",)):
        begun = max(clock.started_at - at, timedelta())
        looks = max(clock.paused_at - at, timedelta()) if clock.paused_at else begun
        clock.started_at, clock.due_at = clock.started_at - begun, clock.due_at - begun
        clock.paused_at = min(clock.paused_at, at) if clock.paused_at else None
        clock.next_at = clock.next_at - looks if clock.next_at else None
        clock.save(update_fields=["started_at", "due_at", "paused_at", "next_at"])
        moved += 1
    moved += ahead_warnings().filter(case=case).update(ring_at=at)
    return Outcome(moved, stream=case.pk, facts={"clocks": moved})


def ahead_clocks() -> QuerySet[Deadline]:
    """The clocks that begin, or stand still from, a moment that has not come yet. For a machine."""
    late = now() + SLACK
    return Deadline.objects.filter(Q(started_at__gt=late) | Q(paused_at__gt=late), state__in=KEPT, next_at__gt=late)


def ahead_warnings() -> QuerySet[Warning]:
    """The warnings that wait to ring, of cases raised at a moment that has not come yet, or longer than policy lets one
    be silent: it rang by a clock that ran ahead. For a machine."""
    late = now() + SLACK
    silent = Q(raised_at__gt=late, ring_at__gt=F("raised_at"))
    policy = PolicyVersion.current().policy()
    for tier in Tier:
        if longest := clocks.ring(tier, late, policy):
            silent |= Q(tier=tier, ring_at__gt=longest)
    return Warning.objects.filter(silent, ended_at=None)

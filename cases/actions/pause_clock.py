"""Pause a clock, with a reason and not for ever; an acknowledgement never pauses."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind, NextAct
from cases.models import Case, Deadline, DeadlineState, Entry, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.CLOCK_PAUSE)
def pause_clock(
    *, actor: Actor, case: Case, kind: ClockKind, because: str, desk_id: int | None = None
) -> Outcome[Deadline]:
    """Let a clock stand still; it starts again by hand, or by itself when policy's longest pause is over.

    Invalid without a reason, for a kind that policy does not let pause, and for a clock that does not run or is over.
    """
    at = now()
    clock = next((one for one in _clocks.running(case, kind) if one.state == DeadlineState.RUNNING), None)
    if clock is None:
        raise Invalid("kind", _("This clock does not run."))
    policy = clock.policy.policy()
    if kind not in policy.pausable:
        raise Invalid("kind", _("This clock never pauses."))
    if clock.due_at <= at:
        raise Invalid("kind", _("This clock has run out already; a pause would hide it."))
    if not because.strip():
        raise Invalid("because", _("A clock pauses only with a reason."))
    words = {"clock": kind, "because": because}
    Entry.objects.bulk_create(
        [writer(case).entry(Section.PLAN, EntryKind.PAUSE, words, actor=actor, at=at, desk_id=desk_id)]
    )
    clock.state, clock.paused_at = DeadlineState.PAUSED, at
    clock.next_at, clock.next_act = at + timedelta(hours=policy.pause_hours), NextAct.RESUME
    clock.save(update_fields=["state", "paused_at", "next_at", "next_act"])
    return Outcome(clock, stream=case.pk, facts={"kind": kind, "until": clock.next_at})

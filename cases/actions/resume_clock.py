"""Resume a paused clock: it is due later by as long as it stood still, and no longer than its pause was given."""

from django.utils.translation import gettext_lazy as _

from cases import clocks
from cases.actions import _clocks, _notices
from cases.clocks import ClockKind, NextAct
from cases.models import Case, Deadline, DeadlineState
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.CLOCK_RESUME)
def resume_clock(*, actor: Actor, case: Case, kind: ClockKind) -> Outcome[Deadline]:
    """Start the clock again, by a person or by the ticker when its pause is over: its desk and whoever is on duty there
    are told then, so that it comes back to those who thought of it least. Invalid when none pauses."""
    at = now()
    clock = next((one for one in _clocks.running(case, kind) if one.state == DeadlineState.PAUSED), None)
    if clock is None or clock.paused_at is None:
        raise Invalid("kind", _("This clock does not pause."))
    stood = min(at, clock.next_at or at) - clock.paused_at  # not as long as the ticker stood still after its end
    clock.due_at += stood
    reminder = clocks.reminder(clock.started_at, clock.due_at, clock.policy.policy())
    clock.next_at, clock.next_act = max(reminder, at), NextAct.REMIND
    clock.state, clock.paused_at = DeadlineState.RUNNING, None
    clock.save(update_fields=["state", "paused_at", "due_at", "next_at", "next_act"])
    if actor.system:
        key, policy = f"clock_goes_on:{clock.pk}:{clock.pauses}", clock.policy.policy()
        _notices.tell_desk("clock_goes_on", case, clock.desk, on_duty(clock.desk_id), key=key, policy=policy)
    return Outcome(clock, stream=case.pk, facts={"kind": kind, "due_at": clock.due_at})

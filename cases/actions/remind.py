"""Remind a desk that a clock will run out: once, before it does."""

from cases.actions import _notices
from cases.clocks import QUIET, ClockKind, NextAct
from cases.models import Case, Deadline
from wellbeing.access.actor import Actor
from wellbeing.access.grants import DUTY_DAYS, WHOLE, lend
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import User
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.CLOCK_REMIND)
def remind(*, actor: Actor, case: Case, deadline: Deadline) -> Outcome[bool]:
    """Tell the clock's desk, and look again when it is due: a quiet one is then told once more, and no more happens.
    False when it was met meanwhile.

    After an outage that lasted until the end of the clock nobody is reminded any more: it escalates.
    """
    at = now()
    clock = Deadline.objects.select_for_update(of=("self",)).select_related("policy", "desk").get(pk=deadline.pk)
    if clock.next_at is None or clock.next_at > at or clock.next_act != NextAct.REMIND:
        return Outcome(False, stream=case.pk)
    ends, quiet = at >= clock.due_at, clock.kind in QUIET
    clock.next_at, clock.next_act = clock.due_at, NextAct.REMIND if quiet else NextAct.ESCALATE
    if quiet and ends:
        clock.next_at = None
    clock.save(update_fields=["next_at", "next_act"])
    duty = on_duty(clock.desk_id)
    if clock.kind == ClockKind.CALLBACK:  # whoever took the call may be off: who is on duty then calls back
        for user in duty:
            until = clock.due_at + DUTY_DAYS
            lend(case, to=User(pk=user), origin=Origin.DUTY, expires_at=until, by=actor, holds=WHOLE)
    if quiet or not ends:
        _notices.tell_desk(
            "due_soon",
            case,
            clock.desk,
            duty,
            key=f"due_soon:{clock.pk}{':end' if ends else ''}",
            policy=clock.policy.policy(),
        )
    return Outcome(quiet or not ends, stream=case.pk, facts={"in_time": not ends})

"""Take back what was recorded of a call-back (撤销): a wrong click must not put the next call off by weeks."""

from datetime import timedelta

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind, NextAct
from cases.models import CallBack, CallBackOutcome, Case, DeadlineState, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.workdays import now

WITHIN = timedelta(minutes=10)
ENDED = (CallBackOutcome.REACHED, CallBackOutcome.DECLINED)


@action(P.CALL_BACK)
def take_back_call(*, actor: Actor, case: Case) -> Outcome[CallBack]:
    """The call is due again as it was, and the next one of the series is not. What was written stays, and so does that
    it was taken back.

    WrongState unless the newest try of the case is the actor's own, of the last ten minutes, and ended its clock: one
    that reached nobody moved it by half a day, which may have been told to the supervisor.
    """
    at = now()
    last = CallBack.objects.filter(case=case).select_related("deadline").order_by("-at", "-id").first()
    if last is None or last.by_id != actor.person or last.at < at - WITHIN or last.outcome not in ENDED:
        raise WrongState(case.status, "take_back_call")
    clock = last.deadline
    _clocks.stop(case, ClockKind.CALLBACK, state=DeadlineState.VOID, at=at)
    clock.state, clock.ended_at = DeadlineState.RUNNING, None
    clock.next_at, clock.next_act = clock.due_at, NextAct.ESCALATE
    clock.save(update_fields=["state", "ended_at", "next_at", "next_act"])
    words = {"outcome": CallBackOutcome.TAKEN_BACK}
    entry = writer(case).entry(Section.RISK, EntryKind.CALLBACK, words, actor=actor, at=at, desk_id=last.entry.desk_id)
    entry.save(force_insert=True)
    made = CallBack.objects.create(
        case=case,
        deadline=clock,
        entry=entry,
        outcome=CallBackOutcome.TAKEN_BACK,
        half_day=last.half_day,
        at=at,
        by_id=actor.person,
    )
    return Outcome(made, stream=case.pk, facts={"outcome": CallBackOutcome.TAKEN_BACK, "step": clock.step})

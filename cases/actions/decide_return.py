"""Decide on a return (通过、不通过): who is not passed learns what is missing and when it is looked at again."""

from collections.abc import Mapping
from typing import Any

from cases.actions import _leave
from cases.leave import LeaveState
from cases.models import Case, Leave
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.LEAVE_KEEP)
def decide_return(
    *, actor: Actor, case: Case, passed: bool, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Leave]:
    """Pass the return, or refuse it with `missing` (codes of cases.leave_asks.MISSING_TEXT) and the day `look_again`.

    Raises Invalid for a refusal that names nothing, or no day ahead; WrongState before the comprehensive assessment.
    """
    step = "pass" if passed else "refuse"
    leave = _leave.current(case, step)
    _leave.check(step, words)
    if not passed:
        _leave.refuse(leave, words)
    leave.refused_by_id, leave.appeal_decided_by, leave.appeal_desk = None if passed else actor.person, None, None
    _leave.move(leave, case, step, actor=actor, words=words, desk_id=desk_id)
    return Outcome(leave, stream=case.pk, facts={"leave": LeaveState(leave.state), "number": leave.number})

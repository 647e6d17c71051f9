"""The comprehensive assessment of a return (综合评估): the school's view, the hospital's advice, the county's."""

from collections.abc import Mapping
from typing import Any

from cases.actions import _leave
from cases.leave import LeaveState
from cases.models import Case, Leave
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.RETURN_JUDGE)
def weigh_return(*, actor: Actor, case: Case, words: Mapping[str, Any], desk_id: int | None = None) -> Outcome[Leave]:
    """Seal what hospital and county say (`words`: hospital_view, county_view, own_wish); the school has said it before.

    Raises Invalid naming the view that is missing, and WrongState before the school's review.
    """
    leave = _leave.current(case, "weigh_return")
    _leave.check("weigh_return", words)
    _leave.move(leave, case, "weigh_return", actor=actor, words=words, desk_id=desk_id)
    return Outcome(leave, stream=case.pk, facts={"leave": LeaveState(leave.state), "number": leave.number})

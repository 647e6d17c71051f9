"""Decide on an appeal (申诉): county or city, and never who refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.actions import _leave
from cases.leave import LeaveState
from cases.models import Case, Leave
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.RETURN_JUDGE)
def decide_appeal(
    *, actor: Actor, case: Case, upheld: bool, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Leave]:
    """Uphold the appeal: the return is passed. Dismiss it: the leave goes on, with what is missing and a day to look
    again. Raises Invalid for whoever refused, an empty reason, or a dismissal that names nothing; WrongState.
    """
    step = "uphold" if upheld else "dismiss"
    leave = _leave.current(case, step)
    if leave.refused_by_id == actor.id:
        raise Invalid("upheld", _("Whoever refused does not decide the appeal: a colleague or the city centre does."))
    _leave.check(step, words)
    if not upheld:
        _leave.refuse(leave, words)
    leave.appeal_decided_by_id = actor.person
    _leave.move(leave, case, step, actor=actor, words=words, desk_id=desk_id)
    return Outcome(leave, stream=case.pk, facts={"leave": LeaveState(leave.state), "number": leave.number})

"""Appeal (申诉) against a return that was not passed: to the county centre, or to the city where the county refused."""

from collections.abc import Mapping
from typing import Any

from cases.actions import _leave
from cases.leave import LeaveState
from cases.models import Case, Leave, LeaveStep
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.desks import city_desk, triage_desk
from wellbeing.workdays import now


@action(P.LEAVE_KEEP)
def appeal_return(*, actor: Actor, case: Case, words: Mapping[str, Any], desk_id: int | None = None) -> Outcome[Leave]:
    """Record the appeal of the guardian or the student (`words`: appellant, appeal) and start its clock (policy).

    A refusal is appealed once. Raises Invalid for an empty field, WrongState where nothing was refused.
    """
    leave = _leave.current(case, "appeal_return")
    _leave.check("appeal_return", words)
    county = triage_desk(case.division_id)
    refused = LeaveStep.objects.filter(leave=leave, action="refuse").order_by("-at", "-id")[0]
    by_county = refused.by is not None and county.pk in {post.desk_id for post in Actor.of(refused.by).held}
    leave.appeal_desk = city_desk() if by_county else county
    grant(case, to=leave.appeal_desk, origin=Origin.ESCALATION, expires_at=now() + OWNER_DAYS, by=actor)
    _leave.move(leave, case, "appeal_return", actor=actor, words=words, desk_id=desk_id)
    facts = {"leave": LeaveState(leave.state), "number": leave.number, "desk": leave.appeal_desk.pk}
    return Outcome(leave, stream=case.pk, facts=facts)

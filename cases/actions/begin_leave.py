"""Begin a leave from school (休学): what was noticed, and which school's desk keeps it (PRACTICE.md 4.5, step 1)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.actions import _leave
from cases.leave import CLOCKS, LEAVE, LeaveState
from cases.models import Case, Leave
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now


@action(P.LEAVE_KEEP)
def begin_leave(
    *, actor: Actor, case: Case, desk: Desk, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Leave]:
    """Open the next leave of the case at a school's desk; somebody who left again within the support is on a new one.

    Raises Invalid while another one is open, at green (nobody would be reminded), for a teacher, for a desk that is no
    school counsellor's or not one's own, and for an empty field; WrongState on a closed case.
    """
    _check(actor, case, desk)
    _leave.check("begin", words)
    before = Leave.current(case)
    if before:
        if not LEAVE.allows(before.state, "leave_again"):
            raise Invalid("desk", _("A leave of this case is open already."))
        _leave.move(before, case, "leave_again", actor=actor, words={}, desk_id=desk_id)
    number = Leave.objects.filter(case=case).count() + 1
    leave = Leave.objects.create(case=case, number=number, desk=desk, begun_at=now())
    _leave.start(leave, case, CLOCKS[LEAVE.initial])
    _leave.trace(leave, case, "begin", actor=actor, words=words, desk_id=desk_id)
    _leave.keep_sight(leave, case, actor)
    return Outcome(leave, stream=case.pk, facts={"leave": LeaveState(leave.state), "number": number})


def _check(actor: Actor, case: Case, desk: Desk) -> None:
    if case.status == "closed":
        raise WrongState(case.status, "begin_leave")
    if case.school_apart:
        raise Invalid("desk", _("This is a teacher's case: a leave from school is a student's."))
    if case.tier == Tier.GREEN:
        raise Invalid("desk", _("At green no clock runs: raise the tier first, so that somebody keeps in touch."))
    school = actor.post_as(Role.SCHOOL_COUNSELLOR)
    own = actor.post_as(Role.COUNTY_TRIAGE, Role.CITY_DUTY) is None and school is not None
    if desk.role != Role.SCHOOL_COUNSELLOR or (own and desk.pk not in actor.desks):
        raise Invalid("desk", _("Choose the counsellor's desk of the student's school."))

"""The school that managed a case before another one does: its part in it ends. Used by this folder only."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cases.actions import _clocks, _notices
from cases.actions._stubs import end_grants
from cases.going import goes
from cases.models import Case, Leave, PolicyVersion, ScreeningFlag
from cases.models.case import SCHOOL
from cases.transfer import UNDER_WAY, End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import since, work_row
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk, Role, User
from wellbeing.rota.duty import on_duty


def before(case: Case, desk: Desk) -> list[Desk]:
    """The other schools that work on the case because somebody of theirs managed it, where `desk` is a school's. While
    a referral is under way, and where the case is the school's own, a leave goes on there or a student waits for its
    interview, it stays: that is its work still."""
    if desk.role != Role.SCHOOL_COUNSELLOR or _clocks.running(case, *UNDER_WAY):
        return []
    flags = ScreeningFlag.objects.filter(case=case, outcome="").values_list("desk_id", flat=True)
    leave = Leave.current(case)
    stay = {desk.pk, case.owner_desk_id, *flags, *([leave.desk_id] if leave else [])}
    with identity(GRANTS):
        held = [holder for holder, _since in since(case) if isinstance(holder, Desk) and holder.pk not in stay]
        schools = [one for one in held if one.role == Role.SCHOOL_COUNSELLOR]
        return [one for one in schools if (row := work_row(one, case)) and row.origin == Origin.MANAGER]


def left(case: Case, *, at: datetime) -> None:
    """The referral that kept a school there is over: what ended when another one's counsellor was named ends now."""
    posts = Actor.of(case.manager).held if case.manager else ()
    with identity(GRANTS):
        works = (post.desk for post in posts if post.role == Role.SCHOOL_COUNSELLOR and work_row(post.desk, case))
        now_at = next(works, None)
    if now_at is not None:
        end(case, before(case, now_at), to=now_at, at=at)


def end(case: Case, schools: list[Desk], *, to: Desk, at: datetime) -> None:
    """Their part ends, with a stub: nobody else could end it, and a school that was named by mistake read on for half a
    year. What they had still to do is whose it is now. With the counsellor's part ends what was opened at that school
    besides: its crisis lead saw the case because the counsellor had it."""
    if not schools:
        return
    left = [clock for clock in _clocks.running(case) if clock.desk in schools]
    _clocks.move(case, to, left, at=at)
    houses = {desk.organisation_id for desk in schools}

    def stays(holder: Desk | User) -> bool:
        return not _of(holder, houses)

    end_grants(case, End.TRANSFERRED, at=at, stays=stays)
    goes(case, stays)
    policy = PolicyVersion.current().policy()
    for desk in schools:
        key = f"manager_elsewhere:{case.pk}:{desk.pk}:{at.isoformat()}"
        _notices.tell_desk("transfer_accepted", case, desk, on_duty(desk.pk), key=key, policy=policy, target=False)


def shut_out(case: Case, *, at: datetime) -> None:
    """The file turns out to be about a teacher, whose employer a school is: whoever works at a school alone has no part
    in it from now on, until she agrees. What was to be done there is the county's, which names somebody else."""
    with identity(GRANTS):
        left = [clock for clock in _clocks.running(case) if clock.desk.role in SCHOOL]
        _clocks.move(case, triage_desk(case.division_id), left, at=at)
        if case.manager and _at_school(case.manager):
            case.manager = None
            case.save(update_fields=["manager"])

    def stays(holder: Desk | User) -> bool:
        return not _at_school(holder)

    end_grants(case, End.TRANSFERRED, at=at, stays=stays)
    goes(case, stays)


def _at_school(holder: Desk | User) -> bool:
    roles = {holder.role} if isinstance(holder, Desk) else {post.role for post in Actor.of(holder).held}
    return bool(roles) and roles <= {*SCHOOL, Role.REPORTER}


def _of(holder: Desk | User, houses: Collection[UUID]) -> bool:
    """Whether a desk is one of these houses', or a person works nowhere else."""
    if isinstance(holder, Desk):
        return holder.organisation_id in houses
    posts = Actor.of(holder).held
    return bool(posts) and all(post.organisation_id in houses for post in posts)

"""Name the case manager (一人一档一管理员): one person at one desk, who then works on the case."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _leave, _notices
from cases.actions._stubs import end_grants
from cases.clocks import ClockKind
from cases.covering import standing_manager
from cases.models import Case, Entry, EntryKind, Leave, PolicyVersion, ScreeningFlag, Section
from cases.transfer import UNDER_WAY, End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant, since, work_row
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, Role, User
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.MANAGER_ASSIGN)
def assign_manager(
    *, actor: Actor, case: Case, manager: User, desk: Desk, because: str = "", filled_from: str | None = None
) -> Outcome[Case]:
    """Give the manager's desk the case, start its follow-up clock and tell it; what is due sooner, or was missed, stays
    so whoever is named. Invalid when she has no post there, Newer when somebody else was named since the form was
    filled.

    A leave that waits at the county because its file was taken over goes on at her school. The school of whoever
    managed it before has no part in it any more (_schools_before).
    """
    if desk.role not in (Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE) or not _sits(manager, desk):
        raise Invalid("manager", _("Choose somebody who holds a post at that desk."))
    if case.shut_to(desk.role):
        raise Invalid("manager", _("The school is the teacher's employer; it stays out until she or he agrees."))
    standing_manager(case).still(filled_from, "assign_manager")
    at = now()
    before = _schools_before(case, desk)
    with identity(GRANTS):
        grant(case, to=desk, origin=Origin.MANAGER, expires_at=at + OWNER_DAYS, by=actor)
    case.manager = manager
    case.save(update_fields=["manager"])
    words = {"manager": str(manager), "desk": str(desk), "because": because}
    Entry.objects.bulk_create([writer(case).entry(Section.PLAN, EntryKind.MANAGER, words, actor=actor, at=at)])
    _clocks.start(case, desk, ClockKind.FOLLOW_UP, at=at, never_later=True)
    _leave.school_found(case, desk, actor=actor)
    _end(case, before, to=desk, at=at)
    post(
        kind="manager",
        desk_id=desk.pk,
        target=f"case:{case.reference}",
        tier=case.tier,
        dedupe_key=f"manager:{case.pk}:{manager.pk}:{at.isoformat()}",
    )
    return Outcome(case, stream=case.pk, facts={"desk": desk.pk, "manager": manager.pk})


def _sits(user: User, desk: Desk) -> bool:
    return any(post.desk_id == desk.pk for post in Actor.of(user).posts)


def _schools_before(case: Case, desk: Desk) -> list[Desk]:
    """The other schools that work on the case because somebody of theirs managed it. While a referral is under way, and
    where the case is the school's own, a leave goes on there or a student waits for its interview, it stays: that is
    its work still."""
    if desk.role != Role.SCHOOL_COUNSELLOR or _clocks.running(case, *UNDER_WAY):
        return []
    flags = ScreeningFlag.objects.filter(case=case, outcome="").values_list("desk_id", flat=True)
    leave = Leave.current(case)
    stay = {desk.pk, case.owner_desk_id, *flags, *([leave.desk_id] if leave else [])}
    with identity(GRANTS):
        held = [holder for holder, _since in since(case) if isinstance(holder, Desk) and holder.pk not in stay]
        schools = [one for one in held if one.role == Role.SCHOOL_COUNSELLOR]
        return [one for one in schools if (row := work_row(one, case)) and row.origin == Origin.MANAGER]


def _end(case: Case, schools: list[Desk], *, to: Desk, at: datetime) -> None:
    """Their part ends, with a stub: nobody else could end it, and a school that was named by mistake read on for half a
    year. What they had still to do is whose it is now."""
    if not schools:
        return
    left = [clock for clock in _clocks.running(case) if clock.desk in schools]
    _clocks.move(case, to, left, at=at)
    end_grants(case, End.TRANSFERRED, at=at, stays=lambda holder: holder not in schools)
    policy = PolicyVersion.current().policy()
    for desk in schools:
        key = f"manager_elsewhere:{case.pk}:{desk.pk}:{at.isoformat()}"
        _notices.tell_desk("transfer_accepted", case, desk, on_duty(desk.pk), key=key, policy=policy, target=False)

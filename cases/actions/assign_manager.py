"""Name the case manager (一人一档一管理员): one person at one desk, who then works on the case."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _leave, _schools
from cases.clocks import ClockKind
from cases.covering import standing_manager
from cases.models import Case, Entry, EntryKind, Section
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now


@action(P.MANAGER_ASSIGN)
def assign_manager(
    *, actor: Actor, case: Case, manager: User, desk: Desk, because: str = "", filled_from: str | None = None
) -> Outcome[Case]:
    """Give the manager's desk the case, start its follow-up clock and tell it; what is due sooner, or was missed, stays
    so whoever is named. Invalid when she has no post there, Newer when somebody else was named since the form was
    filled.

    A leave that waits at the county because its file was taken over goes on at her school. The school of whoever
    managed it before has no part in it any more (_schools).
    """
    if desk.role not in (Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE) or not _sits(manager, desk):
        raise Invalid("manager", _("Choose somebody who holds a post at that desk."))
    if case.shut_to(desk.role):
        raise Invalid("manager", _("The school is the teacher's employer; it stays out until she or he agrees."))
    standing_manager(case).still(filled_from, "assign_manager")
    at = now()
    before = _schools.before(case, desk)
    with identity(GRANTS):
        grant(case, to=desk, origin=Origin.MANAGER, expires_at=at + OWNER_DAYS, by=actor)
    case.manager = manager
    case.save(update_fields=["manager"])
    words = {"manager": str(manager), "desk": str(desk), "because": because}
    Entry.objects.bulk_create([writer(case).entry(Section.PLAN, EntryKind.MANAGER, words, actor=actor, at=at)])
    _clocks.start(case, desk, ClockKind.FOLLOW_UP, at=at, never_later=True)
    _leave.school_found(case, desk, actor=actor)
    _schools.end(case, before, to=desk, at=at)
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

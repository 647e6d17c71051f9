"""Renew the grants of those who answer for an open case (SECURITY.md 3.1): half a year ends, the work may not have."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case, CaseGroupObjectPermission, CaseUserObjectPermission, Draft
from wellbeing.access.actor import Actor, memory
from wellbeing.access.ending import renew
from wellbeing.access.grants import OWNER_DAYS, hold_id, standing
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import User
from wellbeing.workdays import now

AHEAD = timedelta(days=1)
BY_WORK = (Origin.OWNER, Origin.TRIAGE, Origin.MANAGER)
# How the desks that answer for a case may hold it: what came up to one of them, or was supervised by it, has taken the
# place of its grant.
THEIRS = (*BY_WORK, Origin.ESCALATION, Origin.SUPERVISION)


@action(P.ACCESS_RENEW)
def renew_grants(*, actor: Actor, case: Case) -> Outcome[int]:
    """Let the desks of owner, triage and manager, and those at which a clock of it runs, keep an open case for half a
    year more; where none of them works on it whoever took the call, while she sits at the desk that owns it; and a desk
    that supervises it where nobody else works on it, a call-back is due or its sheet is not finished. Returns how many
    grants were renewed. What was given, lent or opened for a review ends on its day, and so does what came up to a desk
    that is none of these."""
    until = now() + OWNER_DAYS
    renewed = sum(renew(row, until) for rows in _due(case) for row in rows)
    memory().clear()
    return Outcome(renewed, stream=case.pk, facts={"renewed": renewed, "until": until})


def ending() -> list[UUID]:
    """The open cases of which a grant ends soon that may have to be renewed, by id; two questions, however many. For a
    machine."""
    soon, found = now() + AHEAD, set[UUID]()
    for table in (CaseGroupObjectPermission, CaseUserObjectPermission):
        rows = table.objects.filter(expires_at__lte=soon, origin__in=THEIRS, content_object__closed_at=None)
        found |= set(rows.values_list("content_object_id", flat=True))
    return sorted(found)


def due_case(pk: UUID) -> Case | None:
    """One of them, where there is anything to renew. For a machine."""
    case = Case.objects.select_related("manager").filter(pk=pk).first()
    return case if case and any(rows.exists() for rows in _due(case)) else None


def _due(case: Case) -> list[Any]:
    """The rows to renew now, the desks' and the persons'; none of a case that was closed meanwhile."""
    if case.closed_at is not None:
        return []
    soon = now() + AHEAD
    desks = {case.owner_desk_id, triage_desk(case.division_id).pk}
    desks |= _desks(case.manager) if case.manager else set()
    desks |= {clock.desk_id for clock in _clocks.running(case)}  # or it would run on where nobody sees it
    rows = CaseGroupObjectPermission.objects.filter(content_object=case)
    work = rows.filter(group_id__in=desks, origin__in=THEIRS)
    found: list[Any] = [work.filter(expires_at__lte=soon)]
    alone = not standing(work.filter(permission_id=hold_id(Case, Hold.WORK)))
    if alone:
        own = CaseUserObjectPermission.objects.filter(content_object=case, origin=Origin.OWNER, expires_at__lte=soon)
        there = {row.user_id for row in own.select_related("user") if case.owner_desk_id in _desks(row.user)}
        found.append(own.filter(user_id__in=there))
    if alone or _clocks.running(case, ClockKind.CALLBACK) or Draft.objects.filter(case=case).exists():
        found.append(rows.filter(origin=Origin.SUPERVISION, expires_at__lte=soon))
    return found


def _desks(user: User) -> set[int]:
    """Where somebody sits, also while a leave of hers rests it: she comes back to her cases."""
    return {post.desk_id for post in Actor.of(user).held}

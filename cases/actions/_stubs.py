"""End grants on a case and leave each holder a dated stub: whoever held a case can see that, and when, it ended."""

from collections.abc import Callable
from datetime import datetime

from cases.models import Case, Stub
from cases.transfer import End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke, since
from wellbeing.access.machines import GRANTS
from wellbeing.people.models import Desk, Role, User

HOTLINE = frozenset({Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR})


def end_grants(
    case: Case,
    end: End,
    *,
    at: datetime,
    to: Desk | None = None,
    stays: Callable[[Desk | User], bool] = lambda holder: False,
) -> tuple[int, list[Desk]]:
    """Take the case from every holder but those who stay; how many grants ended, and the desks that lost it.

    As a machine: the actor's own grant may be among them, and may end before the others.
    """
    ended, lost, stubs = 0, [], []
    with identity(GRANTS):
        for holder, begun in since(case):
            if stays(holder):
                continue
            ended += revoke(case, holder=holder)
            is_desk = isinstance(holder, Desk)
            lost += [holder] if isinstance(holder, Desk) else []
            stubs.append(
                Stub(
                    desk_id=holder.pk if is_desk else None,
                    user_id=None if is_desk else holder.pk,
                    reference=case.reference,
                    tier=case.tier,
                    since=begun,
                    until=at,
                    end=end,
                    to_desk=to,
                )
            )
        Stub.objects.bulk_create(stubs)
    return ended, lost


def of_roles(holder: Desk | User, roles: frozenset[Role]) -> bool:
    """Whether a desk has one of the roles, or a person has it by a post of hers, also while that rests."""
    return holder.role in roles if isinstance(holder, Desk) else any(p.role in roles for p in Actor.of(holder).held)

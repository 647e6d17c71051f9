"""End grants on a case and leave each holder a dated stub: whoever held a case can see that, and when, it ended."""

from collections.abc import Callable
from datetime import datetime

from cases.models import Case, Stub
from cases.transfer import End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke, since, standing, tables
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now

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


def serves(case: Case, holder: Desk | User, roles: frozenset[Role]) -> bool:
    """Whether a holder keeps a file that goes, because it has one of these roles. Not somebody to whom it was only
    opened and who has other posts besides: nothing says by which of them she holds it. The caller sees the grants."""
    if not of_roles(holder, roles):
        return False
    if isinstance(holder, Desk) or all(post.role in roles for post in Actor.of(holder).held):
        return True
    hers = tables(Case)[0].objects.filter(content_object=case.pk, user=holder.pk, expires_at__gt=now())
    return any(row.origin != Origin.GIVEN for row in standing(hers))

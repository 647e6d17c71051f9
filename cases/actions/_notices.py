"""To whom a notice of a case goes, and by which ways: the desk, who is on duty there, and then the next one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.models import Case
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import since
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.outbox.channels import outward, ways
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import notice, post
from wellbeing.people.desks import members
from wellbeing.people.models import Desk, Role, User
from wellbeing.rota.duty import on_duty

IN_APP = "in_app"
BLIND = Role.EDUCATION_ADMIN  # told that a clock ran out, never about whom


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring: at a desk or at a person, by one channel."""

    channel: str
    desk_id: int | None = None
    user_id: int | None = None


def tell_desk(
    kind: str, case: Case, desk: Desk, duty: Sequence[int], *, key: str, policy: Policy, target: bool = True
) -> None:
    """Tell a desk and whoever is on duty there, on the page at once, and at red on the first other way as well.

    Without `target` the notice says that there is something, and not where (the bureau sees no case).
    """
    found = desk_rings(desk, duty, Tier(case.tier), policy)
    send(kind, case, found, key=key, policy=policy, target=target)


def desk_rings(desk: Desk, duty: Sequence[int], tier: Tier, policy: Policy) -> list[Ring]:
    """The rings by which a desk and whoever is on duty there are told. At red, where the desk keeps no rota or its rota
    has a gap, whoever sits there is told outside the page: nobody would look at it before the morning."""
    found = [Ring(IN_APP, desk_id=desk.pk), *(Ring(IN_APP, user_id=user) for user in duty)]
    if tier == Tier.RED and outward():
        people = duty or members(desk.pk)
        found += [ring for user in people for ring in _rings_of(user, policy, besides=IN_APP)[:1]]
    return found


def sees(user: User, case: Case) -> bool:
    """Whether a person may be told of the case by name: she may have done something to it and hold no grant."""
    with identity(GRANTS):
        return may(Actor.of(user), P.CASE_SEE, case)


def working(
    case: Case, permission: P, *, but: Actor, also: Collection[int] = ()
) -> list[tuple[int | None, int | None]]:
    """Who is to hear of something in a case, as (account, desk): the desks of its owner's house and some `also`, where
    they hold it, and everybody but one who may do this to it herself. A call is its counsellor's, and not for her whole
    desk to hear of."""
    found: list[tuple[int | None, int | None]] = []
    with identity(GRANTS):
        for holder, _since in since(case):
            if isinstance(holder, Desk):
                near = holder.organisation_id == case.owner_desk.organisation_id or holder.pk in also
                found += [(None, holder.pk)] if near and holder.role != Role.SCHOOL_CRISIS_LEAD else []
            elif holder.pk != but.id and may(Actor.of(holder), permission, case):
                found.append((holder.pk, None))
    return found


def send(kind: str, case: Case, rings: Iterable[Ring], *, key: str, policy: Policy, target: bool = True) -> None:
    """Post one notice per ring. Outside the page only the colour is told, and only where policy allows it."""
    for ring in rings:
        post(**_fields(kind, case, ring, key, policy, target))


def rows(kind: str, case: Case, rings: Iterable[Ring], *, key: str, policy: Policy, at: datetime) -> list[Notice]:
    """The same notices unsaved, for whoever writes many at once (outbox.post.notice)."""
    return [notice(at=at, **_fields(kind, case, ring, key, policy, True)) for ring in rings]


def _fields(kind: str, case: Case, ring: Ring, key: str, policy: Policy, target: bool) -> dict[str, Any]:
    inside = ring.channel == IN_APP
    return {
        "kind": kind,
        "desk_id": ring.desk_id,
        "user_id": ring.user_id,
        "target": f"case:{case.reference}" if inside and target else "",
        "tier": case.tier if inside or policy.notice_colour else "",
        "channel": ring.channel,
        "dedupe_key": f"{key}:{ring.channel}:{ring.desk_id or ''}:{ring.user_id or ''}",
    }


def rings(desks: Iterable[Desk], policy: Policy) -> list[Ring]:
    """Every way to every person of some desks: desk by desk, who is on duty first, then the colleagues."""
    found: list[Ring] = []
    for desk in desks:
        duty = on_duty(desk.pk)
        found += [Ring(way, desk_id=desk.pk) for way in ways(desk_id=desk.pk) if way in policy.ring_channels]
        for user in dict.fromkeys([*duty, *members(desk.pk)]):
            found += _rings_of(user, policy)
    return found


def _rings_of(user: int, policy: Policy, *, besides: str = "") -> list[Ring]:
    """By policy's ways as far as they reach her; by the page where none of them does."""
    known = (IN_APP, *ways(user_id=user))
    found = [way for way in policy.ring_channels if way in known] or [IN_APP]
    return [Ring(way, user_id=user) for way in found if way != besides]

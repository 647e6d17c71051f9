"""Whom the desk that owns a case may open it to, and which of its grants it may end again."""

from collections.abc import Iterator

from cases.models import Case
from wellbeing.access.actor import Actor
from wellbeing.access.holders import Holder, holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.rights import DESK, RIGHTS
from wellbeing.ids import whole
from wellbeing.people.desks import members, triage_desk
from wellbeing.people.models import Desk, Role, User

CITY_WIDE = (Role.HOTLINE_SUPERVISOR, Role.HOTLINE_COUNSELLOR, Role.CITY_DUTY)


def owns(actor: Actor, case: Case) -> bool:
    """Whether the actor sits today at the desk that owns the case."""
    return case.owner_desk_id in actor.desks


def openable_to(case: Case) -> list[Desk]:
    """The desks that may be given a file: the city's, and those of its own county; of a school's crisis lead only where
    the school's counsellor has it already. Never a hospital's, which reads packets; never a school's in a teacher's
    case, whose employer it is."""
    roles = [role for role in (*DESK, Role.SCHOOL_CRISIS_LEAD) if not case.shut_to(role)]
    found = Desk.objects.filter(role__in=roles).select_related("organisation").order_by("organisation__code", "pk")
    keys = {one.key for one in holders(case)}
    knows = {one.organisation_id for one in found if one.role == Role.SCHOOL_COUNSELLOR and key_of(one) in keys}
    county = triage_desk(case.division_id).pk
    return [
        desk
        for desk in found
        if desk.role in CITY_WIDE
        or desk.pk == county
        or (desk.organisation.division_id == case.division_id and desk.role != Role.SCHOOL_CRISIS_LEAD)
        or (desk.organisation_id in knows and desk.role == Role.SCHOOL_CRISIS_LEAD)
    ]


def holds_for(case: Case, to: Desk | User) -> tuple[Hold, ...]:
    """What a desk or a person may be given: the cover alone where none of their roles opens files (a school's crisis
    lead, DOMAIN.md), nothing where they are none of `openable_to`."""
    roles = {desk.role for desk in openable_to(case) if desk == to or to in {user for _at, user in people_at([desk])}}
    if roles & RIGHTS[P.FILE_READ].roles:
        return (Hold.SEE, Hold.READ, Hold.WORK)
    return (Hold.SEE,) if roles else ()


def people_at(desks: list[Desk]) -> Iterator[tuple[Desk, User]]:
    """Everybody who sits at one of the desks today, by desk."""
    at = {desk.pk: members(desk.pk) for desk in desks}
    users = User.objects.in_bulk({user for found in at.values() for user in found})
    for desk in desks:
        yield from ((desk, users[user]) for user in at[desk.pk] if user in users)


def given(case: Case, key: str) -> Holder | None:
    """The holder of this key (`desk:` or `user:` and its number) whose access the owner gave, and may end."""
    return next((one for one in holders(case) if one.key == key and one.origin == Origin.GIVEN), None)


def holder_of(key: str) -> Desk | User | None:
    """The desk or person of a key."""
    kind, _colon, number = key.partition(":")
    if (pk := whole(number)) is None:
        return None
    if kind == "desk":
        return Desk.objects.select_related("organisation").filter(pk=pk).first()
    return User.objects.filter(pk=pk, is_active=True).first() if kind == "user" else None


def key_of(holder: Desk | User) -> str:
    return f"{'user' if isinstance(holder, User) else 'desk'}:{holder.pk}"

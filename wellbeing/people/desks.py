"""Which desk is asked: by role, in a division or at an organisation; and who is at one."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from wellbeing.people.models import Desk, Division, Post, Role, User
from wellbeing.workdays import now

# Posts `p` that count now (0011_serving: they run, and their holders are not on leave); what is asked of them goes in
# between.
POSTS = (
    "SELECT p.id, p.user_id, d.role FROM app_serving(app_today()) p JOIN people_desk d ON d.group_id = p.desk_id"
    " WHERE {} ORDER BY p.id"
)
SERVING = "SELECT p.id FROM app_serving(COALESCE(%s::date, app_today())) p"


class NoDesk(LookupError):
    """No organisation has a desk of this role: a gap in the set-up, not in somebody's input."""


def triage_desk(division: str) -> Desk:
    """The county centre's triage desk of a division, or the city centre's duty desk where it has none."""
    desks = Desk.objects.select_related("organisation")
    found = desks.filter(role=Role.COUNTY_TRIAGE, organisation__division_id=division).order_by("pk").first()
    return found or city_desk()


def city_desk() -> Desk:
    """The city centre's duty desk, which takes escalations. Raises NoDesk."""
    return _only(Role.CITY_DUTY)


def bureau_desk() -> Desk:
    """The desk of the bureau's duty leader: the last level, told that a clock ran out, never about whom.
    Raises NoDesk."""
    return _only(Role.EDUCATION_ADMIN)


def system_desk() -> Desk | None:
    """The system administrators' desk, which is told when a machine or a channel stands still."""
    return Desk.objects.filter(role=Role.SYSTEM_ADMIN).order_by("pk").first()


def desk_at(organisation: UUID, role: str) -> Desk | None:
    """The desk of one role at one organisation."""
    return Desk.objects.select_related("organisation").filter(organisation_id=organisation, role=role).first()


def _only(role: Role) -> Desk:
    desk = Desk.objects.select_related("organisation").filter(role=role).order_by("pk").first()
    if desk is None:
        raise NoDesk(role)
    return desk


def desks(ids: Iterable[int]) -> list[Desk]:
    """The desks of these ids, with their organisations."""
    return list(Desk.objects.filter(pk__in=ids).select_related("organisation").order_by("pk"))


def serving(posts: QuerySet[Post], on: date | None = None) -> QuerySet[Post]:
    """Those of some posts that count on a day (today): they run, and their holders are not on leave."""
    return posts.filter(pk__in=RawSQL(SERVING, [on]))  # noqa: S611  a constant


def members(desk: int) -> list[int]:
    """The accounts that serve at a desk today, by their posts: whoever is on leave does not."""
    return [post.user_id for post in Post.objects.raw(POSTS.format("p.desk_id = %s"), [desk])]


def roles_by_key(keys: Iterable[str]) -> dict[str, frozenset[str]]:
    """The roles behind keys such as `desk:12` (the desk's) and `user:7` (those of the posts that count today)."""
    found: dict[str, frozenset[str]] = dict.fromkeys(keys, frozenset())
    numbers = {
        kind: [int(number) for one, _colon, number in (key.partition(":") for key in found) if one == kind]
        for kind in ("desk", "user")
    }
    for pk, role in Desk.objects.filter(pk__in=numbers["desk"]).values_list("pk", "role"):
        found[f"desk:{pk}"] = frozenset({role})
    for post in Post.objects.raw(POSTS.format("p.user_id = ANY (%s)"), [numbers["user"]]):
        found[f"user:{post.user_id}"] |= {post.role}  # type: ignore[attr-defined]  # of the desk, by the query
    return found


def colleagues(desks: Iterable[int], *, but: int) -> list[User]:
    """The accounts that serve at one of the desks today, without one of them, by name."""
    ids = {user for desk in desks for user in members(desk)} - {but}
    return list(User.objects.filter(pk__in=ids).order_by("username"))


def division_names() -> dict[str, str]:
    """Every division's name in the language of the page, by code."""
    return {division.code: str(division) for division in Division.objects.all()}


def counties() -> list[Division]:
    """The divisions that have a county centre with a triage desk."""
    return list(Division.objects.filter(organisations__desks__role=Role.COUNTY_TRIAGE).distinct())


def counsellor_posts(division: str) -> QuerySet[Post]:
    """The open posts of school counsellors in a division who serve today: who may become a case's manager."""
    open_ended = Post.objects.filter(desk__role=Role.SCHOOL_COUNSELLOR, ends_on=None)
    here = serving(open_ended).filter(desk__organisation__division_id=division)
    return here.select_related("user", "desk__organisation").order_by("desk__organisation__code", "pk")


def receiving_desks() -> QuerySet[Desk]:
    """Where a referral can go: the hospitals, and after them the city centre's duty."""
    desks = Desk.objects.filter(role__in=(Role.HOSPITAL_LIAISON, Role.CITY_DUTY)).select_related("organisation")
    return desks.order_by("-role", "organisation__code")


def running(user: User, on: date | None = None) -> QuerySet[Post]:
    """The posts of an account that have not ended by a day (today), those to come among them."""
    day = on or now().date()
    open_ended = Q(ends_on=None) | Q(ends_on__gte=day)
    return user.posts.filter(open_ended).select_related("desk__organisation").order_by("starts_on", "pk")

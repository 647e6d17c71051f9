"""Who may hand a counsellor's cases over, to whom, and what was handed over: the reading side of hand-overs."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from cases.clocks import ClockKind
from cases.models import Case, Deadline, DeadlineState, EntryKind, Handover, HandoverCase
from cases.queues import standing
from cases.transfer import UNDER_WAY
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import hold_id, tables
from wellbeing.access.machines import HANDOVER
from wellbeing.access.models import Hold
from wellbeing.errors import Invalid, Written
from wellbeing.paging import Page, older
from wellbeing.people.desks import serving
from wellbeing.people.models import Desk, Post, Role, User
from wellbeing.workdays import now

HOTLINE = (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
COUNTY = (ClockKind.ACKNOWLEDGE, ClockKind.TRANSFER, ClockKind.APPEAL, *UNDER_WAY)
KEEPS = (Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE)  # desks that manage cases
RELATED = ("desk__organisation", "to_desk__organisation", "from_user", "to_user", "by")


def check_handing(desk: Desk, from_user: User, to_desk: Desk, to_user: User, until: date | None) -> None:
    """What keeps one counsellor's cases from going to another one until a day: Invalid, beside its cause."""
    if to_desk.role not in KEEPS or to_desk.pk not in Actor.of(to_user).desks or from_user == to_user:
        raise Invalid("to", _("Choose a colleague who holds a post there."))
    if to_desk.organisation.division_id != desk.organisation.division_id:
        raise Invalid("to", _("To another county a file goes by a transfer, which that county accepts."))
    if until is not None and until <= now().date():
        raise Invalid("until", _("The last day must lie ahead; leave it empty to hand over for good."))
    if Handover.objects.filter(desk=desk, from_user=from_user, until__isnull=False, ended_at=None).exists():
        raise Invalid("whose", _("These cases are covered already: hand them back first."))


def standing_manager(case: Case) -> Written:
    """Who manages the case, and by whose word: a cover or a leaver takes her off without one."""
    newest = standing(case, EntryKind.MANAGER)
    return Written(f"{newest.mark}/{case.manager_id or ''}".strip("/"), newest.who, newest.at)


def may_hand(actor: Actor, desk: Desk) -> bool:
    """Whether the actor may hand over the cases of a desk: its own people, and the triage of its division."""
    if desk.role not in KEEPS:
        return False
    triage = desk.organisation.division_id in {p.division for p in actor.posts if p.role == Role.COUNTY_TRIAGE}
    return desk.pk in actor.desks or triage or Role.CITY_DUTY in actor.roles


def may_back(actor: Actor, made: Handover) -> bool:
    """Whether the actor may hand back what one of these brought: from either side; what went to another school for good
    that school has, with its county, and whoever gave it does not take it back."""
    kept = made.until is None and made.to_desk_id != made.desk_id and made.to_desk.role == Role.SCHOOL_COUNSELLOR
    return may_hand(actor, made.to_desk) or (not kept and may_hand(actor, made.desk))


def posts_for(actor: Actor) -> QuerySet[Post]:
    """The open posts whose holders' cases the actor may hand over, by school and account: on leave or not."""
    rows = Post.objects.filter(desk__role__in=KEEPS, ends_on=None).select_related("user", "desk__organisation")
    if Role.CITY_DUTY not in actor.roles:
        rows = rows.filter(desk__organisation__division__in=actor.divisions)
    return rows.order_by("desk__organisation__code", "user__username")


def takers(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Those of them who may take cases: whoever is on leave takes none."""
    return serving(posts)


def cases_of(user: User, desk: Desk) -> QuerySet[Case]:
    """The open cases that somebody manages at a desk, and those of the desk that nobody does: what she manages through
    another post of hers alone is that desk's. For a machine, which sees all."""
    work = tables(Case)[1].objects.filter(permission_id=hold_id(Case, Hold.WORK), expires_at__gt=now())
    others = [post.desk_id for post in Actor.of(user).held if post.desk_id != desk.pk]
    here = work.filter(group_id=desk.pk).values("content_object_id")
    there = work.filter(group_id__in=others).values("content_object_id")
    held = Q(manager=user) & (Q(pk__in=here) | ~Q(pk__in=there)) | Q(manager=None, owner_desk=desk)
    return Case.objects.filter(held, closed_at=None).exclude(status="closed").order_by("pk")


def goes_along(kind: ClockKind, desk: Desk, to: Desk) -> bool:
    """Whether a clock goes with its case from one desk to another: what no school can do stays on the county's board,
    or a red warning would stand where nobody may acknowledge it."""
    return desk.role != Role.COUNTY_TRIAGE or to.role == Role.COUNTY_TRIAGE or kind not in COUNTY


def left_by(post: Post) -> QuerySet[Case]:
    """The open cases that the holder of an ended post manages, and can work on through no other post of hers. For a
    machine."""
    desks = [one.desk_id for one in Actor.of(post.user).held if one.role in KEEPS]
    work = tables(Case)[1].objects.filter(group_id__in=desks, permission_id=hold_id(Case, Hold.WORK))
    held = work.filter(expires_at__gt=now()).values("content_object_id")
    managed = Case.objects.filter(manager_id=post.user_id, closed_at=None).exclude(status="closed")
    return managed.exclude(pk__in=held).order_by("pk")


def calls_left_by(post: Post) -> QuerySet[Case]:
    """The open cases of calls that the holder of an ended hotline post took, that no other of the hotline works on, and
    that still need it: a call-back is due, or no desk works on it at all. For a machine."""
    if post.desk.role not in HOTLINE or post.desk_id in Actor.of(post.user).desks:
        return Case.objects.none()
    users, groups = tables(Case)
    hers = Case.objects.filter(owner_desk=post.desk, closed_at=None, calls__counsellor=post.user_id)
    live = {"permission_id": hold_id(Case, Hold.WORK), "expires_at__gt": now(), "content_object__in": hers}
    here = {"user__posts__desk__organisation": post.desk.organisation_id}
    taken = users.objects.filter(**live, **here).exclude(user_id=post.user_id).values("content_object_id")
    desks = groups.objects.filter(**live).values("content_object_id")
    supervised = desks.filter(group__desk__organisation=post.desk.organisation_id)
    owed = Deadline.objects.filter(
        kind=ClockKind.CALLBACK, state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED)
    ).values("case_id")
    rows = Case.objects.filter(pk__in=hers).exclude(pk__in=taken).exclude(pk__in=supervised)
    return rows.filter(Q(pk__in=owed) | ~Q(pk__in=desks))


def left(today: date) -> list[Post]:
    """The posts that have ended by their date in the last two months and whose holders leave cases behind: for so long
    a release that fails is tried again. For a machine."""
    managers = Case.objects.filter(closed_at=None, manager=OuterRef("user"))
    ended = Post.objects.filter(ends_on__range=(today - timedelta(days=60), today - timedelta(days=1)))
    rows = ended.filter(Exists(managers) | Q(desk__role__in=HOTLINE)).select_related("user", "desk").order_by("pk")
    return [post for post in rows if left_by(post).exists() or calls_left_by(post).exists()]


def count_of(user: User, desk: Desk) -> int:
    """How many there are: a number, which says nothing of any case."""
    with identity(HANDOVER):
        return cases_of(user, desk).count()


def handovers(actor: Actor, before: str = "") -> Page[Handover]:
    """The hand-overs from and to the actor's desks, and those that she made; the covers that run, then the newest."""
    mine = Q(desk__in=actor.desks) | Q(to_desk__in=actor.desks) | Q(by_id=actor.person)
    run = Q(ended_at=None, until__isnull=False)
    return older(Handover.objects.filter(mine).select_related(*RELATED), before, waiting=run)


def handover(actor: Actor, pk: UUID) -> Handover | None:
    """One of them, with its cases as far as the actor sees them and the clock that comes next in each."""
    running = Deadline.objects.filter(state=DeadlineState.RUNNING).order_by("due_at")
    rows = HandoverCase.objects.filter(case__in=Case.objects.all()).select_related("case").order_by("case__reference")
    rows = rows.prefetch_related(Prefetch("case__deadlines", running, to_attr="running"))
    mine = Q(desk__in=actor.desks) | Q(to_desk__in=actor.desks) | Q(by_id=actor.person)
    found = Handover.objects.filter(mine, pk=pk).select_related(*RELATED)
    return found.prefetch_related(Prefetch("cases", rows, to_attr="seen")).first()


def due_covers(today: object) -> list[UUID]:
    """Covers whose last day is over. For the ticker."""
    return list(Handover.objects.filter(ended_at=None, until__lt=today).values_list("pk", flat=True))

"""Let the desk above stand in for an open case on which nobody works any more, and tell it: a file that nobody can open
would be a red one that nobody sees."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.actions import _notices
from cases.models import Case, PolicyVersion, Warning
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant, hold_id, tables
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.desks import city_desk, desk_at, members, triage_desk
from wellbeing.people.models import Desk, Post, Role
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now

WATCH = (Role.COUNTY_TRIAGE, Role.CITY_DUTY)  # who watches the clocks of what was warned about


@action(P.ACCESS_RENEW)
def stand_in(*, actor: Actor, case: Case) -> Outcome[Desk | None]:
    """The next desk above with somebody at it works on the case from now on, without its sealed section, and is told.
    None where somebody works on it meanwhile, or nobody sits at any of these desks."""
    up = next_up(case) if alone().filter(pk=case.pk).exists() else None
    if up is not None:
        grant(case, to=up, origin=Origin.SUPERVISION, expires_at=now() + OWNER_DAYS, by=actor)
        key, policy = f"case_alone:{case.pk}:{up.pk}:{now().date()}", PolicyVersion.current().policy()
        _notices.tell_desk("case_alone", case, up, on_duty(up.pk), key=key, policy=policy)
    return Outcome(up, stream=case.pk, facts={"desk": up and up.pk})


def alone() -> QuerySet[Case]:
    """The open cases on which nobody works: no desk with anybody at it, and no person with a post; of those in danger
    that were warned about also where nobody sits at a county's or the city's desk that does: whoever took the call
    watches no clock. Whoever is on leave comes back to hers. A machine asks; of seals the patrol knows."""
    at = now()
    run = Q(ends_on=None) | Q(ends_on__gte=at.date())
    posts = Post.objects.filter(run, starts_on__lte=at.date(), user__is_active=True)
    works = {"content_object": OuterRef("pk"), "permission_id": hold_id(Case, Hold.WORK), "expires_at__gt": at}
    users, desks = tables(Case)
    by_desk = desks.objects.filter(**works, group_id__in=posts.values("desk_id"))
    by_herself = users.objects.filter(**works, user_id__in=posts.values("user_id"))
    watching = by_desk.filter(group_id__in=posts.filter(desk__role__in=WATCH).values("desk_id"))
    warned = Exists(Warning.objects.filter(case=OuterRef("pk"), ended_at=None))
    unwatched = Q(warned, tier__in=(Tier.RED, Tier.ORANGE)) & ~Exists(watching)
    open_ones = Case.objects.filter(closed_at=None).select_related("owner_desk__organisation")
    return open_ones.filter((~Exists(by_desk) & ~Exists(by_herself)) | unwatched).order_by("pk")


def next_up(case: Case) -> Desk | None:
    """Who stands in: the supervisors of a hotline's call of which no county was warned, the county's triage of any
    other case, then the city's duty; None where nobody serves at any of these today."""
    owner = case.owner_desk
    hotline = owner.role in (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
    hotline = hotline and not Warning.objects.filter(case=case).exists()
    first = desk_at(owner.organisation_id, Role.HOTLINE_SUPERVISOR) if hotline else triage_desk(case.division_id)
    return next((desk for desk in (first, city_desk()) if desk and members(desk.pk)), None)

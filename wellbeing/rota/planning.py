"""Whose rota one may plan, and who can be on duty where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS
from wellbeing.people.absences import absences, spoken_absence
from wellbeing.people.models import Desk, Post, Role, User
from wellbeing.rota.cover import overlap
from wellbeing.rota.models import Shift
from wellbeing.rota.pattern import Planned
from wellbeing.workdays import TIMEZONE

HOTLINE = (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)


def plannable(actor: Actor) -> list[Desk]:
    """The desks whose rota the actor plans: her own; a hotline supervisor both of her hotline (DOMAIN.md, People)."""
    roles = RIGHTS[P.ROTA_PLAN].roles
    own = Q(pk__in=[post.desk_id for post in actor.posts if post.role in roles])
    hotlines = [post.organisation_id for post in actor.posts if post.role == Role.HOTLINE_SUPERVISOR]
    both = Q(organisation_id__in=hotlines, role__in=HOTLINE)
    return list(Desk.objects.filter(own | both).select_related("organisation").order_by("pk"))


def may_plan(actor: Actor, desk_id: int) -> bool:
    """Whether this desk is one of them."""
    return desk_id in {desk.pk for desk in plannable(actor)}


def colleagues(desk_id: int) -> list[tuple[int, str]]:
    """The accounts with a post at a desk that has not ended, with names, by their posts; of whoever is or will be on
    leave also from when until when: she has shifts before and after it."""
    sql = (
        "SELECT u.* FROM people_user u JOIN people_post p ON p.user_id = u.id WHERE p.desk_id = %s AND u.is_active"
        " AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date) ORDER BY p.id"
    )
    found = {user.pk: str(user) for user in User.objects.raw(sql, [desk_id])}
    for one in absences(found):
        found[one.user_id] += f" · {spoken_absence(one)}"
    return list(found.items())


def names(user_ids: Sequence[int]) -> dict[int, str]:
    """Accounts as pages name them."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=user_ids)}


def without_post(desk_id: int, shifts: Sequence[Planned]) -> Planned | None:
    """The first of these shifts whose person has no active account with a post at the desk that runs all through it,
    or is on leave meanwhile."""
    posts = list(
        Post.objects.filter(
            desk_id=desk_id, user_id__in={one.user_id for one in shifts}, user__is_active=True
        ).values_list("user_id", "starts_on", "ends_on")
    )

    away = absences({one.user_id for one in shifts})

    def runs(one: Planned) -> bool:
        first = one.starts_at.astimezone(TIMEZONE).date()
        last = (one.ends_at.astimezone(TIMEZONE) - timedelta(microseconds=1)).date()
        if any(leave.user_id == one.user_id and leave.first_day <= last and leave.last_day >= first for leave in away):
            return False
        return any(
            user == one.user_id and starts_on <= first and (ends_on is None or ends_on >= last)
            for user, starts_on, ends_on in posts
        )

    return next((one for one in shifts if not runs(one)), None)


def taken(desk_id: int, shifts: Sequence[Planned]) -> Planned | None:
    """The first of these shifts during which its person is on duty at the desk already. Ask under the desk's lock."""
    if not shifts:
        return None
    first, last = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
    there = Shift.objects.filter(
        desk_id=desk_id, user_id__in={one.user_id for one in shifts}, ends_at__gt=first, starts_at__lt=last
    )
    known = list(there.values_list("user_id", "starts_at", "ends_at"))

    def clash(one: Planned) -> bool:
        return any(user == one.user_id and overlap(one.span, (start, end)) for user, start, end in known)

    return next((one for one in shifts if clash(one)), None)

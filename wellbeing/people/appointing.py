"""Who may be appointed to what, and by how many people (DOMAIN.md, People; issue of the three administrators).

Nobody appoints herself; an administrator's post stands alone; a post that reaches cases, that judges who opened one in
an emergency, and each of the three administrators', needs the security administrator as the second person.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.rights import ADMINISTRATORS, CASE_ROLES, GLASS_REVIEWERS
from wellbeing.errors import Invalid
from wellbeing.people.desks import running
from wellbeing.people.models import Absence, Appointment, AppointmentState, Desk, Post, PostKind, User
from wellbeing.workdays import now

LONGEST = timedelta(days=366)  # of a secondment or a cover: a default of ours
LAST = gettext_noop("This is the last administrator of this kind: appoint another one first.")


def needs_two(role: str) -> bool:
    """Whether the security administrator must confirm a post of this role."""
    return role in CASE_ROLES or role in ADMINISTRATORS or role in GLASS_REVIEWERS


def refuse(user: User, desk: Desk, kind: str, starts_on: date, ends_on: date | None) -> None:
    """Raises Invalid, by field, when this account cannot have this post at these dates. Until the transaction ends
    nobody else gives it one, or closes it: two posts that exclude each other would each find the other not there yet.
    """
    if not User.objects.select_for_update().get(pk=user.pk).is_active:
        raise Invalid("desk", _("This account is closed."))
    if starts_on < now().date():
        raise Invalid("starts_on", _("A post begins today or later."))
    if ends_on is None and kind != PostKind.REGULAR:
        raise Invalid("ends_on", _("A secondment and a cover have a last day."))
    if ends_on is not None and not starts_on <= ends_on <= starts_on + LONGEST:
        raise Invalid("ends_on", _("The last day is within a year after the first."))
    for post in running(user, starts_on):
        if ends_on is not None and post.starts_on > ends_on:
            continue
        if post.desk_id == desk.pk:
            raise Invalid("desk", _("She already holds a post at this desk."))
        if {post.desk.role, desk.role} & ADMINISTRATORS and post.desk.role != desk.role:
            raise Invalid("desk", _("The post of an administrator stands alone: end the other post first."))


def refuse_twice(user: User, desk: Desk, starts_on: date, ends_on: date | None) -> None:
    """Raises Invalid when the same post waits for the second person already, in days that meet these: proposed from
    another tab, or by the way back."""
    waiting = Appointment.objects.filter(user=user, desk=desk, state=AppointmentState.WAITING)
    waiting = waiting.exclude(ends_on__lt=starts_on)
    if (waiting.filter(starts_on__lte=ends_on) if ends_on else waiting).exists():
        raise Invalid("desk", _("This post is proposed already, and waits for the second person."))


def keep_the_last(post: Post) -> None:
    """Raises Invalid when nobody else would hold the post of this administrator from now on, without an end and without
    a leave."""
    role = post.desk.role
    if role not in ADMINISTRATORS:
        return
    one_by_one(role)
    others = Post.objects.filter(desk__role=role, user__is_active=True, ends_on=None, starts_on__lte=now().date())
    away = Absence.objects.filter(Absence.to_come(now().date())).values("user_id")
    if not others.exclude(user_id=post.user_id).exclude(user_id__in=away).exists():
        raise Invalid("", _(LAST))


def one_by_one(role: str) -> None:
    """Two who at the same moment end each other's post of this kind, or go on leave both, wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"last {role}"])

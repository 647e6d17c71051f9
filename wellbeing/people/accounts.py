"""Fetch and check in one call: accounts, posts, appointments, for their administrators; and what their pages show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.people.absences import absences
from wellbeing.people.desks import running
from wellbeing.people.models import AccountEntry, Appointment, AppointmentState, Desk, Post, User
from wellbeing.signin.factors import with_factor
from wellbeing.workdays import now

PAGE = 50
STEPS = {  # what the page of an account offers, in its order
    "appoint": P.POST_APPOINT,
    "enter_absence": P.ABSENCE_ENTER,
    "renew_password": P.PASSWORD_RENEW,
    "reset_second_factor": P.SECOND_FACTOR_RESET,
    "close_account": P.ACCOUNT_CLOSE,
}


def open_account(actor: Actor, reference: str, permission: P = P.ACCOUNT_LIST) -> User:
    """An account by its number. Raises Forbidden."""
    found = User.objects.filter(pk=int(reference)).first() if reference.isdecimal() and len(reference) < 10 else None
    if found is None or not may(actor, permission):
        raise Forbidden
    return found


def open_post(actor: Actor, reference: str, permission: P = P.POST_END) -> Post:
    """A post by its number. Raises Forbidden."""
    posts = Post.objects.select_related("user", "desk__organisation")
    found = posts.filter(pk=int(reference)).first() if reference.isdecimal() and len(reference) < 10 else None
    if found is None or not may(actor, permission):
        raise Forbidden
    return found


def open_appointment(actor: Actor, reference: str, permission: P = P.POST_CONFIRM) -> Appointment:
    """A proposed post. Raises Forbidden; also for whoever it is for, or who proposed it."""
    asked = Appointment.objects.select_related("user", "desk__organisation", "proposed_by")
    try:
        found = asked.filter(pk=UUID(reference)).first()
    except ValueError:
        found = None
    if found is None or not may(actor, permission) or actor.id in (found.user_id, found.proposed_by_id):
        raise Forbidden
    return found


def account_list(actor: Actor, words: str, page: int) -> dict[str, Any]:
    """The accounts whose name, account or desk has these words, in pages, with their posts of today."""
    found = User.objects.order_by("username")
    for word in words.split()[:4]:
        desk = Q(posts__desk__organisation__name__icontains=word)
        found = found.filter(Q(username__icontains=word) | Q(display_name__icontains=word) | desk)
    found = found.distinct()
    total, first = found.count(), (page - 1) * PAGE
    shown = list(found[first : first + PAGE])
    away = {one.user_id: one for one in absences(user.pk for user in shown) if one.first_day <= now().date()}
    rows = [{"it": user, "posts": list(running(user)), "away": away.get(user.pk)} for user in shown]
    pages = max(1, -(-total // PAGE))
    return {"accounts": rows, "total": total, "page": page, "pages": pages, "waiting": len(waiting(actor))}


def account_page(actor: Actor, user: User) -> dict[str, Any]:
    """One account: what it holds, what waits, what was done with it and why, and the steps that are mine."""
    today = now().date()
    posts = user.posts.select_related("desk__organisation", "appointment").order_by("-starts_on", "-pk")
    steps = [name for name, permission in STEPS.items() if may(actor, permission)]
    return {
        "account": user,
        "mobile": _mobile(user),
        "posts": [{"it": post, "runs": post.ends_on is None or post.ends_on >= today} for post in posts],
        "waiting": [one for one in waiting(actor) if one.user_id == user.pk],
        "history": AccountEntry.objects.filter(user=user)
        .select_related("made_by", "desk__organisation")
        .order_by("-at"),
        "steps": steps if user.is_active and user.pk != actor.id else [],
        "may_end": may(actor, P.POST_END) and user.pk != actor.id,
        "away": list(absences([user.pk])),
        "may_lift": may(actor, P.ABSENCE_ENTER) and user.pk != actor.id,
        "factor": user.pk in with_factor([user.pk]) if may(actor, P.SECOND_FACTOR_RESET) else None,
    }


def _mobile(user: User) -> str:
    """The wall shows it to its owner and to machines: here, to an administrator who may see the account's page."""
    with identity(POSTS):
        return user.private.mobile


def waiting(actor: Actor) -> list[Appointment]:
    """The proposed posts that wait for their second person, the oldest first; each knows whether it is the actor's to
    decide (`mine`) and whether the account has a second factor (`factor`)."""
    asked = Appointment.objects.filter(state=AppointmentState.WAITING).order_by("proposed_at")
    rows = list(asked.select_related("user", "desk__organisation", "proposed_by"))
    strong = with_factor(row.user_id for row in rows)
    for row in rows:
        decides = may(actor, P.POST_CONFIRM) and actor.id not in (row.user_id, row.proposed_by_id)
        row.mine, row.factor = decides, row.user_id in strong  # type: ignore[attr-defined]
    return rows


def every_desk() -> list[Desk]:
    """Every desk that somebody can be appointed to, by division and organisation."""
    order = ("organisation__division_id", "organisation__kind", "organisation__code", "role")
    return list(Desk.objects.select_related("organisation__division").order_by(*order))

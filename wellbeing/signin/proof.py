"""What a session has shown of its owner, and what a page still asks for.

A session begins with a password (or the government's sign-on) and may then enter only the pages that prove more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from wellbeing.access.actor import Actor, identity
from wellbeing.access.policy import asks_second_factor
from wellbeing.access.proof import Proof, is_fresh, seconds
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.people.models import User
from wellbeing.signin.factors import has_factor
from wellbeing.signin.models import By
from wellbeing.signin.sessions import device_of


def who(request: HttpRequest) -> Actor:
    """The signed-in visitor, with when her session has last shown enough to be called proven."""
    actor = Actor.of(cast(User, request.user))
    return replace(actor, proved_at=request.session["proved_at"]) if _proven(request, actor) else actor


def begin(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """A session begins: since when, on which device. Who owes no second factor has shown enough."""
    session = request.session
    session["began_at"] = session["worked_at"] = seconds()
    session["device"] = device_of(request.META.get("HTTP_USER_AGENT", ""))
    session.pop("proved_at", None)
    actor = Actor.of(user)
    with identity(actor):
        owes = _required(actor) or has_factor(actor.person)
    if not owes:
        show(request, actor, By.PASSWORD)


def show(request: HttpRequest, actor: Actor, by: By, at: int | None = None) -> None:
    """The session's owner has shown this just now, or at a second that somebody else names (0: nobody knows, which is
    never fresh); a password only where nothing more is owed. Recorded."""
    session = request.session
    first = "proved_at" not in session
    if first and by is not By.PASSWORD:
        session.cycle_key()  # what was known of the session before is worth nothing now
    session["proved_at"], session["proved_by"] = seconds() if at is None else min(at, seconds()), by.value
    with identity(actor):
        act = Tag.SIGN_IN if first else Tag.PROVED
        record(stream=user_stream(actor.id), act=act, actor=actor, facts={"by": by})


def missing(request: HttpRequest, actor: Actor, proof: Proof) -> str | None:
    """The route where the visitor must first show or set up something, or None when the page may be entered."""
    if proof is Proof.PASSWORD:
        return None
    user, session = request.user, request.session
    must_change = isinstance(user, User) and user.first_password_until is not None
    if not _proven(request, actor):
        if has_factor(actor.person):
            return "confirm"
        if proof is Proof.FIRST:
            return None
        return "change_password" if must_change else "second_factor"
    if proof in (Proof.FIRST, Proof.FRESH) and not is_fresh(session["proved_at"]):
        return "confirm"
    return "change_password" if must_change and proof is not Proof.FIRST else None


def overdue(request: HttpRequest) -> bool:
    """Whether the session has been idle for too long, or is older than any may be."""
    at, session = seconds(), request.session
    idle, age = at - session.get("worked_at", at), at - session.get("began_at", at)
    return bool(idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE)


def worked(request: HttpRequest) -> None:
    """The session was used for work (noted at most every half minute)."""
    at = seconds()
    if at - request.session.get("worked_at", 0) >= 30:
        request.session["worked_at"] = at


def _proven(request: HttpRequest, actor: Actor) -> bool:
    session = request.session
    return "proved_at" in session and (session["proved_by"] != By.PASSWORD or not _required(actor))


def _required(actor: Actor) -> bool:
    return settings.SECOND_FACTOR == "required" and asks_second_factor(actor)

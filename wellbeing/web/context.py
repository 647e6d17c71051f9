"""What every page's frame shows: who works here, at which desk, which pages are hers, and whether a machine
stands still."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.proof import Proof
from wellbeing.outbox import health, heartbeat, hold
from wellbeing.people.desks import desks
from wellbeing.people.models import Role
from wellbeing.signin import proof
from wellbeing.web.guide import step
from wellbeing.web.help import topic_of
from wellbeing.web.navigation import ASKED, menu

ELSEWHERE = frozenset(
    {P.CENTRE_SEE, P.ACTIVITY_SEE, P.BACKUP_SEE}
)  # rights that pages ask of the frame besides the menu's
TOLD_OF_FILES = {Role.SYSTEM_ADMIN, Role.EDUCATION_ADMIN}  # who mends the data platform's file, and who answers for it


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; nothing of a case."""
    actor: Actor | None = getattr(request, "actor", None)
    demo = {"demo": settings.DEMO, "second_optional": settings.SECOND_FACTOR == "optional"}
    if actor is None or proof.missing(request, actor, Proof.SECOND):  # the frame polls, and would lead away for ever
        return {**demo, "halfway": actor is not None}
    rights = {permission: may(actor, permission) for permission in ASKED | ELSEWHERE}
    route = request.resolver_match.url_name or "" if request.resolver_match else ""
    outages = health.dead()
    return {
        "actor": actor,
        "desks": desks(actor.desks),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "nav": {permission.name.lower(): allowed for permission, allowed in rights.items()},
        "menu": menu(rights, route),
        "help_topic": topic_of(route),
        "guide": step(request, route),
        "still": heartbeat.stale(),
        "outages": [one for one in outages if one.name != health.PLATFORM],
        "file_refused": next(
            (one for one in outages if one.name == health.PLATFORM and TOLD_OF_FILES & actor.roles), None
        ),
        "on_hold": hold.held_since(),
        **(_backup() if rights[P.BACKUP_SEE] else {}),
        **demo,
    }


def _backup() -> dict[str, Any]:
    hours = heartbeat.backup_age()
    return {"backup_hours": hours, "backup_late": heartbeat.backup_late(hours)}

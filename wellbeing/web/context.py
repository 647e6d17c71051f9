"""What every page's frame shows: who works here, at which desk, which pages are hers, and whether a machine
stands still."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.outbox import health, heartbeat
from wellbeing.people.desks import desks

NAVIGATION = (
    "CALL_TAKE",
    "BOARD_SEE",
    "CASE_LIST",
    "REFERRAL_LIST",
    "SCREENING_UPLOAD",
    "CASE_SEARCH",
    "ROTA_SEE",
    "FIGURES_SEE",
    "STAFFING_SEE",
    "RETURN_SEE",
    "CENTRE_SEE",
    "POLICY_SEE",
    "AUDIT_SEE",
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; nothing of a case."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"demo": settings.DEMO}
    return {
        "actor": actor,
        "desks": desks(actor.desks),
        "nav": {name.lower(): may(actor, P[name]) for name in NAVIGATION},
        "still": heartbeat.stale(),
        "outages": health.dead(),
        "demo": settings.DEMO,
    }

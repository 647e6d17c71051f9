"""What every page's frame shows: who works here, at which desk, which pages are hers, and whether a machine
stands still."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.proof import Proof
from wellbeing.outbox import health, heartbeat
from wellbeing.people.desks import desks
from wellbeing.signin import proof

NAVIGATION = (
    "CALL_TAKE",
    "BOARD_SEE",
    "STEPS_SEE",
    "CASE_LIST",
    "CONCERN_REPORT",
    "REFERRAL_LIST",
    "SCREENING_UPLOAD",
    "CASE_SEARCH",
    "RING_SEE",
    "GLASS_SEE",
    "ROTA_SEE",
    "FIGURES_SEE",
    "STAFFING_SEE",
    "RETURN_SEE",
    "CENTRE_SEE",
    "INCIDENT_SEE",
    "ACTIVITY_SEE",
    "POLICY_SEE",
    "ACCOUNT_LIST",
    "POST_CONFIRM",
    "AUDIT_SEE",
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; nothing of a case."""
    actor: Actor | None = getattr(request, "actor", None)
    demo = {"demo": settings.DEMO, "second_optional": settings.SECOND_FACTOR == "optional"}
    if actor is None or proof.missing(request, actor, Proof.SECOND):  # the frame polls, and would lead away for ever
        return {**demo, "halfway": actor is not None}
    return {
        "actor": actor,
        "desks": desks(actor.desks),
        "nav": {name.lower(): may(actor, P[name]) for name in NAVIGATION},
        "still": heartbeat.stale(),
        "outages": health.dead(),
        **demo,
    }

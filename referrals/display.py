"""The stepper: the journey's states in order, with when each was reached."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.display import field_rows
from referrals.flow import STATE_TEXT
from referrals.models import Referral
from referrals.packet import TEMPLATES

ASKED = ("submitted", "accepted")  # before it, where a school has asked
MAIN = ("sent", "received", "appointment", "attended", "reported", "return_plan", "followed_up", "closed")


def steps(referral: Referral) -> list[dict[str, Any]]:
    """One line per state of the main road, plus the side exit it took, if any."""
    reached = {step.state: step.at for step in referral.steps.order_by("at", "id")}
    main = (*ASKED, *MAIN) if referral.asked_by_id else MAIN
    road = main if referral.state in main else (*[s for s in main if s in reached], referral.state)
    return [
        {
            "state": state,
            "text": _(STATE_TEXT[state]),
            "done": state in reached,
            "current": state == referral.state,
            "at": reached.get(state),
        }
        for state in road
    ]


def packet_rows(purpose: str, words: Mapping[str, Any]) -> list[dict[str, str]]:
    """The packet's fields in the order of its template, exactly those that travel."""
    rows = []
    for field in TEMPLATES[purpose]:
        if field.code in words:
            shown = field_rows({field.code: words[field.code]})[0]["value"]
            rows.append({"label": _(field.label), "value": shown})
    return rows

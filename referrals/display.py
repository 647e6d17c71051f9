"""The stepper: the journey's states in order, with when each was reached."""

from typing import Any

from django.utils.translation import gettext as _

from referrals.flow import STATE_TEXT
from referrals.models import Referral

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

"""Send an accepted or redirected referral (发出): the letter goes to one hospital."""

from collections.abc import Mapping
from typing import Any

from cases.models import Case
from referrals.actions._sending import send
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk


@action(P.REFERRAL_SEND)
def send_referral(
    *,
    actor: Actor,
    referral: Referral,
    destination: Desk,
    consent: str,
    words: Mapping[str, Any],
    emergency: bool = False,
) -> Outcome[Referral]:
    """Seal a letter for the hospital and let it in. The file is opened as the actor: Forbidden without a grant."""
    case = Case.objects.get(pk=referral.case_id)
    referral.emergency = emergency
    send(referral, case, "send_referral", actor=actor, destination=destination, consent=consent, words=words)
    facts = {"referral": referral.pk, "to_desk": destination.pk, "consent": ConsentOutcome(consent)}
    return Outcome(referral, stream=referral.case_id, facts=facts)

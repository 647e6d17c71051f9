"""Send a referral (发出): the letter goes to one hospital, or to the city centre."""

from collections.abc import Mapping
from typing import Any

from cases import actions as cases
from cases.paper_number import PaperKind
from referrals.actions._holding import hold
from referrals.actions._journey import case_of
from referrals.actions._sending import send
from referrals.actions._taking_back import take_back
from referrals.flow import BEFORE_SENDING, REFERRAL
from referrals.models import ConsentOutcome, Referral
from referrals.packet import Extra
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
    extras: Mapping[str, str] | None = None,
    on_paper: cases.OnPaper | None = None,
) -> Outcome[Referral]:
    """Seal a letter for the destination and let it in; whoever answers a school's request so has thereby accepted it.

    An emergency waits for nothing: it takes the letter back from wherever it is first. The file is opened as the actor:
    Forbidden without a grant. Raises Invalid naming the field, WrongState.
    """
    case, before = case_of(referral), referral.state
    cases.enter_paper(case, PaperKind.REFERRAL, on_paper, actor=actor)
    if before in BEFORE_SENDING:
        hold(referral, BEFORE_SENDING[before], actor)
    elif emergency and REFERRAL.allows(before, "redirect"):
        take_back(referral, "redirect", actor=actor, desk_id=referral.from_desk_id)
    referral.emergency = emergency
    send(
        referral,
        case,
        "send_referral",
        actor=actor,
        destination=destination,
        consent=consent,
        words=words,
        extras=extras or {},
    )
    facts = {
        "referral": referral.pk,
        "to_desk": destination.pk,
        "consent": ConsentOutcome(consent),
        "extras": tuple(Extra(code) for code in extras or ()),
    }
    return Outcome(referral, stream=referral.case_id, facts=facts)

"""Go on without consent (无同意继续): the guardian took it back, the danger stands (Mental Health Law, 28)."""

from django.utils.translation import gettext_lazy as _

from referrals.actions._journey import move, note, tell, tier_now
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState


@action(P.REFERRAL_SEND)
def go_on(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Record that the county goes on. WrongState when nothing was taken back; Invalid below red: end it there."""
    if referral.consent != ConsentOutcome.WITHDRAWN:
        raise WrongState(referral.state, "go_on")
    if tier_now(referral) != "red":
        raise Invalid("confirm", _("Only a red case goes on without consent: end the referral, or talk again."))
    referral.consent, referral.decide_by = ConsentOutcome.REFUSED, None
    move(referral, "go_on", actor=actor, desk_id=referral.from_desk_id)
    note(referral, "without_consent", desk_id=referral.from_desk_id)
    tell(referral, "goes_on", [referral.to_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})

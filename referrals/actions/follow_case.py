"""Follow the case (随个案更新): its tier, and what the guardian last said, at the ticker's next look."""

from typing import Any

from cases.clocks import ClockKind
from cases.consent import Consent, taken_back
from cases.models import ConsentRecord, Deadline, DeadlineState
from referrals.actions._journey import follow, note, tell
from referrals.flow import REFERRAL
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.REFERRAL_FOLLOW)
def follow_case(*, actor: Actor, referral: Referral) -> Outcome[bool]:
    """Take over a tier or an answer of the guardian that has changed; whether anything had.

    Not in the transaction that raises the case: that one holds the case and would wait for whoever works on the
    referral, who waits for the case. Raising is never blocked (DOMAIN.md, Tiers); this looks again every two seconds.
    """
    followed = bool(follow(referral)), _follow_consent(referral)
    if any(followed):
        referral.save()
    facts: dict[str, Any] = {"referral": referral.pk, "tier": followed[0], "consent": followed[1]}
    return Outcome(any(followed), stream=referral.case_id, facts=facts)


def _follow_consent(referral: Referral) -> bool:
    """Consent taken back: its sender has to end the referral, or to go on at red; the talk's clock says until when."""
    last = ConsentRecord.newest(referral.case_id)
    if last is None or not REFERRAL.allows(referral.state, "go_on"):
        return False
    if referral.consent == ConsentOutcome.GIVEN and taken_back(last.outcome, referral.consent):
        talk = Deadline.objects.filter(
            case=referral.case_id, kind=ClockKind.SECOND_TALK, state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED)
        ).first()
        referral.consent, referral.decide_by = ConsentOutcome.WITHDRAWN, talk.due_at if talk else now()
        note(referral, "consent_back", desk_id=None)
        tell(referral, "consent_back", {referral.from_desk_id, referral.to_desk_id})
        return True
    if referral.consent == ConsentOutcome.WITHDRAWN and last.outcome == Consent.GIVEN:
        referral.consent, referral.decide_by = ConsentOutcome.GIVEN, None
        note(referral, "consent_again", desk_id=None)
        tell(referral, "consent_again", {referral.from_desk_id, referral.to_desk_id})
        return True
    return False

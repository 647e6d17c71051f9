"""Ask those on the way whether they are safe (平安联系), every two hours, gale or not."""

from cases.clocks import ClockKind
from referrals.actions._crossing import open_crossing
from referrals.actions._journey import clocks
from referrals.models import Referral, SafetyContact
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.CROSSING_KEEP)
def contact_crossing(*, actor: Actor, referral: Referral, reached: bool) -> Outcome[SafetyContact]:
    """Record the try. Reached starts the next two hours; not reached leaves the clock, and it escalates."""
    crossing = open_crossing(referral, "contact")
    made = SafetyContact.objects.create(crossing=crossing, at=now(), reached=reached, by_id=actor.person)
    if reached:
        clocks(referral, stop=[ClockKind.SAFETY_CONTACT], start=[ClockKind.SAFETY_CONTACT])
    return Outcome(made, stream=referral.case_id, facts={"referral": referral.pk, "reached": reached})

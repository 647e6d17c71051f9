"""Acknowledge a warning (接警): a person says "I have it", and only that stops the clock."""

from django.utils.translation import gettext_lazy as _

from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.models import Case, Telling, Warning
from cases.telling import Told, Whom
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.inbox import answered
from wellbeing.outbox.post import post
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.WARNING_ACKNOWLEDGE)
def acknowledge(*, actor: Actor, case: Case, seen: str | None = None) -> Outcome[Case]:
    """Stop the acknowledgement clock and tell whoever raised the warning, if she sees the case; its notices ask no
    more. WrongState when it already was.

    `seen` is the tier that whoever clicks had before her (None: no page asked). Invalid where the case has risen since:
    nobody takes a red warning by a click on a yellow one. Who acknowledges has been told: the county centre, or the
    city centre that took the escalation.
    """
    case.status = CASE.next(case.status, "acknowledge")
    if seen is not None and (not seen or Tier(case.tier).rank < Tier(seen).rank):
        raise Invalid("seen", _("This warning has risen since you saw it. Look at its tier: to take it, press again."))
    case.save(update_fields=["status"])
    warning, at = Warning.objects.get(case=case, ended_at=None), now()  # what waits for it has one
    whom = Whom.CITY if actor.post_as(Role.CITY_DUTY) else Whom.COUNTY
    warning.acknowledged_by_id, warning.acknowledged_at, warning.ring_at = actor.id, at, None
    warning.save(update_fields=["acknowledged_by", "acknowledged_at", "ring_at"])
    Telling.objects.create(case=case, whom=whom, told=Told.TOLD, at=at, by_id=actor.person)
    answered(actor, "warning", f"case:{case.reference}")
    _clocks.stop(case, ClockKind.ACKNOWLEDGE, *([ClockKind.TELL_CITY] if whom == Whom.CITY else []))
    _clocks.start(case, warning.desk, ClockKind.REASSESS, never_later=True)
    if warning.raised_by and _notices.sees(warning.raised_by, case):  # a teacher learns nothing
        post(
            kind="acknowledged",
            user_id=warning.raised_by_id,
            target=f"case:{case.reference}",
            tier=case.tier,
            dedupe_key=f"acknowledged:{warning.pk}",
        )
    return Outcome(case, stream=case.pk, facts={"tier": Tier(case.tier)})

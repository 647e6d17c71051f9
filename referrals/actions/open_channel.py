"""Open the green channel (转介绿色通道): consent, packet and grants in one step; an emergency goes straight on."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from cases.models import Case
from referrals.actions._journey import clocks, tell
from referrals.models import ConsentOutcome, Purpose, Referral, Step
from referrals.packet import copied_fields, seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, RECIPIENT_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now


@action(P.CHANNEL_OPEN)
def open_channel(
    *,
    actor: Actor,
    case: Case,
    destination: Desk,
    consent: str,
    words: Mapping[str, Any],
    emergency: bool = False,
) -> Outcome[Referral]:
    """Send the case to a hospital: the triage desk is the sender and has thereby accepted it, so it starts at `sent`.

    A refused consent stops nothing at red (DOMAIN.md, Green channel; Mental Health Law 28); below red it does.
    Raises Invalid naming the field.
    """
    _check(case, destination, consent)
    post = actor.post_as(Role.COUNTY_TRIAGE, Role.CITY_DUTY)
    assert post is not None  # may() has seen the post
    at = now()
    until = at + RECIPIENT_DAYS
    referral = Referral(
        case=case,
        division_id=case.division_id,
        tier=case.tier,
        state="sent",
        emergency=emergency,
        consent=ConsentOutcome(consent),
        from_desk_id=post.desk_id,
        to_desk=destination,
        opened_by_id=actor.person,
        opened_at=at,
    )
    copied = copied_fields(actor, case, Purpose.HOSPITAL)
    grant(referral, to=Desk.objects.get(pk=post.desk_id), origin=Origin.OWNER, expires_at=at + OWNER_DAYS, by=actor)
    referral.save(force_insert=True)
    grant(referral, to=destination, origin=Origin.REFERRAL, expires_at=until, by=actor)
    packet = seal_packet(
        referral=referral,
        purpose=Purpose.HOSPITAL,
        words={**copied, **words},
        author_id=actor.person,
        from_desk=post.desk_id,
        to_desk=destination,
        at=at,
        expires_at=until,
    )
    packet.save(force_insert=True)
    Step.objects.create(referral=referral, state=referral.state, at=at, desk_id=post.desk_id)
    clocks(referral, start=(ClockKind.CHANNEL, ClockKind.APPOINTMENT))
    tell(referral, "referral_sent", [destination.pk])
    facts = {
        "referral": referral.pk,
        "to_desk": destination.pk,
        "consent": ConsentOutcome(consent),
        "emergency": emergency,
    }
    return Outcome(referral, stream=case.pk, facts=facts)


def _check(case: Case, destination: Desk, consent: str) -> None:
    if destination.role != Role.HOSPITAL_LIAISON:
        raise Invalid("destination", _("Choose a hospital of the green channel."))
    if consent == ConsentOutcome.REFUSED and case.tier != "red":
        raise Invalid("consent", _("The guardian refused: talk again within 24 hours; only a red case goes on now."))
    if case.status == "closed":
        raise Invalid("destination", _("The case is closed."))
    if Referral.objects.filter(case=case, to_desk=destination, ended_at=None).exists():
        raise Invalid("destination", _("A referral to this hospital is already under way."))

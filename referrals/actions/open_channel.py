"""Open the green channel (转介绿色通道): the county refers by itself; an emergency goes straight on."""

from collections.abc import Mapping
from typing import Any

from cases import actions as cases
from cases.models import Case
from cases.paper_number import PaperKind
from referrals.actions._sending import go_on_crossing, make_way, send
from referrals.models import ConsentOutcome, Referral
from referrals.packet import Extra
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_by
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk
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
    extras: Mapping[str, str] | None = None,
    on_paper: cases.OnPaper | None = None,
) -> Outcome[Referral]:
    """Send the case to a hospital or the city centre, with `extras` (code: reason) beyond the letter's template.

    The triage desk is the sender and has thereby accepted it, so it starts at `sent`. A refused consent stops nothing
    at red (DOMAIN.md, Green channel; Mental Health Law 28); below red it does. An emergency goes past a referral that
    other desks have under way: that one ends. The clocks run from now, also where the letter was written `on_paper`
    before. Raises Invalid naming the field.
    """
    cases.enter_paper(case, PaperKind.REFERRAL, on_paper, actor=actor)
    crossing = make_way(case, actor) if emergency else None
    at, sender = now(), acts_by(actor, P.CHANNEL_OPEN, case).desk
    referral = Referral(
        case=case,
        division_id=case.division_id,
        tier=case.tier,
        state="draft",
        emergency=emergency,
        from_desk=sender,
        to_desk=destination,
        opened_by_id=actor.person,
        opened_at=at,
        held_by_id=actor.person,
        held_since=at,
    )
    grant(referral, to=sender, origin=Origin.OWNER, expires_at=at + OWNER_DAYS, by=actor)
    send(
        referral,
        case,
        "open_channel",
        actor=actor,
        destination=destination,
        consent=consent,
        words=words,
        extras=extras or {},
    )
    if crossing:
        go_on_crossing(referral, crossing)
    facts = {
        "referral": referral.pk,
        "to_desk": destination.pk,
        "consent": ConsentOutcome(consent),
        "emergency": emergency,
        "extras": tuple(Extra(code) for code in extras or ()),
    }
    return Outcome(referral, stream=case.pk, facts=facts)

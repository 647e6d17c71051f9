"""Make a one-time link (一次性链接) to the letter, for a hospital that has no account here."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cases.models import PolicyVersion
from referrals.access import letter_for_link
from referrals.actions._links import shut
from referrals.flow import AT_HOSPITAL
from referrals.models import Link, Referral
from referrals.packet import seal_copy
from referrals.ticket import Ticket, digest
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.ids import uuid7
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.LINK_MAKE)
def make_link(*, actor: Actor, referral: Referral, ticket: Ticket) -> Outcome[Link]:
    """Seal a copy of exactly the letter's words under a key of the ticket's two halves; an older link ends.

    The letter is opened as the sender, and recorded. WrongState when no hospital has one; Invalid while the guardian's
    consent is taken back; Forbidden for another desk than the sender's.
    """
    if referral.from_desk_id not in actor.desks:
        raise Forbidden
    if referral.state not in AT_HOSPITAL or referral.to_desk.role != Role.HOSPITAL_LIAISON:
        raise WrongState(referral.state, "make_link")
    shut(referral, actor)
    letter = letter_for_link(actor, referral)
    if letter is None:
        raise Invalid("confirm", _("The guardian took the consent back, or the letter has expired: no link to it."))
    policy, at, pk = PolicyVersion.current().policy(), now(), uuid7()
    salt, sealed = seal_copy(pk, referral.division_id, ticket, letter.words, letter.reasons)
    link = Link.objects.create(
        id=pk,
        referral=referral,
        packet=letter.packet,
        digest=digest(ticket.token),
        salt=salt,
        sealed=sealed,
        tries_left=policy.link_tries,
        made_by_id=actor.person,
        made_at=at,
        expires_at=min(at + timedelta(hours=policy.link_hours), letter.packet.expires_at),
    )
    facts = {"referral": referral.pk, "link": link.pk, "version": letter.packet.version, "expires_at": link.expires_at}
    return Outcome(link, stream=referral.case_id, facts=facts)

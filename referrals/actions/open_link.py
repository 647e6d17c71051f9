"""Open a one-time link with its code: one try of few, whoever is first; every one of them is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from referrals.access import shut_by_consent
from referrals.actions._journey import tell
from referrals.actions._links import blank
from referrals.models import Link, LinkOpening, Referral
from referrals.packet import try_code
from referrals.ticket import Ticket, digest
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """What a try came to: the secret of the copy's key, or None; how many tries are left, and when the link ends."""

    secret: bytes | None
    tries_left: int
    expires_at: datetime


@action(P.LINK_OPEN)
def open_link(*, actor: Actor, ticket: Ticket, browser: str) -> Outcome[Opening]:
    """Take a try and open the sealed copy with the code; the first that is right ties the link to this `browser`.

    The right code gives its try back; with the last wrong one the link ends and the sender is told. Forbidden, and
    nothing to learn from it, for a token that is unknown, has ended, is exhausted or belongs to another browser.
    """
    mark = digest(browser)
    pk = _try(digest(ticket.token), mark)
    if pk is None:
        raise Forbidden
    link = Link.objects.get(pk=pk)
    referral = Referral.objects.get(pk=link.referral_id)
    secret = None if shut_by_consent(referral) else try_code(link, referral.division_id, ticket)
    LinkOpening.objects.create(link=link, at=now(), succeeded=secret is not None)
    if secret is not None:
        first = link.opened_at is None
        link.opened_at, link.browser, link.tries_left = link.opened_at or now(), mark, link.tries_left + 1
        link.save(update_fields=["opened_at", "browser", "tries_left"])
        if first:
            tell(referral, "link_opened", [referral.from_desk_id])
    elif not link.tries_left:
        blank(referral)
        tell(referral, "link_exhausted", [referral.from_desk_id])
    facts = {"referral": referral.pk, "link": pk, "succeeded": secret is not None, "tries_left": link.tries_left}
    return Outcome(Opening(secret, link.tries_left, link.expires_at), stream=referral.case_id, facts=facts)


def _try(token: bytes, browser: bytes) -> UUID | None:
    """Take one of the link's tries. One statement: of fifty at once, no more get through than there are tries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_link SET tries_left = tries_left - 1 WHERE digest = %s AND ended_at IS NULL"
            " AND expires_at > app_now() AND tries_left > 0 AND (opened_at IS NULL OR browser = %s) RETURNING id",
            [token, browser],
        )
        row = cursor.fetchone()
    return row[0] if row else None

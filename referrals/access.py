"""The only door to what travels in a referral: fetch and check in one call, open and record in one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.consent import taken_back
from cases.models import Case, ConsentRecord
from referrals.models import (
    Link,
    Packet,
    Purpose,
    Referral,
    ReferralGroupObjectPermission,
    ReferralUserObjectPermission,
)
from referrals.packet import LETTERS, can_be_opened, open_copy, open_packets
from referrals.ticket import digest
from wellbeing.access.actor import Actor, identity
from wellbeing.access.holders import Holder, holders
from wellbeing.access.machines import CHANNEL, LINK
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.workdays import now

BY_CONSENT = (*LETTERS.values(), Purpose.CROSSING)  # what a receiver reads because the guardian agreed


@dataclass(frozen=True, slots=True)
class OpenedPacket:
    """One packet, opened: its purpose, its words by field code, and why a field beyond the template was added."""

    packet: Packet
    words: Mapping[str, Any]
    reasons: Mapping[str, str]


def visible_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals the actor holds a live grant on."""
    mine = ReferralUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user_id=actor.holder, expires_at__gt=now()
    )
    desks = ReferralGroupObjectPermission.objects.filter(
        content_object=OuterRef("pk"), group_id__in=actor.desks, expires_at__gt=now()
    )
    return Referral.objects.filter(Q(Exists(desks)) | Q(Exists(mine)))


def open_referral(actor: Actor, reference: str, permission: P = P.REFERRAL_SEE) -> Referral:
    """Fetch the referral and check the permission in one call; Forbidden when missing or not allowed."""
    related = ("division", "from_desk__organisation", "to_desk__organisation")
    referral = visible_referrals(actor).select_related(*related).filter(reference=reference).first()
    if referral is None or not may(actor, permission, referral):
        raise Forbidden
    return referral


def case_seen(actor: Actor, referral: Referral, permission: P = P.CASE_SEE) -> Case | None:
    """The case of a referral, where the actor may do this to it; None where she does not see it, like whoever reads a
    referral for a while after its case was closed."""
    case = Case.objects.filter(pk=referral.case_id).first()
    return case if case and may(actor, permission, case) else None


def readable_packets(actor: Actor, referral: Referral) -> list[Packet]:
    """The newest version of each packet that is for one of the actor's desks, or was sent by it, and has not
    expired; the oldest first."""
    rows = Packet.objects.filter(
        Q(to_desk_id__in=actor.desks) | Q(from_desk_id__in=actor.desks), referral=referral, expires_at__gt=now()
    )
    each = ("purpose", "from_desk_id", "to_desk_id", "outside")
    newest = rows.order_by(*each, "-version").distinct(*each)
    found = sorted(newest, key=lambda packet: (packet.created_at, packet.pk))
    if all(packet.from_desk_id in actor.desks for packet in found) or not shut_by_consent(referral):
        return found
    return [packet for packet in found if packet.from_desk_id in actor.desks or packet.purpose not in BY_CONSENT]


def shut_by_consent(referral: Referral) -> bool:
    """Whether the guardian took the consent back since: it takes effect at once, except where red needs no consent."""
    with identity(CHANNEL):
        last = ConsentRecord.newest(referral.case_id)
        if last is None or not taken_back(last.outcome, referral.consent):
            return False
        return Case.objects.get(pk=referral.case_id).tier != "red"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line of "what was given to whom": it stays when nobody can open the packet any more."""

    packet: Packet
    open: bool


def disclosures(actor: Actor, referral: Referral) -> list[Disclosure]:
    """Every packet that the actor's desks gave to somebody else, the newest first; rows only, nothing is opened."""
    sent = Packet.objects.filter(referral=referral, from_desk_id__in=actor.desks).select_related(
        "to_desk__organisation", "author"
    )
    rows = list(sent.order_by("-created_at", "-pk"))
    living = can_be_opened(rows)
    return [Disclosure(row, row.pk in living) for row in rows]


def reveal_packets(actor: Actor, referral: Referral) -> list[OpenedPacket]:
    """Open what the actor's desks may read of this referral, and record the reading. Raises Forbidden."""
    if not may(actor, P.PACKET_READ, referral):
        raise Forbidden
    return _opened(actor, referral, readable_packets(actor, referral))


def reveal_letter(actor: Actor, reference: str, purpose: str) -> tuple[Referral, OpenedPacket]:
    """Fetch the referral, check, and open the last packet of one purpose that the actor's desks may read, and only
    that one; records the reading. Raises Forbidden, also where there is none to read.
    """
    referral = open_referral(actor, reference, P.PACKET_READ)
    found = [one for one in readable_packets(actor, referral) if one.purpose == purpose]
    if not found:
        raise Forbidden
    opened = _opened(actor, referral, [max(found, key=lambda one: one.created_at)])
    if not opened:  # its key is destroyed
        raise Forbidden
    return referral, opened[0]


def _opened(actor: Actor, referral: Referral, packets: list[Packet]) -> list[OpenedPacket]:
    found = open_packets(packets, referral.division_id)
    opened = [OpenedPacket(packet, *found[packet.pk]) for packet in packets if packet.pk in found]
    record(
        stream=referral.case_id,
        act=Tag.READ_PACKET,
        actor=through(actor, P.PACKET_READ, referral),
        facts={"referral": referral.pk, "purposes": tuple(Purpose(one.packet.purpose) for one in opened)},
    )
    return opened


def letter_for_link(actor: Actor, referral: Referral) -> OpenedPacket | None:
    """The letter that the hospital has now, opened as its sender; None where the hospital may not read it any more."""
    if shut_by_consent(referral):
        return None
    own = [
        packet
        for packet in readable_packets(actor, referral)
        if packet.purpose == Purpose.HOSPITAL and packet.to_desk_id == referral.to_desk_id
    ]
    return next(iter(_opened(actor, referral, own)), None)


@dataclass(frozen=True, slots=True)
class Visit:
    """A one-time link in the browser that opened it: the referral, the letter's words, and why some were added."""

    link: Link
    referral: Referral
    words: Mapping[str, Any]
    reasons: Mapping[str, str]


def waiting_link(token: str, browser: str) -> Link | None:
    """The link of an address while this browser may try a code; None for one that is unknown, has ended, or belongs to
    another browser: all the same to whoever asks. Under the identity of LINK."""
    link = Link.objects.filter(digest=digest(token), ended_at=None, expires_at__gt=now(), tries_left__gt=0).first()
    if link is None or (link.opened_at and bytes(link.browser) != digest(browser)):
        return None
    return None if shut_by_consent(Referral.objects.get(pk=link.referral_id)) else link


def open_visit(token: str, browser: str, secret: bytes, *, lock: bool = False) -> Visit | None:
    """Open the letter in the browser that the link belongs to, and record the reading; None when it has ended.

    `lock` holds the referral until the end of the transaction, so that what the visitor does to it is done while the
    link lives. Under the identity of LINK.
    """
    link = waiting_link(token, browser)
    if link is None or link.opened_at is None:
        return None
    rows = Referral.objects.select_related("to_desk__organisation", "from_desk__organisation")
    if lock:  # first the referral, then the link: the order in which whoever ends a link takes them
        rows = rows.select_for_update(of=("self",))
    referral = rows.get(pk=link.referral_id)
    link = waiting_link(token, browser)
    found = open_copy(link, referral.division_id, secret) if link else None
    if link is None or found is None:
        return None
    facts = {"referral": referral.pk, "link": link.pk, "purposes": (Purpose.HOSPITAL,)}
    record(stream=referral.case_id, act=Tag.READ_PACKET, actor=LINK, facts=facts)
    return Visit(link, referral, *found)


def who_may_read(referral: Referral) -> list[Holder]:
    """Who holds live grants on the referral, and why."""
    return holders(referral)

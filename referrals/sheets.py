"""A paper of one referral or one leave, filled: what papers.py says stands on it, with the words of its packet. The
print page and the PDF are drawn from the same sheet."""

from django.utils.translation import gettext as _

from cases.access import open_case
from cases.contact_access import by_its_keys, check_contact
from cases.queues import leaves
from referrals.access import OpenedPacket, open_referral, reveal_letter
from referrals.display import packet_rows
from referrals.models import Referral
from referrals.packet import TEMPLATES
from referrals.papers import LEAVE_PAPERS, PAPERS, Paper, PaperCode
from referrals.queues import destination_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.moments import absolute
from wellbeing.pdf.sheet import Blank, Line, Sheet, address_code
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def paper_sheet(actor: Actor, reference: str, code: str, address: str) -> Sheet:
    """What stands on a paper of this referral, in the language of the reader; its QR code holds `address`.

    Opens the packet that the paper carries and records the reading. Raises Forbidden, also for an unknown paper,
    and Invalid for one that would reach a home that must not be reached.
    """
    if code not in set(PaperCode):
        raise Forbidden
    shown, opened = PAPERS[PaperCode(code)], None
    if shown.purpose:
        referral, opened = reveal_letter(actor, reference, shown.purpose)
    else:
        referral = open_referral(actor, reference, P.PACKET_READ)
    if shown.home:
        check_contact(actor, by_its_keys(referral.case_id), "paper")
    version = " · " + _("letter, version {number}").format(number=opened.packet.version) if opened else ""
    sender, receiver = _houses(referral, opened)
    lines = (*_ways(referral, shown, sender, receiver), *_said(shown, opened))
    return _set(shown, sender, referral.reference, address, version=version, lines=lines)


def leave_sheet(actor: Actor, reference: str, code: str, address: str) -> Sheet:
    """The same for a case on leave, whether it has a referral or not: from the school, filled in by hand.

    Opens nothing. Raises Forbidden, also for another paper and where there is no leave.
    """
    case = open_case(actor, reference, P.LEAVE_KEEP)
    known = leaves(case)
    if code not in LEAVE_PAPERS or not known:
        raise Forbidden
    if PAPERS[PaperCode(code)].home:
        check_contact(actor, case, "paper")
    return _set(PAPERS[PaperCode(code)], known[0].desk, case.reference, address)


def _set(
    shown: Paper, sender: Desk, reference: str, address: str, *, version: str = "", lines: tuple[Line, ...] = ()
) -> Sheet:
    return Sheet(
        title=_(shown.title),
        house=str(sender.organisation),
        reference=reference,
        number=_("Green channel, form {number}").format(number=shown.number) + version,
        printed=absolute(now()),
        code=address_code(address),
        lead=tuple(_(text) for text in shown.lead),
        lines=lines,
        blanks=tuple(_blank(one) for one in shown.blanks),
        columns=tuple((_(text), share) for text, share in shown.columns),
        empty=shown.empty,
        signers=tuple(_(text) for text in shown.signers),
        foot=_("Any hour: 2912345"),
    )


def _houses(referral: Referral, opened: OpenedPacket | None) -> tuple[Desk, Desk]:
    """From whom to whom: as the packet went, else as the referral goes."""
    desks = referral.from_desk, referral.to_desk
    if opened is None:
        return desks
    known = {desk.pk: desk for desk in desks}
    packet = opened.packet
    return known.get(packet.from_desk_id) or packet.from_desk, known.get(packet.to_desk_id) or packet.to_desk


def _ways(referral: Referral, shown: Paper, sender: Desk, receiver: Desk) -> list[Line]:
    if shown.for_school:
        return [Line(_("Together with"), str(sender.organisation))]
    if not shown.place:
        return [Line(_("Sent by"), str(sender.organisation))]
    way = destination_of(referral) if receiver.pk == referral.to_desk_id else None
    note = f"{way.hours} · {way.phone}" if way else ""
    return [Line(_("Sent by"), str(sender.organisation)), Line(_("Sent to"), str(receiver.organisation), note)]


def _said(shown: Paper, opened: OpenedPacket | None) -> list[Line]:
    """What the packet carries, or the names of the fields that would go."""
    if opened:
        rows = packet_rows(shown.purpose, opened.words, opened.reasons)
        return [Line(row["label"], row["value"], _because(row["reason"])) for row in rows]
    if shown.fields_of:
        return [Line(_("Fields that go"), " · ".join(_(field.label) for field in TEMPLATES[shown.fields_of]))]
    return []


def _because(reason: str) -> str:
    return _("Added, because") + " " + reason if reason else ""


def _blank(one: Blank) -> Blank:
    return Blank(_(one.label), tuple(_(text) for text in one.choices), one.lines)

"""A paper of one referral, filled: what papers.py says stands on it, with the words of its packet. The print page and
the PDF are drawn from the same sheet."""

from django.utils.translation import gettext as _

from referrals.access import open_referral, reveal_packet
from referrals.display import packet_rows
from referrals.models import Referral
from referrals.packet import TEMPLATES
from referrals.papers import PAPERS, Paper, PaperCode
from referrals.queues import destination_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.moments import absolute
from wellbeing.pdf.sheet import Blank, Line, Sheet, address_code
from wellbeing.workdays import now


def paper_sheet(actor: Actor, reference: str, code: str, address: str) -> Sheet:
    """What stands on a paper of this referral, in the language of the reader; its QR code holds `address`.

    Opens the packet that the paper carries and records the reading. Raises Forbidden, also for an unknown paper.
    """
    referral = open_referral(actor, reference, P.PACKET_READ)
    if code not in set(PaperCode):
        raise Forbidden
    shown = PAPERS[PaperCode(code)]
    lines, version = _lines(actor, referral, shown)
    return Sheet(
        title=_(shown.title),
        house=str(referral.from_desk.organisation),
        reference=referral.reference,
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


def _lines(actor: Actor, referral: Referral, shown: Paper) -> tuple[tuple[Line, ...], str]:
    """From whom to whom, what its packet carries, and which version of the packet that is."""
    sender, receiver = referral.from_desk, referral.to_desk
    said: list[Line] = []
    version = ""
    if shown.purpose:
        opened = reveal_packet(actor, referral, shown.purpose)
        known = {desk.pk: desk for desk in (sender, receiver)}
        sender = known.get(opened.packet.from_desk_id) or opened.packet.from_desk
        receiver = known.get(opened.packet.to_desk_id) or opened.packet.to_desk
        said = [Line(**row) for row in packet_rows(shown.purpose, opened.words)]
        version = " · " + _("letter, version {number}").format(number=opened.packet.version)
    elif shown.fields_of:
        fields = " · ".join(_(field.label) for field in TEMPLATES[shown.fields_of])
        said = [Line(_("Fields that go"), fields)]
    houses = [Line(_("Together with") if shown.for_school else _("Sent by"), str(sender.organisation))]
    if not shown.for_school:
        way = destination_of(referral) if receiver == referral.to_desk else None
        note = f"{way.hours} · {way.phone}" if way else ""
        houses.append(Line(_("Sent to"), str(receiver.organisation), note))
    return (*houses, *said), version


def _blank(one: Blank) -> Blank:
    return Blank(_(one.label), tuple(_(text) for text in one.choices), one.lines)

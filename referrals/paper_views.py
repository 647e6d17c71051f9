"""Papers to print: each carries a reference and a code that opens only for somebody with a grant."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from referrals.access import open_referral, reveal_packets
from referrals.display import packet_rows
from referrals.models import Referral
from referrals.packet import TEMPLATES
from referrals.papers import PAPERS, Paper, PaperCode
from referrals.queues import destination_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.workdays import now


@requires(P.PACKET_READ)
@require_safe
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """Every paper of a referral; those that carry a packet only where the reader may read it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.PACKET_READ)
    readable = {one.packet.purpose for one in reveal_packets(actor, referral)}
    rows = [
        {"title": _(paper.title), "url": reverse("paper", args=[reference, paper.code])}
        for paper in PAPERS.values()
        if not paper.purpose or paper.purpose in readable
    ]
    return render(request, "referrals/papers.html", {"referral": referral, "rows": rows})


@requires(P.PACKET_READ)
@require_safe
def paper(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One paper, as it is printed. Forbidden where it carries a packet that the reader may not read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.PACKET_READ)
    if code not in set(PaperCode):
        raise Forbidden
    shown = PAPERS[PaperCode(code)]
    context = {
        "referral": referral,
        "title": _(shown.title),
        "lead": [_(text) for text in shown.lead],
        "rows": _rows(actor, referral, shown),
        "named": [_(field.label) for field in TEMPLATES[shown.fields_of]] if shown.fields_of else [],
        "blanks": [_(text) for text in shown.blanks],
        "signers": [_(text) for text in shown.signers],
        "place": referral.to_desk.organisation if shown.place else "",
        "destination": destination_of(referral),
        "code": _code(request.build_absolute_uri(reverse("referral", args=[reference]))),
        "at": now(),
    }
    return render(request, "referrals/paper.html", context)


def _rows(actor: Actor, referral: Referral, shown: Paper) -> list[dict[str, str]]:
    if not shown.purpose:
        return []
    # Of several with one purpose the last one counts.
    opened = {one.packet.purpose: (one.words, one.reasons) for one in reveal_packets(actor, referral)}
    if shown.purpose not in opened:
        raise Forbidden
    return packet_rows(shown.purpose, *opened[shown.purpose])


def _code(address: str) -> SafeString:
    """The address as a QR code: it holds the reference alone, and the page behind it asks for a grant."""
    drawn: Any = segno.make(address, error="m")
    return mark_safe(drawn.svg_inline(scale=3, svgclass=None, lineclass=None))  # noqa: S308  drawn here, of an address

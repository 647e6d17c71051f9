"""Papers, as a page to print and as PDF: each carries a reference and a code that opens only for somebody with a
grant. Both are drawn from one sheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.access import open_case
from cases.models import Case, EntryKind
from cases.queues import leaves, written
from referrals.access import open_referral, readable_packets
from referrals.models import Referral
from referrals.papers import LEAVE_PAPERS, PAPERS
from referrals.sheets import leave_sheet, paper_sheet
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.pdf.engine import pdf_answer
from wellbeing.pdf.sheet import Sheet


@requires(P.PACKET_READ)
@require_safe
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """Every paper of a referral; those that carry a packet only where the reader may read it. Opens nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.PACKET_READ)
    readable = {packet.purpose for packet in readable_packets(actor, referral)}
    rows = [
        _row(_(paper.title), paper.number, "paper", "paper_pdf", reference, paper.code)
        for paper in PAPERS.values()
        if not paper.purpose or paper.purpose in readable
    ]
    context = {"reference": referral.reference, "back": reverse("referral", args=[reference])}
    return render(request, "referrals/papers.html", {**context, "rows": rows + _plan_row(actor, referral)})


@requires(P.PACKET_READ)
@require_safe
def paper(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One paper, as it is printed. Forbidden where it carries a packet that the reader may not read."""
    return _shown(request, _sheet(request, reference, code), "papers", "paper_pdf", code)


@requires(P.PACKET_READ)
@require_safe
def paper_pdf(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The same paper as PDF, with its fonts. Raises Unavailable without them; then nothing is recorded as read."""
    return pdf_answer(_sheet(request, reference, code), f"{reference}-{code}")


@requires(P.LEAVE_KEEP)
@require_safe
def leave_papers(request: HttpRequest, reference: str) -> HttpResponse:
    """The papers of a leave and a return, of a case with or without a referral. Opens nothing."""
    case = open_case(request.actor, reference, P.LEAVE_KEEP)  # type: ignore[attr-defined]
    rows = [
        _row(_(PAPERS[code].title), PAPERS[code].number, "leave_paper", "leave_paper_pdf", reference, code)
        for code in LEAVE_PAPERS
        if leaves(case)
    ]
    context = {"reference": case.reference, "back": reverse("case", args=[reference]), "rows": rows}
    return render(request, "referrals/papers.html", {**context, "by_hand": True})


@requires(P.LEAVE_KEEP)
@require_safe
def leave_paper(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One of them, as it is printed."""
    return _shown(request, _leave_sheet(request, reference, code), "leave_papers", "leave_paper_pdf", code)


@requires(P.LEAVE_KEEP)
@require_safe
def leave_paper_pdf(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The same paper as PDF."""
    return pdf_answer(_leave_sheet(request, reference, code), f"{reference}-{code}")


def _shown(request: HttpRequest, sheet: Sheet, back: str, pdf: str, code: str) -> HttpResponse:
    context = {
        "sheet": sheet,
        "back": reverse(back, args=[sheet.reference]),
        "pdf": reverse(pdf, args=[sheet.reference, code]),
        "drawn": mark_safe(sheet.code),  # noqa: S308  drawn here, of an address
    }
    return render(request, "referrals/paper.html", context)


def _leave_sheet(request: HttpRequest, reference: str, code: str) -> Sheet:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return leave_sheet(actor, reference, code, request.build_absolute_uri(reverse("case", args=[reference])))


def _sheet(request: HttpRequest, reference: str, code: str) -> Sheet:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return paper_sheet(actor, reference, code, request.build_absolute_uri(reverse("referral", args=[reference])))


def _row(title: str, number: object, page: str, pdf: str, *args: str) -> dict[str, object]:
    return {"title": title, "number": number, "page": reverse(page, args=args), "pdf": reverse(pdf, args=args)}


def _plan_row(actor: Actor, referral: Referral) -> list[dict[str, object]]:
    """The person's safety plan, where the reader may open the case's file and there is one: it is printed there."""
    try:
        case = open_case(actor, referral.case.reference, P.FILE_READ)
    except (Forbidden, Case.DoesNotExist):
        return []
    if EntryKind.SAFETY_PLAN not in written(case):
        return []
    return [_row(_("Safety plan"), "–", "safety_plan_print", "safety_plan_pdf", case.reference)]

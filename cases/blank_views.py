"""Sheets of paper for the days when the system is down: print a batch, see where each went, check a number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.blank_forms import PrintForm
from cases.blank_sheets import blank_sheet
from cases.models import Case, PaperSheet
from cases.paper_access import (
    batch_of,
    batches,
    cases_of,
    entered,
    entered_by,
    kind_of,
    my_kinds,
    waiting_sheet,
)
from cases.paper_number import KIND_TEXT, PaperKind, shown
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.errors import Forbidden, Invalid
from wellbeing.pdf.engine import batch_answer
from wellbeing.pdf.sheet import Sheet
from wellbeing.workdays import now

ENTERED_AT = {PaperKind.CALL: "new_call", PaperKind.CONCERN: "report_concern", PaperKind.REFERRAL: "enter_referral"}


@requires(P.PAPER_PRINT)
@require_http_methods(["GET", "POST"])
def paper_sheets(request: HttpRequest) -> HttpResponse:
    """The batches of one's desks, and where the sheets went; printing leads to the print page of the new batch."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = PrintForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with beside(form):
            first = actions.print_sheets(
                actor=actor, kind=PaperKind(given["kind"]), count=given["count"], key=given["key"]
            )
            return redirect("paper_batch", first.batch)
    page = {
        "form": form,
        "batches": [{**one, "text": KIND_TEXT[PaperKind(one["kind"])]} for one in batches(actor)],
        "entered": _entered(actor, entered(actor)),
        "refers": PaperKind.REFERRAL in my_kinds(actor),
        "now": now(),
    }
    return render(request, "cases/paper_sheets.html", page, status=422 if form.is_bound else 200)


def _entered(actor: Actor, sheets: Iterable[PaperSheet]) -> list[dict[str, Any]]:
    rows = list(sheets)
    cases = cases_of(rows)
    return [_line(actor, one, cases.get(one.case_id) if one.case_id else None) for one in rows]


def _line(actor: Actor, sheet: PaperSheet, case: Case | None) -> dict[str, Any]:
    concern = sheet.kind == PaperKind.CONCERN  # whoever reports one sees nothing more of it
    return {
        "number": shown(sheet.pk),
        "text": KIND_TEXT[PaperKind(sheet.kind)],
        "sheet": sheet,
        "reference": case.reference if case and not concern else "",
        "who": entered_by(actor, sheet, case),
    }


@requires(P.PAPER_PRINT)
@require_safe
def paper_batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Every sheet of a batch, one under the other, as they are printed."""
    sheets = [{"sheet": one, "drawn": mark_safe(one.code)} for one in _sheets(request, batch)]  # noqa: S308
    return render(request, "cases/paper_batch.html", {"sheets": sheets, "batch": batch})


@requires(P.PAPER_PRINT)
@require_safe
def paper_batch_pdf(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The same as one PDF. Raises Unavailable without fonts."""
    sheets = _sheets(request, batch)
    return batch_answer(sheets, f"{sheets[0].reference}-{sheets[-1].reference}")


def _sheets(request: HttpRequest, batch: UUID) -> list[Sheet]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return [
        blank_sheet(paper, request.build_absolute_uri(reverse("enter_paper", args=[shown(paper.pk)])))
        for paper in batch_of(actor, batch)
    ]


@requires(P.PAPER_PRINT)
@require_safe
def enter_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Where the code on a sheet leads: to the form that enters it, with its number; of one that was entered before the
    form says so. Forbidden for a sheet of another house."""
    kind = kind_of(number)
    return redirect(f"{reverse(ENTERED_AT[kind])}?{urlencode({'paper': number})}")


@requires(P.PAPER_PRINT, quiet=True)
@require_POST
def check_paper(request: HttpRequest, kind: str) -> HttpResponse:
    """Whether the number that is typed may be entered; nothing is written."""
    if kind not in set(PaperKind):
        raise Forbidden
    typed, page = request.POST.get("paper", "")[:40], {}
    if typed.strip():
        try:
            page = {"sheet": waiting_sheet(typed, PaperKind(kind))}
        except Invalid as refused:
            page = {"fault": refused.message}
    return render(request, "cases/_paper_check.html", page)

"""What a case puts on paper, as a page to print and as PDF, both drawn from one sheet: the person's safety plan, the
plan of return and the written report."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import return_plan, safety_plan
from cases.access import Opened, Purpose, open_case, reveal
from cases.contact_access import check_contact
from cases.display import report_rows
from cases.models import Case, EntryKind, ReportKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.moments import absolute
from wellbeing.pdf.engine import pdf_answer
from wellbeing.pdf.sheet import Line, Sheet, address_code
from wellbeing.workdays import now


@requires(P.FILE_READ)
@require_safe
def safety_plan_print(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest safety plan on one sheet for the person: nothing on it says where it comes from."""
    return _print(request, reference, _plan(request, reference), "safety_plan_pdf")


@requires(P.FILE_READ)
@require_safe
def safety_plan_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same sheet as PDF; the file's name is for whoever keeps it, the sheet itself has no reference."""
    return pdf_answer(_plan(request, reference), f"{reference}-safety-plan")


@requires(P.FILE_READ)
@require_safe
def return_plan_print(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest plan of return on one sheet for form teacher and crisis lead: no name, no tier, no record."""
    return _print(request, reference, _return_plan(request, reference), "return_plan_pdf")


@requires(P.FILE_READ)
@require_safe
def return_plan_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same sheet as PDF."""
    return pdf_answer(_return_plan(request, reference), f"{reference}-return-plan")


@requires(P.FILE_READ)
@require_safe
def report_print(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest written report, as it was sent."""
    case, report = newest(request, reference, EntryKind.REPORT)
    context = {"case": case, "report": report, "sheet": _report(request, case, report)}
    return render(request, "cases/report_print.html", context)


@requires(P.FILE_READ)
@require_safe
def report_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same report as PDF."""
    case, report = newest(request, reference, EntryKind.REPORT)
    return pdf_answer(_report(request, case, report), f"{reference}-report")


def newest(request: HttpRequest, reference: str, kind: EntryKind) -> tuple[Case, Opened]:
    """The newest entry of a kind, opened and recorded; Forbidden when there is none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    found = [one for one in reveal(actor, case, [Section.PLAN], Purpose.CARE).entries if one.kind == kind]
    if not found:
        raise Forbidden
    return case, found[-1]


def _print(request: HttpRequest, reference: str, sheet: Sheet, pdf: str) -> HttpResponse:
    context = {"sheet": sheet, "reference": reference, "pdf": reverse(pdf, args=[reference])}
    return render(request, "cases/plan_print.html", context)


def _plan(request: HttpRequest, reference: str) -> Sheet:
    case, plan = newest(request, reference, EntryKind.SAFETY_PLAN)
    check_contact(request.actor, case, "paper")  # type: ignore[attr-defined]
    steps = (*safety_plan.STEPS, *safety_plan.STAYS)
    return Sheet(
        title=_("My safety plan"),
        steps=tuple(Line(_(step.title), plan.words.get(step.code, ""), _(step.question)) for step in steps),
        signers=tuple(_(text) for text in safety_plan.SIGNERS),
        foot=_("Any hour: 2912345 · 12356 · ambulance 120 · police 110"),
    )


def _return_plan(request: HttpRequest, reference: str) -> Sheet:
    _case, plan = newest(request, reference, EntryKind.RETURN_PLAN)
    return Sheet(
        title=_("Return-to-school plan"),
        steps=tuple(Line(_(part.label), plan.words.get(part.code, "")) for part in return_plan.PARTS),
        foot=_("Any hour: 2912345 · 12356 · ambulance 120 · police 110"),
    )


def _report(request: HttpRequest, case: Case, report: Opened) -> Sheet:
    words: dict[str, Any] = dict(report.words)
    return Sheet(
        title=str(ReportKind(words["report"]).label),
        house=str(case.owner_desk.organisation),
        reference=case.reference,
        number=_("Written {at}").format(at=absolute(report.at)),
        printed=absolute(now()),
        code=address_code(request.build_absolute_uri(reverse("case", args=[case.reference]))),
        lines=tuple(Line(**row) for row in report_rows(words)),
        signers=(_("Written by (signature)"), _("Checked by (signature)"), _("Seal")),
    )

"""The director's pages: parse, ask one provider, render. No page here knows a case."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.exchange.queues import heard
from wellbeing.registers.year_access import years
from wellbeing.reports import annual, figures, oversight, paper, subject
from wellbeing.reports import measures as m
from wellbeing.reports.sheets import Form, Sort, export, published, watermark
from wellbeing.reports.words import SUBJECT_TEXT
from wellbeing.workdays import now

HEARD_DAYS = 30


@requires(P.FIGURES_SEE)
@require_safe
def oversight_page(request: HttpRequest) -> HttpResponse:
    """What the plan asks for and where it stands: seen in ten seconds."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {**oversight.page(actor), "watermark": watermark(actor, now()), "now": now()}
    return render(request, "reports/oversight.html", context)


@requires(P.FIGURES_EXPORT, fresh=True)
@require_safe
def oversight_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same for the meeting: a sheet of paper, or its lines."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if form not in list(Form):
        raise Forbidden
    return export(actor, paper.of_overview(oversight.page(actor)), Form(form), Sort.OVERVIEW)


@requires(P.FIGURES_SEE)
@require_safe
def subject_page(request: HttpRequest, code: str) -> HttpResponse:
    """One subject: trend, divisions, months."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if code not in m.SUBJECTS:
        raise Forbidden
    context = subject.page(actor, code, request.GET.get("of", ""))
    context |= {"watermark": watermark(actor, now()), "now": now(), "years": years() if code == "hotline" else []}
    return render(request, "reports/subject.html", context)


@requires(P.SERVICE_SEE)
@require_safe
def service_page(request: HttpRequest) -> HttpResponse:
    """The hotline's subject for whoever supervises it, and what her exchange heard lately: her own desk's, in full."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = subject.page(actor, "hotline", request.GET.get("of", ""))
    context |= {"watermark": watermark(actor, now()), "now": now(), "days": HEARD_DAYS}
    context["heard"] = heard(HEARD_DAYS) if may(actor, P.RING_SEE) else None
    return render(request, "reports/subject.html", context)


@requires(P.FIGURES_EXPORT, fresh=True)
@require_safe
def subject_export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Everything published of one subject, as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if code not in m.SUBJECTS or form not in list(Form):
        raise Forbidden
    names = {division.code: str(division) for division in figures.divisions()}
    sheet = published(actor, _(SUBJECT_TEXT[code]), m.published(code), names, figures.past_year(actor).latest)
    sheet = replace(sheet, blocks=lambda: paper.of_subject(subject.page(actor, code)))
    return export(actor, sheet, Form(form), Sort(code))


@requires(P.FIGURES_SEE)
@require_safe
def annual_report(request: HttpRequest, year: int) -> HttpResponse:
    """The official annual report of the hotline."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if year not in years():
        raise Forbidden
    context = {**annual.report(actor, year), "watermark": watermark(actor, now())}
    return render(request, "reports/annual.html", context)


@requires(P.FIGURES_EXPORT, fresh=True)
@require_safe
def annual_export(request: HttpRequest, year: int, form: str) -> HttpResponseBase:
    """The same as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if year not in years() or form not in list(Form):
        raise Forbidden
    return export(actor, annual.sheet(annual.report(actor, year)), Form(form), Sort.YEAR, {"year": year})

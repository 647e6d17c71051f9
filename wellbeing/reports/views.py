"""Figures for those who answer for them; no page here knows a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.reports.staffing_board import staffing_board


@requires(P.STAFFING_SEE)
@require_safe
def staffing(request: HttpRequest) -> HttpResponse:
    """Per division and school: who must have a full-time psychology teacher, who has, what is missing."""
    return render(request, "reports/staffing.html", staffing_board())

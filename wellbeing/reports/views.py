"""Figures for those who answer for them; no page here knows a case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.people.centres import city_share
from wellbeing.people.findings import policy_number
from wellbeing.people.terms import every_term
from wellbeing.people.views import page_number
from wellbeing.reports.staffing_board import SHOWS, staffing_board, term_of, what_if


@requires(P.STAFFING_SEE)
@require_safe
def staffing(request: HttpRequest) -> HttpResponse:
    """Per division and school: who must have a full-time psychology teacher, who has, what is missing since when."""
    term = term_of(request.GET.get("term", ""))
    show = request.GET.get("show", "short")
    show, division, page = (show if show in SHOWS else "short"), request.GET.get("division", ""), page_number(request)
    context = {
        **staffing_board(term, division=division, show=show, page=page),
        "terms": every_term(),
        "show": show,
        "division": division,
        "page": page,
        "share": city_share(),
        "rules": policy_number(),
    }
    return render(request, "reports/staffing.html", context)


@requires(P.STAFFING_SEE)
@require_safe
def staffing_what_if(request: HttpRequest) -> HttpResponse:
    """What it takes to reach 100 %: the best moves inside each county, and who must be hired after them."""
    term = term_of(request.GET.get("term", ""))
    if term is None:
        raise Http404
    return render(request, "reports/what_if.html", {"term": term, "divisions": what_if(term)})

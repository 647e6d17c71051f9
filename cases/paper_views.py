"""Pages of the instruments: choose one, answer it with the keyboard, and hear at once what must not wait."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions
from cases.access import open_case
from cases.display import answered, band_text, reasons, worded
from cases.instruments import PAPERS, AnswerError, Paper
from cases.models import Case, PolicyVersion
from cases.paper_forms import PaperForm
from cases.tiers import propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.errors import Forbidden


@requires(P.INSTRUMENT_RECORD)
@require_http_methods(["GET", "POST"])
def record_instrument(request: HttpRequest, reference: str) -> HttpResponse:
    """The papers to choose from, or with `?paper=` the one to fill in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.INSTRUMENT_RECORD)
    paper = PAPERS.get(request.GET.get("paper", ""))
    if paper is None:
        papers = [{"code": one.code, "title": worded(one.title), "source": one.source} for one in PAPERS.values()]
        return render(request, "cases/papers.html", {"case": case, "papers": papers})
    form = PaperForm(request.POST if request.method == "POST" else None, actor=actor, target=case, paper=paper)
    if form.is_bound and form.is_valid():
        with beside(form):
            recorded(actor, case, form)
            messages.success(request, _("The instrument is recorded."))
            return redirect("case", reference=case.reference)
    context = _page(case, paper, form) | {"reading": _reading(form)}
    return render(request, "cases/paper.html", context, status=422 if form.is_bound else 200)


def recorded(actor: Actor, case: Case, form: PaperForm) -> Any:
    """Keep the answers of a valid form."""
    return actions.record_instrument(
        actor=actor,
        case=case,
        instrument=form.paper.code,
        answers=form.answers(),
        desk_id=acts_at(actor, P.INSTRUMENT_RECORD, case),
        key=form.cleaned_data["key"],
    )


@requires(P.INSTRUMENT_RECORD, quiet=True)
@require_POST
def instrument_reading(request: HttpRequest, reference: str) -> HttpResponse:
    """What the paper says as it stands; nothing of it is kept."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.INSTRUMENT_RECORD)
    paper = PAPERS.get(request.GET.get("paper", ""))
    if paper is None:
        raise Forbidden
    form = PaperForm(request.POST, actor=actor, target=case, paper=paper)
    return render(request, "cases/_reading.html", {"reading": _reading(form)})


def _page(case: Case, paper: Paper, form: PaperForm) -> dict[str, Any]:
    query = f"?paper={paper.code}"
    return {
        "case": case,
        "form": form,
        "title": worded(paper.title),
        "lead": worded(paper.lead),
        "source": paper.source,
        "lines": list(form.lines()),
        "reading_url": reverse("instrument_reading", args=[case.reference]) + query,
        "back": reverse("record_instrument", args=[case.reference]),
    }


def _reading(form: PaperForm) -> dict[str, Any]:
    """The reading for the page: how far it is, the score of a finished paper, what is critical, the tier proposed."""
    paper = form.paper
    found: dict[str, Any] = {"done": 0, "of": len(paper.questions)}
    if not form.is_bound:
        return found
    form.is_valid()
    answers = form.answers()
    found["done"] = len(answers)
    try:
        reading = paper.read(answers)
    except AnswerError as fault:
        return found | {"fault": next((worded(q.text) for q in paper.questions if q.code == fault.item), fault.item)}
    proposal = propose(reading.facts, PolicyVersion.current().policy())
    return found | {
        "total": reading.result.total,
        "band": band_text(reading.result.band) if reading.result.complete else "",
        "critical": answered(paper, reading.result.critical),
        "tier": proposal.tier if proposal.reasons else "",
        "reasons": reasons(proposal),
    }

"""Pages of a screening file: bring it, see what it would do, confirm it, and watch it being imported."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.display import band_text, worded
from cases.instruments import PAPERS
from cases.models import PolicyVersion, ScreeningBatch
from cases.screening_access import batches_of, mapping_of, open_batch, reveal_preview, schools_of
from cases.screening_columns import BadFile, Fault, Line, codes_of, find_columns, guess_mapping, table_lines
from cases.screening_faults import fault_page
from cases.screening_file import Row
from cases.screening_forms import ScreeningForm
from cases.screening_from_one import counted, looks_so, marked
from cases.screening_grade import grader
from cases.screening_pick import picker
from cases.screening_titles import by_titles
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.errors import Invalid
from wellbeing.upload import takes_file
from wellbeing.workdays import now

SHOWN = 20  # rows of the preview


@requires(P.SCREENING_UPLOAD)
@takes_file
@require_http_methods(["GET", "POST"])
def screenings(request: HttpRequest) -> HttpResponse:
    """The files that were brought, and the form for another one; a bad file is answered with every bad row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ScreeningForm(request.POST or None, request.FILES or None, actor=actor, target=None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            with beside(form):
                batch, again = _bring(actor, form)
                if again:
                    messages.info(request, _("This file was brought before; nothing changed."))
                return redirect("screening", batch=batch.pk)
        except BadFile as bad:
            faults = bad.faults
    context = {
        "form": form,
        "batches": [_line(batch) for batch in batches_of(actor)],
        "schools": [desk.organisation for desk in schools_of(actor)],
        **fault_page(actor, faults),
        "now": now(),
    }
    return render(request, "cases/screenings.html", context, status=422 if form.is_bound else 200)


@requires(P.SCREENING_UPLOAD)
@require_safe
def screening(request: HttpRequest, batch: UUID) -> HttpResponse:
    """One file: what it would do, how far it is, or what came of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_batch(actor, batch)
    context: dict[str, Any] = {"batch": found, "line": _line(found), "now": now()}
    if found.state == "unmapped":
        context |= picker(actor, found)
    if found.state == "staged":
        figures, rows = reveal_preview(actor, found, SHOWN)
        tiers = [(tier.value, figures["tiers"][tier.value]) for tier in Tier]
        grade = grader(PolicyVersion.current().policy())
        context |= {
            "figures": figures,
            "new": figures["rows"] - figures["matched"],
            "tiers": tiers,
            "flagged": sum(number for tier, number in tiers if tier != Tier.GREEN),
            "rows": [_row(row, grade) for row in rows],
            "suspects": _papers(figures.get("from_one") or ()),
            "recounted": _papers(sorted(counted(found.instruments))),
        }
    return render(request, "cases/screening.html", context)


@requires(P.SCREENING_UPLOAD)
@require_POST
def map_screening(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take the columns that were picked; what is wrong with the file then stands on the same page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_batch(actor, batch)
    if found.state != "unmapped":
        return redirect("screening", batch=batch)
    context = picker(actor, found, request.POST)
    form, faults = context["pick"], list[Fault]()
    if form.is_valid():
        try:
            mapping = marked(form.mapping, form.codes if form.cleaned_data["from_one"] else ())
            actions.map_screening(actor=actor, batch_id=batch, mapping=mapping, key=form.cleaned_data["key"])
        except BadFile as bad:
            faults = bad.faults
        except Invalid as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("screening", batch=batch)
    context |= {"batch": found, "line": _line(found), "now": now(), **fault_page(actor, faults)}
    return render(request, "cases/screening.html", context, status=422)


@requires(P.SCREENING_UPLOAD, quiet=True)
@require_safe
def screening_progress(request: HttpRequest, batch: UUID) -> HttpResponse:
    """How far an import is, for the page that refreshes itself; the whole page once it is finished."""
    found = open_batch(request.actor, batch)  # type: ignore[attr-defined]
    response = render(request, "cases/_screening_progress.html", {"batch": found, "line": _line(found)})
    if found.state != "running":
        response["HX-Refresh"] = "true"
    return response


@requires(P.SCREENING_UPLOAD)
@require_POST
def confirm_screening(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Let the import begin."""
    actions.confirm_screening(actor=request.actor, batch_id=batch)  # type: ignore[attr-defined]
    return redirect("screening", batch=batch)


@requires(P.SCREENING_UPLOAD)
@require_POST
def recount_screening(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take the answers of a file that waits as counted from 1; the preview then says what that does."""
    try:
        actions.recount_screening(actor=request.actor, batch_id=batch)  # type: ignore[attr-defined]
    except Invalid as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("One was taken off every answer. Look at the preview again before you import."))
    return redirect("screening", batch=batch)


@requires(P.SCREENING_UPLOAD)
@require_POST
def drop_screening(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Destroy a file that waits."""
    actions.drop_screening(actor=request.actor, batch_id=batch)  # type: ignore[attr-defined]
    messages.success(request, _("The file is destroyed; nothing of it was imported."))
    return redirect("screenings")


def _bring(actor: Actor, form: ScreeningForm) -> tuple[ScreeningBatch, bool]:
    """Read the file by the columns that were typed, used last at the school, or found; hold it where they are to be
    picked. The batch, and whether the file had been brought before. Raises BadFile, Invalid."""
    given, school = form.cleaned_data, form.chosen
    data = given["file"].read()
    lines = table_lines(data, given["file"].name)
    codes = sorted(given["codes"])
    common: dict[str, Any] = {
        "actor": actor,
        "lines": lines,
        "digest": salted_hmac("screening file", data, algorithm="sha256").hexdigest(),
        "day": given["day"],
        "school": school,
        "campaign": form.campaigns.get(given["campaign"]),
    }
    mapping = "" if given["pick"] else given["mapping"].strip() or _known(school, codes, lines)
    if not mapping:
        held: ScreeningBatch = actions.hold_screening(codes=codes, **common)
        return held, False
    if given["from_one"]:
        mapping = marked(mapping, codes)
    staged: actions.Staged = actions.stage_screening(instruments=mapping, **common)
    return staged.batch, staged.again


def _known(school: Any, codes: Sequence[str], lines: Sequence[Any]) -> str:
    """The columns that the school used last, where this file has them too, or that are plain from their names."""
    known, titles = mapping_of(school, ",".join(codes))
    from_one = counted(known)
    if titles:
        known = by_titles(lines, titles)
    return (known and _fitted(lines, known, from_one)) or guess_mapping(lines, codes)


def _fitted(lines: Sequence[Line], mapping: str, from_one: frozenset[str]) -> str:
    """The columns that a school used last, where this file has them too, and counted from 1 again where this file shows
    by itself that it is; empty otherwise."""
    rest = iter(lines)
    try:
        columns = find_columns(rest, mapping)
    except BadFile:
        return ""
    cells = [row for _line, row in rest]
    places = {code: list(items.values()) for code, items in columns.items.items() if code in from_one}
    found = {
        code: [row[place] for row in cells for place in where if place < len(row)] for code, where in places.items()
    }
    return marked(mapping, [code for code, answers in found.items() if looks_so(code, answers)])


def _line(batch: ScreeningBatch) -> dict[str, Any]:
    codes = codes_of(batch.instruments)
    return {
        "batch": batch,
        "school": str(batch.school) if batch.school else _("Several schools"),
        "papers": _papers(codes),
        "percent": 100 * batch.taken // batch.rows if batch.rows else 0,
    }


def _papers(codes: Iterable[str]) -> str:
    return "、".join(worded(PAPERS[code].title) for code in codes)


def _row(row: Row, grade: Any) -> dict[str, Any]:
    """One row of the preview with what it would come to."""
    found = grade(row.answers)
    results = [
        {"paper": worded(PAPERS[code].title), "total": result.whole, "band": band_text(result.band)}
        for code, result in found.results.items()
    ]
    return {"row": row, "results": results, "tier": found.proposal.tier}

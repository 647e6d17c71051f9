"""Pages of case work: parse, call one door, render."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.access import Purpose, open_case, reveal, reveal_covers, reveal_results, who_may_read
from cases.action_views import BUTTONS, CLOCK_PAGES, PAGE_ACTIONS, address
from cases.attachment_views import file_ways
from cases.beside import stands_beside
from cases.call_number import calls_of
from cases.clocks import ClockKind
from cases.consent import danger
from cases.contact_access import may_follow, stop_of, stopped
from cases.display import (
    asked_rows,
    file_sections,
    refusal_steps,
    section_title,
    tier_history,
    timeline,
)
from cases.forms import SearchForm
from cases.glass_access import running
from cases.leave_views import may_begin, panel
from cases.models import (
    Case,
    Channel,
    ConsentRecord,
    Deadline,
    DeadlineState,
    EntryKind,
    Leave,
    Lowering,
    PaperSheet,
    Section,
    Telling,
    Transfer,
    Warning,
)
from cases.moving import reveal_asked
from cases.paper_access import entered_by
from cases.paper_number import shown
from cases.queues import (
    PAGE,
    consents,
    earlier,
    handed_over,
    leaves,
    open_lowering,
    open_transfer,
    open_warning,
    running_clocks,
    tellings,
    worklist,
    written,
)
from cases.search import find, find_closed
from cases.steps import due_next
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.ids import whole
from wellbeing.people.desks import division_names
from wellbeing.workdays import now

LATELY = 12  # events that a case begins with, and goes on by


@requires(P.CASE_LIST)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """My cases: on the first page those whose clock is overdue or runs out today, then all, newest first; `?before=`
    continues after a row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    due = [] if before or request.htmx else due_next(actor)  # type: ignore[attr-defined]
    try:
        cases = worklist(actor, before=UUID(before) if before else None, limit=PAGE + 1)
    except ValueError:
        cases = worklist(actor, limit=PAGE + 1)
    more, cases = len(cases) > PAGE, cases[:PAGE]
    listed = {case.pk: case for case in (*cases, *(clock.case for clock in due))}
    names = reveal_covers(actor, list(listed.values()))
    divisions = division_names()
    rows = [
        {"case": c, "name": names.get(c.pk), "division_name": divisions[c.division_id], "url": address(c)}
        for c in cases
    ]
    template = "cases/_rows.html" if request.htmx else "cases/list.html"  # type: ignore[attr-defined]
    context = {"rows": rows, "next_cursor": cases[-1].pk if more else None, "due": [_due(one, names) for one in due]}
    return render(request, template, {**context, "now": now()})


def _due(clock: Deadline, names: Mapping[UUID, str]) -> dict[str, Any]:
    """A case that waits for its next step."""
    return {"case": clock.case, "clock": clock, "name": names.get(clock.case_id), "url": address(clock.case)}


@requires(P.CASE_SEE)
@require_safe
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The cover: tier, clocks, who may open it, and what the reader may do next; `?after=` goes on with what happened
    before an event."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference)
    trail = _trail(actor, case, request.GET.get("after", ""))
    if request.htmx and "after" in request.GET:  # type: ignore[attr-defined]
        return render(request, "cases/_trail.html", {"case": case, "now": now(), **trail})
    can = allowed(actor, PAGE_ACTIONS, case)
    stop = stop_of(case.person_id)
    names = reveal_covers(actor, [case])
    has = stands_beside(case)
    clocks = running_clocks(case)
    transfer = open_transfer(case) if Transfer in has else None
    known_leaves = leaves(case) if Leave in has else []
    warning = open_warning(case) if Warning in has else None
    lowering = open_lowering(case) if Lowering in has else None
    mine = transfer is not None and transfer.to_desk_id in actor.desks and transfer.asked_by_id != actor.id
    unfit = _unfit(
        case, clocks, known_leaves, lowering=lowering, transferring=transfer is not None, asked=mine, reader=actor.id
    )
    context = {
        "case": case,
        "name": names.get(case.pk),
        "warning": warning,
        "lowering": lowering,
        "transfer": transfer,
        "handed_over": handed_over(case) if warning is None and Transfer in has else None,
        "earlier": earlier(actor, case),
        "asked": asked_rows(reveal_asked(actor, transfer)) if transfer and mine else [],
        "deadlines": [_clock_row(clock, case, can) for clock in clocks],
        "tellings": tellings(case) if Telling in has else [],
        "contact": stopped(actor, case) if stop else "",
        "consents": consents(case) if ConsentRecord in has else [],
        "refusal": refusal_steps(case, clocks),
        "history": tier_history(case),
        "leave": panel(case, known_leaves, can),
        "may": {permission.name.lower(): permission in can for permission in PAGE_ACTIONS},
        "papers": _papers(actor, case) if PaperSheet in has else [],
        "readers": who_may_read(case),
        "calls": calls_of(case),
        **trail,
        "actions": [
            {"name": name, "label": label, "url": reverse(name, args=[case.reference]), "kind": kind}
            for permission, name, label, kind in BUTTONS
            if permission in can
            and case.status != "closed"
            and name not in unfit
            and may_follow(actor, case, stop, name)
        ],
        "now": now(),
    }
    return render(request, "cases/case.html", context)


def _papers(actor: Actor, case: Case) -> list[dict[str, Any]]:
    papers = case.papers.prefetch_related("entered_by")
    return [{"number": shown(paper.pk), "paper": paper, "who": entered_by(actor, paper, case)} for paper in papers]


def _trail(actor: Actor, case: Case, after: str) -> dict[str, Any]:
    """One page of what happened, and where the next one begins."""
    found = timeline(actor, case, before=whole(after), limit=LATELY + 1)
    rows = found[:LATELY]
    return {"timeline": rows, "next_mark": str(rows[-1]["seq"]) if len(found) > LATELY else ""}


def _clock_row(clock: Deadline, case: Case, can: frozenset[P]) -> dict[str, Any]:
    """One running clock with the page on which its work is done, where the reader may do it."""
    permission, name, label, more = CLOCK_PAGES.get(clock.kind, (None, "", "", ""))
    url = reverse(name, args=[case.reference]) + more if permission in can and case.status != "closed" else ""
    return {"clock": clock, "paused": clock.state == DeadlineState.PAUSED, "url": url, "label": label}


def _unfit(
    case: Case,
    clocks: list[Deadline],
    known_leaves: list[Leave],
    *,
    lowering: Lowering | None,
    transferring: bool,
    asked: bool,
    reader: int | None,
) -> set[str]:
    """The buttons that make no sense in the present state; each action itself decides again. `asked`: the reader is to
    answer the transfer that waits."""
    kinds, papers = {clock.kind for clock in clocks}, written(case)
    fits = {
        "acknowledge": case.status == "opened",
        "confirm_lowering": lowering is not None and lowering.proposed_by_id != reader,
        "raise_tier": case.tier != Tier.RED,
        "lower_tier": case.tier != Tier.GREEN,
        "follow_up": case.status != "opened",
        "call_back": ClockKind.CALLBACK in kinds,
        "watch_at_home": ClockKind.SECOND_TALK in kinds and not danger(case.tier),
        "agree_school": case.school_apart,
        "pause_clock": any(clock.kind in clock.policy.policy().pausable for clock in clocks),
        "resume_clock": any(clock.state == DeadlineState.PAUSED for clock in clocks),
        "safety_plan_print": "safety_plan" in papers,
        "return_plan_print": "return_plan" in papers,
        "report_print": "report" in papers,
        "merge_concern": case.channel == Channel.CONCERN,
        "ask_transfer": not transferring,
        "accept_transfer": asked,
        "refuse_transfer": asked,
        "begin_leave": may_begin(case, known_leaves),
        "open_channel": case.status != "opened",
        "emergency": case.tier == Tier.RED,
    }
    return {name for name, fit in fits.items() if not fit}


@requires(P.FILE_READ)
@require_safe
def case_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the file: the sections the reader may see, and the reading is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    opened = reveal(actor, case, Section.values, Purpose.of(actor))
    results = reveal_results(actor, case) if Section.RISK in opened.sections else []
    sections = file_sections(opened, results)
    ways = {one.id: file_ways(actor, case, one) for one in opened.entries if one.kind == EntryKind.ATTACHMENT}
    for entry in (one for section in sections for one in section["entries"]):
        entry["file"] = ways.get(entry["id"], {})
    hidden = [section_title(code) for code in sorted(opened.hidden)]
    context = {"case": case, "sections": sections, "hidden_sections": hidden}
    if Section.SEALED in opened.hidden:
        context |= {"glass": running(actor, case.pk)}
    return render(request, "cases/file.html", context)


@requires(P.CASE_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find within one's own cases by reference or name; the words travel in the body only."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = SearchForm(request.POST or None)
    rows = closed = None
    if form.is_bound and form.is_valid():
        with beside(form):
            rows = [{"case": c, "name": name, "url": address(c)} for c, name in find(actor, form.cleaned_data["words"])]
            closed = None if rows else find_closed(actor, form.cleaned_data["words"])
    page = {"form": form, "rows": rows, "closed": closed, "now": now()}
    return render(request, "web/search.html", page, status=422 if form.is_bound and form.errors else 200)

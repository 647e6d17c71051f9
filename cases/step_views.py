"""The pages a school counsellor works from: cases by next step, and one person's file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from cases import steps
from cases.access import Purpose, open_case, reveal_covers, reveal_entry, reveal_results
from cases.action_views import CLOCK_PAGES, address
from cases.attachment_views import file_ways
from cases.display import act_line, field_rows, result_rows, section_title
from cases.models import Case, Channel, Deadline, EntryKind
from cases.person_file import KINDS, PAGE, Line, lines
from cases.steps import Mark, Waiting, When
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.workdays import now

GROUPS = {
    When.OVERDUE: gettext_noop("Overdue"),
    When.TODAY: gettext_noop("Today"),
    When.WEEK: gettext_noop("This week"),
    When.LATER: gettext_noop("After this week"),
}
KIND_TEXT = {
    "calls": gettext_noop("Calls"),
    "sessions": gettext_noop("Meetings"),
    "concerns": gettext_noop("Reported concerns"),
    "screenings": gettext_noop("Screenings"),
    "tiers": gettext_noop("Tiers"),
    "referrals": gettext_noop("Referrals"),
    "return": gettext_noop("Leave and return"),
    "papers": gettext_noop("Papers"),
}


@requires(P.STEPS_SEE)
@require_safe
def my_steps(request: HttpRequest) -> HttpResponse:
    """My students' cases by next step: the red ones, then overdue, today, this week, later. `?from=` begins at a group,
    `?after=` goes on behind a row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at, group, after = now(), request.GET.get("from", ""), Mark.read(request.GET.get("after", ""))
    since = steps.begins(When(group), at) if group in tuple(When) else None
    found = steps.next_steps(actor, after=after, since=None if after else since, limit=steps.PAGE + 1)
    more, clocks = len(found) > steps.PAGE, found[: steps.PAGE]
    red = [] if after or group else steps.reds(actor)
    names = reveal_covers(actor, list({clock.case_id: clock.case for clock in (*red, *clocks)}.values()))
    last = steps.when(after.due_at, at) if after else None
    rows = [{**_step(clock, names), "heading": "" if place else _("Red")} for place, clock in enumerate(red)]
    above = {clock.case_id for clock in red}
    for clock in (one for one in clocks if one.case_id not in above):
        here = steps.when(clock.due_at, at)
        rows.append({**_step(clock, names), "heading": _(GROUPS[here]) if here != last else ""})
        last = here
    context: dict[str, Any] = {"rows": rows, "next_mark": str(_mark(clocks[-1])) if more else "", "now": at}
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {"tabs": _tabs(actor, group), "group": group, "many": steps.MANY}
    return render(request, "cases/_step_rows.html" if request.htmx else "cases/steps.html", context)  # type: ignore[attr-defined]


@requires(P.STEPS_SEE)
@require_safe
def waiting_steps(request: HttpRequest) -> HttpResponse:
    """The cases whose next step is somebody else's, and those where none is planned; `?before=` continues."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    found, cursor = steps.waiting(actor, before=before)
    names = reveal_covers(actor, [one.case for one in found])
    context: dict[str, Any] = {"rows": [_wait(one, names) for one in found], "next_cursor": cursor, "now": now()}
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {"tabs": _tabs(actor, "waiting"), "group": "waiting", "many": steps.MANY}
    return render(request, "cases/_wait_rows.html" if request.htmx else "cases/waiting.html", context)  # type: ignore[attr-defined]


def _mark(clock: Deadline) -> Mark:
    return Mark(clock.due_at, clock.pk)


def _tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    counted = steps.counts(actor)
    tabs = [
        {"text": _(text), "url": f"{reverse('steps')}?from={code}", "count": counted[code], "here": code == here}
        for code, text in GROUPS.items()
    ]
    every = {"text": _("All"), "url": reverse("steps"), "here": not here}
    return [every, *tabs, {"text": _("Waits for others"), "url": reverse("waiting_steps"), "here": here == "waiting"}]


def _step(clock: Deadline, names: dict[UUID, str]) -> dict[str, Any]:
    """One row: the case, its clock, and the page on which the work is done."""
    case = clock.case
    _permission, name, label, more = CLOCK_PAGES.get(clock.kind, (None, "", "", ""))
    return {
        "case": case,
        "name": names.get(case.pk, ""),
        "clock": clock,
        "new": case.channel == Channel.CONCERN and clock.started_at == case.opened_at,  # nobody has gone on from it yet
        "url": address(case),
        "file": reverse("person_file", args=[case.reference]),
        "note": reverse("log_session", args=[case.reference]),
        "work": reverse(name, args=[case.reference]) + more if name else "",
        "label": label,
    }


def _wait(one: Waiting, names: dict[UUID, str]) -> dict[str, Any]:
    return {"case": one.case, "name": names.get(one.case.pk, ""), "clock": one.clock, "url": address(one.case)}


@requires(P.FILE_READ)
@require_safe
def person_file(request: HttpRequest, reference: str) -> HttpResponse:
    """One person, one file: a line for everything; the words are opened one by one. `?kind=` filters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = lines(actor, case, kind=kind, after=Mark.read(request.GET.get("after", "")), limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    context: dict[str, Any] = {
        "case": case,
        "rows": [_line(line, case) for line in found],
        "kind": kind,
        "next_mark": str(Mark(found[-1].at, found[-1].id)) if more else "",
        "now": now(),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "cases/_person_rows.html", context)
    context["name"] = reveal_covers(actor, [case]).get(case.pk, "")
    context["kinds"] = [{"code": code, "text": _(text)} for code, text in KIND_TEXT.items()]
    return render(request, "cases/person_file.html", context)


def _line(line: Line, asked: Case) -> dict[str, Any]:
    """One line of the page, with the address where its words are opened."""
    routes = {"entry": "person_entry", "result": "person_result"}
    opens = reverse(routes[line.source], args=[line.case.reference, line.id]) if line.opens else ""
    shown = {"line": line, "opens": opens, "elsewhere": line.case.pk != asked.pk, "text": "", "who": line.who}
    shown["parts"] = [
        {
            "title": section_title(part.section),
            "id": part.id,
            "opens": _entry_address(line, part.id) if part.opens else "",
            "earlier": [{"id": pk, "at": at, "opens": _entry_address(line, pk)} for pk, at in part.earlier],
        }
        for part in line.parts
    ]
    if line.source == "trace":
        shown["text"] = act_line(line.kind, line.facts)
    return shown


def _entry_address(line: Line, pk: UUID) -> str:
    return reverse("person_entry", args=[line.case.reference, pk])


@requires(P.FILE_READ)
@require_safe
def person_entry(request: HttpRequest, reference: str, entry: UUID) -> HttpResponse:
    """The words of one entry; the reading is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    opened = reveal_entry(actor, case, entry, Purpose.CARE)
    rows = result_rows(opened.words) if opened.kind == EntryKind.INSTRUMENT else field_rows(opened.words)
    more = {"kind": opened.kind, "at": opened.at, "author": opened.author, **file_ways(actor, case, opened)}
    return _opened(request, case, {"rows": rows, **more})


@requires(P.FILE_READ)
@require_safe
def person_result(request: HttpRequest, reference: str, result: UUID) -> HttpResponse:
    """One screening result; the reading is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    rows = [
        {"rows": result_rows({**words, "instrument": code}), "kind": EntryKind.SCREENING, "at": at}
        for code, at, words in reveal_results(actor, case, result)
    ]
    if not rows:
        raise Http404
    return _opened(request, case, rows[0])


def _opened(request: HttpRequest, case: Case, shown: dict[str, Any]) -> HttpResponse:
    template = "cases/_opened.html" if request.htmx else "cases/opened.html"  # type: ignore[attr-defined]
    return render(request, template, {"case": case, "now": now(), **shown})

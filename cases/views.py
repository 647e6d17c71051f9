"""Pages of case work: parse, call one door, render."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, sheet
from cases.access import Purpose, open_case, reveal, reveal_covers, reveal_results, who_may_read
from cases.actions import lowering_standing
from cases.display import field_rows, result_rows, section_title, timeline
from cases.forms import (
    AssessForm,
    CallForm,
    CloseForm,
    ConfirmForm,
    FollowUpForm,
    LowerForm,
    ManagerForm,
    RaiseForm,
    SearchForm,
)
from cases.models import Case, Deadline, DeadlineState, PolicyVersion, Section, Warning
from cases.queues import PAGE, board, counts, worklist
from cases.search import find
from cases.tiers import FAULT_TEXT, RULE_TEXT, Proposal, Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed
from wellbeing.access.routes import requires
from wellbeing.action_page import action_page
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk, Division
from wellbeing.workdays import now


def address(case: Case) -> str:
    return reverse("case", args=[case.reference])


@requires(P.CASE_LIST)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """My cases, newest first; `?before=` continues after a row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    try:
        cases = worklist(actor, before=UUID(before) if before else None, limit=PAGE + 1)
    except ValueError:
        cases = worklist(actor, limit=PAGE + 1)
    more, cases = len(cases) > PAGE, cases[:PAGE]
    names = reveal_covers(actor, cases)
    divisions = {d.code: str(d) for d in Division.objects.all()}
    rows = [
        {"case": c, "name": names.get(c.pk), "division_name": divisions[c.division_id], "url": address(c)}
        for c in cases
    ]
    template = "cases/_rows.html" if request.htmx else "cases/list.html"  # type: ignore[attr-defined]
    return render(request, template, {"rows": rows, "next_cursor": cases[-1].pk if more else None})


def _board_context(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tier = request.GET.get("tier", "")
    tier = tier if tier in {t.value for t in Tier} else ""
    rows = [
        {
            "case": row.case,
            "division_name": str(row.case.division),
            "channel": row.case.get_channel_display(),
            "clock_kind": row.clock_kind,
            "due_at": row.due_at,
            "overdue": row.overdue,
            "level": row.level,
            "holder": str(row.case.manager or ""),
            "can_acknowledge": row.case.status == "opened",
            "url": address(row.case),
        }
        for row in board(actor, tier=tier)
    ]
    desk = Desk.objects.filter(pk__in=actor.desks).select_related("organisation").first()
    return {"rows": rows, "counts": counts(actor), "desk": desk, "now": now(), "tier": tier}


@requires(P.BOARD_SEE)
@require_safe
def triage_board(request: HttpRequest) -> HttpResponse:
    """The desk's running clocks."""
    return render(request, "cases/board.html", _board_context(request))


@requires(P.BOARD_SEE, quiet=True)
@require_safe
def board_rows(request: HttpRequest) -> HttpResponse:
    """The board's rows, for the page that refreshes itself."""
    return render(request, "cases/_board_rows.html", _board_context(request))


@requires(P.CALL_TAKE)
@require_http_methods(["GET", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """The call sheet; saving opens the case."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = CallForm(request.POST or None, actor=actor, initial={"started_at": now(), "line": "2912345"})
    proposal = None
    if form.is_bound and form.is_valid():
        values, words = form.cleaned_data, form.words()
        call = actions.CallSheet(
            words=words,
            division=values["division"],
            line=values["line"] or "2912345",
            started_at=values["started_at"],
            answered_after_s=values["answered_after_s"],
            length_min=values["length_min"],
        )
        try:
            case = actions.take_call(actor=actor, call=call, tier=values["tier"], key=values["key"])
            return redirect(address(case))
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            proposal = _proposal(words)
    context = {"form": form, "proposal": proposal, "propose_url": reverse("call_proposal")}
    return render(request, "cases/call_form.html", context, status=422 if form.is_bound else 200)


@requires(P.CALL_TAKE, quiet=True)
@require_POST
def call_proposal(request: HttpRequest) -> HttpResponse:
    """What the rules propose for the sheet as it stands; nothing of it is kept."""
    form = CallForm(request.POST, actor=request.actor)  # type: ignore[attr-defined]
    form.is_valid()
    words = {code: form.cleaned_data.get(code) for code in sheet.BY_CODE}
    return render(request, "cases/_proposal.html", {"proposal": _proposal(words)})


def _proposal(words: dict[str, Any]) -> dict[str, Any]:
    made: Proposal = propose(sheet.facts(words), PolicyVersion.current().policy())
    return {"tier": made.tier, "reasons": [{"text": _(RULE_TEXT[r.rule]), "tier": r.tier} for r in made.reasons]}


@requires(P.CASE_SEE)
@require_safe
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The cover: tier, clocks, who may open it, and what the reader may do next."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference)
    can = allowed(actor, PAGE_ACTIONS, case)
    names = reveal_covers(actor, [case]) if P.FILE_READ in can else {}
    clocks = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING).select_related("desk__organisation")
    context = {
        "case": case,
        "name": names.get(case.pk),
        "warning": Warning.objects.filter(case=case, ended_at=None).select_related("acknowledged_by").first(),
        "lowering": case.lowerings.filter(ended_at=None).select_related("proposed_by").first(),
        "deadlines": list(clocks.order_by("due_at")),
        "may": {permission.name.lower(): permission in can for permission in PAGE_ACTIONS},
        "readers": who_may_read(case),
        "timeline": timeline(case),
        "actions": [
            {"name": name, "label": label, "url": reverse(name, args=[case.reference]), "kind": kind}
            for permission, name, label, kind in BUTTONS
            if permission in can and _offered(name, case)
        ],
        "now": now(),
    }
    return render(request, "cases/case.html", context)


def _offered(name: str, case: Case) -> bool:
    """Whether the button makes sense in the present state; the action itself decides again."""
    if case.status == "closed":
        return False
    waiting = case.lowerings.filter(ended_at=None).exists() if name == "confirm_lowering" else False
    return {
        "acknowledge": case.status == "opened",
        "confirm_lowering": waiting,
        "raise_tier": case.tier != Tier.RED,
        "lower_tier": case.tier != Tier.GREEN,
        "follow_up": case.status != "opened",
        "open_channel": case.status != "opened",
    }.get(name, True)


@requires(P.FILE_READ)
@require_safe
def case_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the file: the sections the reader may see, and the reading is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    purpose = Purpose.TRIAGE if "county_triage" in actor.roles else Purpose.CARE
    opened = reveal(actor, case, Section.values, purpose)
    results = reveal_results(actor, case) if Section.RISK in opened.sections else []
    sections = []
    for section in Section:
        entries = [
            {"kind": e.kind, "at": e.at, "author": e.author, "fields": field_rows(e.words)}
            for e in opened.entries
            if e.section == section
        ]
        if section == Section.RISK:
            entries += [
                {"kind": "screening", "at": at, "author": code, "fields": result_rows(code, words)}
                for code, at, words in results
            ]
        if entries:
            sections.append({"code": section.value, "title": section.label, "entries": entries})
    hidden = [section_title(code) for code in sorted(opened.hidden)]
    return render(request, "cases/file.html", {"case": case, "sections": sections, "hidden_sections": hidden})


@requires(P.CASE_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find within one's own cases by reference or name; the words travel in the body only."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = SearchForm(request.POST or None)
    rows = None
    if form.is_bound and form.is_valid():
        rows = [{"case": c, "name": name, "url": address(c)} for c, name in find(actor, form.cleaned_data["words"])]
    return render(request, "web/search.html", {"form": form, "rows": rows})


def _page(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    return action_page(
        permission=permission,
        form=form,
        opener=open_case,
        perform=perform,
        address=address,
        template="cases/action.html",
        title=title,
        **more,
    )


acknowledge = _page(
    P.WARNING_ACKNOWLEDGE,
    ConfirmForm,
    lambda actor, case, form: actions.acknowledge(actor=actor, case=case, key=form.cleaned_data["key"]),
    gettext_lazy("Acknowledge the warning"),
    lead=gettext_lazy("You take this warning. The clock stops with your click, and your name is recorded."),
)
raise_tier = _page(
    P.TIER_RAISE,
    RaiseForm,
    lambda actor, case, form: actions.raise_tier(
        actor=actor,
        case=case,
        to=form.cleaned_data["to"],
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Raise the tier"),
    lead=gettext_lazy("At once and alone: the reason may follow later."),
    danger=True,
)


def _lower_faults(actor: Actor, case: Case) -> list[Any]:
    order = list(Tier)
    if case.tier == Tier.GREEN:
        return []
    below = order[[t.rank for t in order].index(Tier(case.tier).rank + 1)]
    return [_(FAULT_TEXT[fault]) for fault in lowering_standing(case, below).faults]


lower_tier = _page(
    P.TIER_LOWER,
    LowerForm,
    lambda actor, case, form: actions.lower_tier(
        actor=actor,
        case=case,
        to=form.cleaned_data["to"],
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Lower the tier"),
    lead=gettext_lazy("One step, after a fresh assessment. Red and orange need a second person."),
    faults=_lower_faults,
)
confirm_lowering = _page(
    P.LOWERING_CONFIRM,
    ConfirmForm,
    lambda actor, case, form: actions.confirm_lowering(actor=actor, case=case, key=form.cleaned_data["key"]),
    gettext_lazy("Confirm the lowering"),
    lead=gettext_lazy("You confirm as the second person what a colleague has proposed."),
)
assess_risk = _page(
    P.RISK_ASSESS,
    AssessForm,
    lambda actor, case, form: actions.assess_risk(
        actor=actor,
        case=case,
        words=form.words(),
        face_to_face=form.cleaned_data["face_to_face"],
        desk_id=actor.desks[0],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Assess the risk anew"),
)
follow_up = _page(
    P.FOLLOW_UP,
    FollowUpForm,
    lambda actor, case, form: actions.follow_up(
        actor=actor,
        case=case,
        words={"how": form.cleaned_data["how"], "note": form.cleaned_data["note"]},
        next_at=form.cleaned_data["next_at"],
        desk_id=actor.desks[0],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Record a follow-up"),
)


def _assign(actor: Actor, case: Case, form: ManagerForm) -> Any:
    post = form.posts[form.cleaned_data["manager"]]
    return actions.assign_manager(
        actor=actor,
        case=case,
        manager=post.user,
        desk=post.desk,
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    )


assign_manager = _page(P.MANAGER_ASSIGN, ManagerForm, _assign, gettext_lazy("Name the case manager"))
close_case = _page(
    P.CASE_CLOSE,
    CloseForm,
    lambda actor, case, form: actions.close_case(
        actor=actor,
        case=case,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Close the case"),
    lead=gettext_lazy("All clocks end, and so does every grant: nobody opens the file after this without a new one."),
    danger=True,
    gone="home",
)

# What the case page offers: permission, route, label, look.
BUTTONS = (
    (P.WARNING_ACKNOWLEDGE, "acknowledge", gettext_lazy("Acknowledge"), "primary"),
    (P.FILE_READ, "case_file", gettext_lazy("Open the file"), "primary"),
    (P.LOWERING_CONFIRM, "confirm_lowering", gettext_lazy("Confirm the lowering"), "primary"),
    (P.CHANNEL_OPEN, "open_channel", gettext_lazy("Refer through the green channel"), "primary"),
    (P.RISK_ASSESS, "assess_risk", gettext_lazy("Assess the risk"), "secondary"),
    (P.FOLLOW_UP, "follow_up", gettext_lazy("Record a follow-up"), "secondary"),
    (P.MANAGER_ASSIGN, "assign_manager", gettext_lazy("Name the case manager"), "secondary"),
    (P.TIER_LOWER, "lower_tier", gettext_lazy("Lower the tier"), "secondary"),
    (P.TIER_RAISE, "raise_tier", gettext_lazy("Raise the tier"), "danger"),
    (P.CASE_CLOSE, "close_case", gettext_lazy("Close the case"), "danger"),
)
PAGE_ACTIONS = frozenset(permission for permission, *_rest in BUTTONS)

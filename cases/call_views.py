"""The call sheet: one screen from the first ring to the logged case, and its fragments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions, repeats, sheet
from cases.action_views import address
from cases.display import reasons
from cases.draft_access import browser_key, goes_on_in, open_draft, open_drafts, reveal_draft
from cases.drafts import DraftKind
from cases.forms import CallForm
from cases.models import Case, Draft, PolicyVersion, Section
from cases.policy import Policy
from cases.queues import open_warning
from cases.rings import begun_ms, on_sheet
from cases.shift import last_notes, unsaid
from cases.tiers import Rule, Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.pace import too_fast
from wellbeing.access.permissions import P
from wellbeing.access.rights import TRIAGE
from wellbeing.access.routes import requires
from wellbeing.action_page import beside, say
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.exchange.access import open_ring
from wellbeing.exchange.models import Ring
from wellbeing.exchange.queues import running
from wellbeing.ids import uuid7
from wellbeing.rota.display import on_duty_now
from wellbeing.workdays import now


@requires(P.CALL_TAKE)
@require_http_methods(["GET", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """A new call sheet; saving opens the case. One that was sent names its draft; `?ring=` begins with what the
    exchange knows of that call. One that was logged meanwhile has no further sheet."""
    if request.method == "GET" and "ring" in request.GET:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        ring = _ring(actor, request.GET["ring"])
        return redirect("rings") if ring.settled_at else _sheet(request, None, ring)
    try:
        sent = UUID(request.POST.get("key", ""))
    except ValueError:
        return _sheet(request, None)
    return _sheet(request, _draft(request, sent))


def _ring(actor: Actor, pk: str) -> Ring:
    try:
        return open_ring(actor, UUID(pk), P.RING_SEE)
    except ValueError:
        raise Forbidden from None


@requires(P.CALL_TAKE)
@require_http_methods(["GET", "POST"])
def call_sheet(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The sheet of a draft. One that was logged and finished leads to its case; one that goes on stays a sheet; an id
    that nobody has saved yet is a new one, which the browser may still hold."""
    found = _draft(request, draft)
    if found.ended_at and request.method == "GET":
        return redirect(address(found.case) if found.case else "new_call")
    return _sheet(request, found)


def _draft(request: HttpRequest, pk: UUID) -> Draft:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        return open_draft(actor, pk)
    except Forbidden:
        return Draft(id=pk)


def _sheet(request: HttpRequest, draft: Draft | None, ring: Ring | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = reveal_draft(actor, draft) if draft and draft.sealed and request.method == "GET" else {}
    rung = on_sheet(actor, ring) if ring else {}
    first = {"started_at": now(), "line": "2912345", "key": draft.pk if draft else uuid7()} | rung | words
    if "paper" in request.GET:
        first |= {"paper": request.GET["paper"], "started_at": None}  # when it happened stands on the sheet
    form = CallForm(request.POST or None, actor=actor, initial=first)
    proposal = _proposal(actor, words, draft, draft.begun_at) if draft and words else None
    if form.is_bound and form.is_valid():
        with beside(form):
            case = _log(actor, form, draft, goes_on="goes_on" in request.POST)
            return _went(request, form, case, finished=bool(draft and draft.case_id))
        proposal = _proposal(actor, form.words(), draft, form.cleaned_data.get("started_at") or now())
    page = _page(request, form, draft) | {"proposal": proposal, "rung": begun_ms(ring) if ring else 0}
    return render(request, "cases/call_form.html", page, status=422 if form.is_bound else 200)


def _log(actor: Actor, form: CallForm, draft: Draft | None, *, goes_on: bool) -> Case:
    """Log what a valid form holds, or what is new in it since it was logged."""
    if draft is None or draft.case_id is None or draft.ended_at:
        return logged(actor, form, goes_on=goes_on)
    tier, call, last = form.cleaned_data["tier"], sheet_of(form), not goes_on
    going = goes_on_in(actor, draft)
    if going is None:  # once: the key follows from the case that it cannot go on in, whose exchange's call is logged
        call, key = replace(call, paper=""), uuid5(draft.pk, str(draft.case_id))
        return actions.take_call(actor=actor, call=call, tier=tier, draft=draft.pk, goes_on=goes_on, key=key)
    case: Case = actions.continue_call(actor=actor, case=going, call=call, draft=draft.pk, tier=tier, last=last)
    return case


def _went(request: HttpRequest, form: CallForm, case: Case, *, finished: bool) -> HttpResponse:
    """To the case, which says what was done; where the call goes on back to the sheet, whose script asks for no page
    but for what to say."""
    key = form.cleaned_data["key"]
    if "goes_on" not in request.POST:
        warned = _("Logged: the desk on duty has its notice") if case.tier != Tier.GREEN else _("Logged.")
        say(request, _("The sheet is finished.") if finished else warned)
        return redirect(address(case))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"reference": case.reference, "url": address(case), "tier": case.tier, "division": case.division_id}
        )
    return redirect("call_sheet", key)


def logged(actor: Actor, form: CallForm, *, goes_on: bool = False) -> Case:
    """Log the call that a valid form holds; its key is the id of its draft, so that no sheet becomes two cases."""
    values = form.cleaned_data
    case: Case = actions.take_call(
        actor=actor,
        call=sheet_of(form),
        tier=values["tier"],
        ring=values["ring"],
        draft=values["key"],
        goes_on=goes_on,
        key=values["key"],
    )
    return case


def sheet_of(form: CallForm) -> actions.CallSheet:
    """The sheet that a valid form holds."""
    values = form.cleaned_data
    return actions.CallSheet(
        words=form.words(),
        division=values["division"],
        line=values["line"] or "2912345",
        started_at=values["started_at"],
        answered_after_s=values["answered_after_s"],
        length_min=values["length_min"],
        paper=values["paper"],
    )


def _key(form: CallForm) -> UUID:
    """The id that a new sheet has; another one where what was sent is none."""
    try:
        return UUID(str(form["key"].value()))
    except ValueError:
        return uuid7()


def _page(request: HttpRequest, form: CallForm, draft: Draft | None) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    key = draft.pk if draft else _key(form)
    going = goes_on_in(actor, draft) if draft and not draft.ended_at else None
    return {
        "form": form,
        "propose_url": reverse("call_proposal"),
        "tiers": [tier.value for tier in Tier],
        "going": going,
        "shut": bool(draft and draft.case_id and not draft.ended_at and not going),
        "draft": {
            "id": key,
            "kind": DraftKind.CALL.value,
            "version": draft.version if draft else 0,
            "begun": bool(draft and (draft.version or draft.case_id)),
            "begun_at": draft.begun_at if draft else None,
            "tier": draft.tier if draft else "",
            "user": actor.id,
            "key": browser_key(request.user),  # type: ignore[arg-type]
        },
        "drafts": [one for one in open_drafts(actor) if str(one.pk) != str(key)],
        "notes": last_notes(actor),
        "unsaid": unsaid(actor),
        "alarms": _alarms(PolicyVersion.current().policy()),
        "on_duty": on_duty_now(TRIAGE),
        "running": running(),
        "sheet": key,
        "taken": open_warning(going) if going else None,
        "now": now(),
    }


def _alarms(policy: Policy) -> str:
    """The answers that by themselves call for a tier, as `field=answer:tier` with spaces between: the page changes at
    once, without asking the server."""
    found = []
    for field in sheet.FIELDS:
        for code, _text in field.choices if field.section == Section.RISK and not field.many else ():
            tier = propose(sheet.facts({field.code: code}), policy).tier
            found += [f"{field.code}={code}:{tier}"] if tier.rank <= Tier.YELLOW.rank else []
    return " ".join(found)


@requires(P.CALL_TAKE, quiet=True)
@require_POST
def call_proposal(request: HttpRequest) -> HttpResponse:
    """What the rules propose for the sheet as it stands; nothing of it is kept."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = CallForm(request.POST, actor=actor)
    form.is_valid()
    words = {code: form.cleaned_data.get(code) for code in sheet.BY_CODE}
    key, started = form.cleaned_data.get("key"), form.cleaned_data.get("started_at")
    proposal = _proposal(actor, words, _draft(request, key) if key else None, started)
    return render(request, "cases/_proposal.html", {"proposal": proposal})


def _proposal(actor: Actor, words: dict[str, Any], draft: Draft | None, started: datetime | None) -> dict[str, Any]:
    """As saving counts. That a number rang often is a look at the caller, and recorded as one; after too many of them
    within a minute it is not said before saving."""
    policy, logged = PolicyVersion.current().policy(), draft.case if draft else None
    if words.get("caller_number") and too_fast(actor, Tag.READ_CALLER):
        words = {**words, "caller_number": ""}
    made = repeats.proposal(words, started or now(), policy, logged=logged)
    if any(one.rule == Rule.REPEATS for one in made.reasons):
        record(
            stream=user_stream(actor.id),
            act=Tag.READ_CALLER,
            actor=actor,
            facts={"calls": policy.repeat_calls, "typing": True},
        )
    return {"tier": made.tier, "reasons": reasons(made)}

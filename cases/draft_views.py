"""Drafts of every kind of sheet, for the script that saves while somebody types, and the page of one that came up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases import actions, sheet
from cases.action_views import address
from cases.call_views import sheet_of
from cases.display import field_rows
from cases.draft_access import browser_key, goes_on_in, open_draft, reveal_draft
from cases.drafts import TEXT, DraftKind, checked
from cases.forms import CallForm
from cases.models import Case, Draft
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden, WrongState
from wellbeing.ids import whole
from wellbeing.workdays import now


@requires(P.DRAFT_SAVE)
@require_POST
def save_draft(request: HttpRequest) -> JsonResponse:
    """Save a draft: `draft`, `kind`, `base`, `key` and `words` (JSON). 200 with the new version; 409 with what stands
    there when another device was first; 422 for what no page of ours sends."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        pk, key, base = UUID(request.POST["draft"]), UUID(request.POST["key"]), int(request.POST["base"])
        kind, words = DraftKind(request.POST["kind"]), checked(json.loads(request.POST["words"]))
    except (KeyError, ValueError, RecursionError):
        return JsonResponse({"state": "invalid"}, status=422)
    try:
        actions.save_draft(actor=actor, draft_id=pk, kind=kind, words=words, base=base, key=key)
    except WrongState:
        return JsonResponse(_standing(actor, open_draft(actor, pk), -1), status=409)
    return JsonResponse({"state": "saved", "version": base + 1})


@requires(P.DRAFT_READ, quiet=True)
@require_safe
def draft_standing(request: HttpRequest, draft: UUID) -> JsonResponse:
    """Where a draft stands; with its words when it is newer than `?since=`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    known = whole(request.GET.get("since", ""))
    return JsonResponse(_standing(actor, open_draft(actor, draft), -1 if known is None else known))


def _standing(actor: Actor, draft: Draft, since: int) -> dict[str, Any]:
    if draft.ended_at:
        return {"state": "ended", "url": address(draft.case) if draft.case else ""}
    words = {"words": reveal_draft(actor, draft)} if draft.version > since and draft.sealed else {}
    return {"state": "open", "version": draft.version, **words}


@requires(P.DRAFT_SAVE, quiet=True)
@require_safe
def draft_token(request: HttpRequest) -> JsonResponse:
    """What a page needs to go on after its session ended and a new one began: whose it is, and its new token."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    key = browser_key(request.user)  # type: ignore[arg-type]
    return JsonResponse({"user": actor.id, "token": get_token(request), "key": key})


@requires(P.DRAFT_SAVE)
@require_POST
def drop_draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Drop a draft that was begun for nothing; `typed` is when it was begun."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actions.drop_draft(actor=actor, draft_id=draft, typed=request.POST.get("typed", ""))
    return redirect("new_call" if may(actor, P.CALL_TAKE) else "home")


@requires(P.DRAFT_READ)
@require_safe
def draft_page(request: HttpRequest, draft: UUID) -> HttpResponse:
    """A draft that came up. Whoever takes calls goes on with its sheet; others read it, and it is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_draft(actor, draft)
    if may(actor, P.CALL_TAKE) and found.kind == DraftKind.CALL:
        return redirect(reverse("call_sheet", args=[draft]))
    if found.ended_at:
        raise Forbidden
    typed = reveal_draft(actor, found)
    words = {code: value for code, value in typed.items() if code in sheet.BY_CODE and value}
    page = {
        "draft": found,
        "fields": field_rows(words),
        "logs": may(actor, P.DRAFT_LOG),
        "going": goes_on_in(actor, found),
        "now": now(),
    }
    return render(request, "cases/draft.html", page)


@requires(P.DRAFT_LOG)
@require_POST
def log_draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Open the case of a draft that came up, as it stands; of a call that was logged already, finish the sheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_draft(actor, draft)
    if found.ended_at:
        return redirect(address(found.case)) if found.case else redirect("home")
    call = sheet_of(readable(actor, reveal_draft(actor, found)))
    if going := goes_on_in(actor, found):
        case: Case = actions.continue_call(actor=actor, case=going, call=call, draft=draft, last=True)
    else:
        case = actions.log_draft(actor=actor, draft_id=draft, call=call, key=draft)
    return redirect(address(case))


def readable(actor: Actor, typed: Mapping[str, Any]) -> CallForm:
    """The valid form of what somebody was typing. A draft may hold what is no answer of its field, or what logging
    would refuse and only she could correct: it goes among the words, so that nothing is lost and nothing waits."""
    for _look in range(4):  # at the form; at a time, and at what depends on it; at the whole
        form = CallForm(typed, actor=actor)
        wrong = [code for code in form.errors if typed.get(code)] or actions.refused_in(sheet_of(form))
        if not wrong:
            break
        left = "\n".join(f"{form.fields[code].label}: {typed[code]}" for code in wrong)
        typed = {code: value for code, value in typed.items() if code not in wrong}
        typed |= _with_room(typed, left)
    return form


def _with_room(typed: Mapping[str, Any], left: str) -> dict[str, str]:
    """Where there is room for some lines: the account, or another of the long fields."""
    known = {code: str(typed.get(code) or "") for code in ("narrative", "done", "protective", "reason")}
    code = next((one for one, text in known.items() if len(text) + len(left) < TEXT), "narrative")
    return {code: "\n".join(filter(None, [known[code], left]))}

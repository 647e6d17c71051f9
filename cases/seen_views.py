"""What may be said of whoever is on the line, beside the call sheet: by the number, by the name, and whom to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases import actions
from cases.caller_access import known_elsewhere, known_here
from cases.draft_access import open_draft
from cases.models import PolicyVersion
from cases.policy import Policy
from cases.repeats import seen
from cases.restriction_access import restricted
from cases.search import named
from wellbeing.access.actor import Actor
from wellbeing.access.pace import too_fast
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden, Invalid
from wellbeing.exchange.seats import answering
from wellbeing.ids import uuid7
from wellbeing.rota import duty
from wellbeing.workdays import now

LONGEST = 200  # letters of what was typed that are looked at
SHOWN = 3  # cases of one's own that a hint leads to


@requires(P.CALL_TAKE, quiet=True)
@require_POST
def caller_seen(request: HttpRequest) -> HttpResponse:
    """What may be said of earlier calls of this number, and of the asker's own cases of this name. Each look is
    recorded, without the number, and with whether she was on duty: nobody who answers is kept waiting for it
    (PRACTICE.md 3.7). One look too many within a minute gets no hint, and no call waits for one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if too_fast(actor, Tag.READ_CALLER):
        return render(request, "cases/_seen.html", {"hurried": True})
    policy, at = PolicyVersion.current().policy(), now()
    on_duty = _on_duty(actor)
    page = _by_number(actor, request.POST.get("caller_number", "")[:LONGEST], policy, at, on_duty=on_duty)
    namesakes = named(actor, request.POST.get("name", "")[:LONGEST], besides=_own_case(actor, request))
    page |= {"namesakes": namesakes, "first": namesakes[:SHOWN], "on_duty": on_duty, "now": at, "key": uuid7()}
    return render(request, "cases/_seen.html", page)


def _by_number(actor: Actor, number: str, policy: Policy, at: datetime, *, on_duty: bool) -> dict[str, Any]:
    found, lately = seen(number, at, policy.caller_days), seen(number, at, policy.repeat_days).calls
    if number.strip():
        facts = {"calls": found.calls, "on_duty": on_duty}
        record(stream=user_stream(actor.id), act=Tag.READ_CALLER, actor=actor, facts=facts)
    here = known_here(number, at, policy.caller_days) if found.open_case else []
    return {
        "seen": found,
        "lately": lately,
        "days": policy.repeat_days,
        "repeats": lately + 1 >= policy.repeat_calls,
        "restrictable": found.restrictable(policy.harassing_calls),
        "restricted": None if found.danger else restricted(number, at),
        "here": here[:SHOWN],
        "elsewhere": bool(found.open_case and known_elsewhere(actor, number, at, policy.caller_days)),
    }


def _on_duty(actor: Actor) -> bool:
    """By the rota, or by a call that is spoken at her seat: answering counts as being on duty."""
    return duty.serves(actor.person, actor.desks) or answering(actor)


def _own_case(actor: Actor, request: HttpRequest) -> UUID | None:
    """The case as which this very call was logged already."""
    draft = _uuid(request, "key")
    try:
        return open_draft(actor, draft).case_id if draft else None
    except Forbidden:
        return None


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


@requires(P.CALLER_CONSULT)
@require_POST
def ask_about_caller(request: HttpRequest) -> HttpResponse:
    """Ask those who know the caller; the sheet stays as it is, so the answer is a part of the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    number, fault = request.POST.get("caller_number", "")[:LONGEST], ""
    try:
        actions.ask_about_caller(actor=actor, number=number, key=_uuid(request, "key"))
    except Invalid as refused:
        fault = str(refused.message)
    return render(request, "cases/_asked.html", {"fault": fault, "now": now()})

"""The one-time link: the page on which its sender makes it, and the page that a hospital without an account sees.

The visitor is nobody by name: the pages run as `system:link`, and referrals/access.py holds them to the link's own
referral. All links lead to one door; the token stands behind a "#" in the address, where web/ticket.js takes it from,
and is sent in the body with the code. Two cookies tie the link to one browser: a mark until the link ends, and the key
of the sealed copy for as long as a session may be idle; after that the code is asked again, in this browser alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases.forms import ConfirmForm
from referrals import actions
from referrals.access import Visit, open_referral, open_visit, waiting_link
from referrals.action_views import address
from referrals.display import packet_rows, steps
from referrals.flow import REFERRAL, STATE_TEXT
from referrals.forms import FeedbackForm
from referrals.link_cookies import held_key, held_mark, keep_key, keep_mark, token_of
from referrals.models import Purpose, Referral
from referrals.queues import last_appointment, open_times, steps_of
from referrals.ticket import Ticket, digest, mark_of, name_of, read_code, read_token
from referrals.time_forms import BookForm, ProposeForm
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import LINK
from wellbeing.access.permissions import P
from wellbeing.access.routes import open_to_all, requires
from wellbeing.action_page import ActionForm, beside, typed
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now


@requires(P.LINK_MAKE)
@require_http_methods(["GET", "POST"])
def make_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a link; its address and its code stand on the answer to this form, once, and nowhere else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.LINK_MAKE)
    form = ConfirmForm(request.POST or None, actor=actor, target=referral)
    if form.is_bound and form.is_valid():
        ticket = Ticket.issue()
        try:
            made = actions.make_link(actor=actor, referral=referral, ticket=ticket, key=form.cleaned_data["key"])
        except Invalid as refused:
            form.add_error(None, refused.message)
        else:
            if bytes(made.digest) == digest(ticket.token):
                url = request.build_absolute_uri(f"{reverse('link_door')}#{ticket.token}")
                context = {"referral": referral, "link": made, "url": url, "code": ticket.spoken, "now": now()}
                return render(request, "referrals/link_made.html", context)
            messages.info(request, gettext("This link was made already, and its code is shown once. Make a new one."))
            return redirect(address(referral))
    context = {
        "title": gettext("Make a one-time link"),
        "lead": gettext(
            "For a hospital without an account: it opens this one letter, once, with a code that you tell by telephone."
        ),
        "form": form,
        "target": referral,
        "referral": referral,
        "submit_label": gettext("Make the link"),
        "back": address(referral),
    }
    return render(request, "referrals/action.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True, slots=True)
class Part:
    """What the visitor can do: the step of the table it takes, its form, and the action."""

    step: str
    title: Any
    form: type[ActionForm]
    run: Callable[[Referral, Any], Any]


PARTS: dict[str, Part] = {
    "receive": Part(
        "receive",
        gettext_lazy("Receive the referral"),
        ConfirmForm,
        lambda referral, form: actions.receive(actor=LINK, referral=referral),
    ),
    "book": Part(
        "book",
        gettext_lazy("When the person will be seen"),
        BookForm,
        lambda referral, form: actions.book(
            actor=LINK,
            referral=referral,
            at=form.cleaned_data["at"],
            slot_id=UUID(form.cleaned_data["slot"]) if form.cleaned_data["slot"] else None,
        ),
    ),
    "propose": Part(
        "propose_times",
        gettext_lazy("Propose times"),
        ProposeForm,
        lambda referral, form: actions.propose_times(
            actor=LINK,
            referral=referral,
            times=form.times(),
            slot_ids=[UUID(slot) for slot in form.cleaned_data.get("slots", ())],
            filled_from=form.cleaned_data["filled_from"],
        ),
    ),
    "report": Part(
        "attend",
        gettext_lazy("Report back"),
        FeedbackForm,
        lambda referral, form: actions.record_feedback(
            actor=LINK, referral=referral, attended=form.cleaned_data["attended"] == "yes", words=form.words()
        ),
    ),
}


@open_to_all
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link_door(request: HttpRequest) -> HttpResponse:
    """Where the address of every link leads: ask for its token, which the address keeps from us, and for the code."""
    if request.method == "GET":
        return _unlisted(_ask(request, {"by_token": True}))
    token = read_token(request.POST.get("token", ""))
    if not token:
        fault = gettext("The link's key has 32 letters and digits: copy what stands behind # in the address.")
        return _unlisted(_ask(request, {"by_token": True, "fault": fault}, status=422))
    return _unlisted(_open(request, token, by_token=True))


@open_to_all
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, name: str) -> HttpResponse:
    """In the browser that opened it: exactly the letter and what the hospital may do with it, or the code anew."""
    token = token_of(request, name)
    if not token:
        return _unlisted(_ended(request))
    return _unlisted(_open(request, token) if request.POST.get("do") == "open" else _visit(request, token))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


def _open(request: HttpRequest, token: str, *, by_token: bool = False) -> HttpResponse:
    """Try the code that was typed; right, it sets the cookies of this browser."""
    browser = held_mark(request, token) or mark_of(token)
    code = read_code(request.POST.get("code", ""))
    if not code:
        return _door(request, token, gettext("The code has eight digits; no try was used up."), by_token=by_token)
    try:
        opening = actions.open_link(actor=LINK, ticket=Ticket(token, code), browser=browser)
    except Forbidden:
        return _ended(request)
    if opening.secret is None:
        left = opening.tries_left
        text = ngettext("This code is wrong; {n} try is left.", "This code is wrong; {n} tries are left.", left)
        return _door(request, token, text.format(n=left), by_token=by_token)
    part = request.POST.get("part", "")
    if by_token or part not in PARTS:
        response: HttpResponse = redirect("link", name_of(token))
    else:  # the code was asked again in the middle of a form: what was typed is there to be sent
        with identity(LINK):
            visit = open_visit(token, browser, opening.secret)
            if visit is None:
                return _ended(request)
            several = {name: values for name, values in request.POST.lists() if name == "slots"}
            initial = {**request.POST.dict(), **several}
            response = _page(request, visit, part, PARTS[part].form(actor=LINK, target=visit.referral, initial=initial))
    keep_key(response, token, opening.secret)
    keep_mark(response, token, browser, opening.expires_at)
    return response


def _visit(request: HttpRequest, token: str) -> HttpResponse:
    """The page in the browser that has opened the link; a form that was sent is done, or answered beside its cause."""
    browser, secret = held_mark(request, token), held_key(request)
    part = request.POST.get("do", "")
    with identity(LINK):
        visit = open_visit(token, browser, secret, lock=request.method == "POST") if secret else None
        if visit is None:
            return _door(request, token)
        if part not in PARTS:
            response = _page(request, visit)
        else:
            form = PARTS[part].form(request.POST, actor=LINK, target=visit.referral)
            response = _do(request, visit, part, form)
    assert secret is not None
    keep_key(response, token, secret)
    return response


def _do(request: HttpRequest, visit: Visit, part: str, form: ActionForm) -> HttpResponse:
    if form.is_valid():
        try:
            with beside(form):
                PARTS[part].run(visit.referral, form)
                return redirect(request.path)
        except WrongState:
            return _page(request, visit, part, form, late=True)
    return _page(request, visit, part, form)


def _page(
    request: HttpRequest, visit: Visit, part: str = "", form: ActionForm | None = None, *, late: bool = False
) -> HttpResponse:
    """The letter, where the referral is, and the forms of what comes next; `form` stands in for the one of its part."""
    referral = visit.referral
    open_parts = {code: one for code, one in PARTS.items() if REFERRAL.allows(referral.state, one.step)}
    context = {
        "outside": True,
        "referral": referral,
        "link": visit.link,
        "status_text": gettext(STATE_TEXT[referral.state]),
        "steps": steps(referral, steps_of(referral)),
        "letter": packet_rows(Purpose.HOSPITAL, visit.words, visit.reasons),
        "appointment": last_appointment(referral),
        "proposed": open_times(referral),
        "parts": [
            {
                "code": code,
                "title": one.title,
                "form": form if code == part and form else one.form(actor=LINK, target=referral, auto_id=f"{code}_%s"),
            }
            for code, one in open_parts.items()
        ],
        "late": late,
        "typed": typed(form) if late and form else [],
        "now": now(),
    }
    failed = form is not None and form.is_bound
    return render(request, "referrals/link.html", context, status=409 if late else 422 if failed else 200)


def _door(request: HttpRequest, token: str, fault: str = "", *, by_token: bool = False) -> HttpResponse:
    """Ask for the code, where this browser may give one; keep what was typed in a form that came too late."""
    with identity(LINK):
        waiting = waiting_link(token, held_mark(request, token))
    if waiting is None:
        return _ended(request)
    part = request.POST.get("part", "") or request.POST.get("do", "")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if part in PARTS and name not in ("csrfmiddlewaretoken", "do", "part", "code", "key", "token")
    ]
    context = {
        "fault": fault,
        "waiting": waiting,
        "by_token": by_token,
        "token": token if by_token else "",
        "part": part if part in PARTS else "",
        "kept": kept,
    }
    return _ask(request, context, status=422 if fault else 403 if kept else 200)


def _ask(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "referrals/link_door.html", {"outside": True, "now": now(), **context}, status=status)


def _ended(request: HttpRequest) -> HttpResponse:
    """The one answer for a link that never was, has ended, was revoked, is exhausted, or is another browser's."""
    return render(request, "referrals/link_ended.html", {"outside": True}, status=404)

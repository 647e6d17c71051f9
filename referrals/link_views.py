"""The one-time link: the page on which its sender makes it, and the page that a hospital without an account sees.

The visitor is nobody by name: the pages run as `system:link`, and referrals/access.py holds them to the link's own
referral. Two cookies of the link's own address tie it to one browser: a mark until the link ends, and the key of the
sealed copy for as long as a session may be idle; after that the code is asked again, in this browser alone.
"""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
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
from referrals.models import Purpose, Referral
from referrals.queues import last_appointment, open_times, steps_of
from referrals.ticket import Ticket, digest, read_code
from referrals.time_forms import BookForm, ProposeForm
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import LINK
from wellbeing.access.permissions import P
from wellbeing.access.routes import open_to_all, requires
from wellbeing.action_page import ActionForm, beside, typed
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now

MARK, KEY = "link-browser", "link-key"


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
                url = request.build_absolute_uri(reverse("link", args=[ticket.token]))
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
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code, then show exactly the letter and what the hospital may do with it."""
    response = _open(request, token) if request.POST.get("do") == "open" else _visit(request, token)
    # The address is half of what opens the letter: no other site and no log of another server gets it. `no-referrer`
    # would make browsers send `Origin: null` with the forms, which the CSRF check must refuse.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _open(request: HttpRequest, token: str) -> HttpResponse:
    """Try the code that was typed; right, it sets the cookies of this browser."""
    browser = request.COOKIES.get(MARK) or secrets.token_urlsafe(24)
    code = read_code(request.POST.get("code", ""))
    if not code:
        return _door(request, token, gettext("The code has eight digits; no try was used up."))
    try:
        opening = actions.open_link(actor=LINK, ticket=Ticket(token, code), browser=browser)
    except Forbidden:
        return _ended(request)
    if opening.secret is None:
        left = opening.tries_left
        text = ngettext("This code is wrong; {n} try is left.", "This code is wrong; {n} tries are left.", left)
        return _door(request, token, text.format(n=left))
    part = request.POST.get("part", "")
    if part not in PARTS:
        response: HttpResponse = redirect("link", token)
    else:  # the code was asked again in the middle of a form: what was typed is there to be sent
        with identity(LINK):
            visit = open_visit(token, browser, opening.secret)
            if visit is None:
                return _ended(request)
            several = {name: values for name, values in request.POST.lists() if name == "slots"}
            initial = {**request.POST.dict(), **several}
            response = _page(request, visit, part, PARTS[part].form(actor=LINK, target=visit.referral, initial=initial))
    _keep(request, response, token, opening.secret)
    response.set_cookie(MARK, browser, expires=opening.expires_at, **_cookie(token))
    return response


def _visit(request: HttpRequest, token: str) -> HttpResponse:
    """The page in the browser that has opened the link; a form that was sent is done, or answered beside its cause."""
    browser, secret = request.COOKIES.get(MARK, ""), _held(request)
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
    _keep(request, response, token, secret)
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


def _door(request: HttpRequest, token: str, fault: str = "") -> HttpResponse:
    """Ask for the code, where this browser may give one; keep what was typed in a form that came too late."""
    with identity(LINK):
        waiting = waiting_link(token, request.COOKIES.get(MARK, ""))
    if waiting is None:
        return _ended(request)
    part = request.POST.get("part", "") or request.POST.get("do", "")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if part in PARTS and name not in ("csrfmiddlewaretoken", "do", "part", "code", "key")
    ]
    context = {
        "outside": True,
        "fault": fault,
        "tries_left": waiting.tries_left,
        "expires_at": waiting.expires_at,
        "part": part if part in PARTS else "",
        "kept": kept,
        "now": now(),
    }
    return render(request, "referrals/link_door.html", context, status=422 if fault else 403 if kept else 200)


def _ended(request: HttpRequest) -> HttpResponse:
    """The one answer for a link that never was, has ended, was revoked, is exhausted, or is another browser's."""
    return render(request, "referrals/link_ended.html", {"outside": True}, status=404)


def _cookie(token: str) -> dict[str, Any]:
    """Sent to the link's own address alone, out of reach of scripts; Lax, as a link in a message is followed."""
    path = reverse("link", args=[token])
    return {"path": path, "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}


def _keep(request: HttpRequest, response: HttpResponse, token: str, secret: bytes) -> None:
    """Renew the key's cookie: it dies when nothing is asked for as long as a session may be idle."""
    value = base64.urlsafe_b64encode(secret).decode()
    response.set_signed_cookie(KEY, value, salt=KEY, max_age=settings.SESSION_IDLE_SECONDS, **_cookie(token))


def _held(request: HttpRequest) -> bytes | None:
    """The key that this browser keeps; None when it has none, or was idle for too long."""
    value = request.get_signed_cookie(KEY, default=None, salt=KEY, max_age=settings.SESSION_IDLE_SECONDS)
    try:
        return base64.urlsafe_b64decode(value) if value else None
    except (binascii.Error, ValueError):
        return None

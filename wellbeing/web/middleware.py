"""Around every page: nothing is cached, an idle session ends, and the doors stand at every route."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from wellbeing.access.actor import identity
from wellbeing.access.entering import note_entry, note_refusal
from wellbeing.access.policy import may_enter
from wellbeing.access.proof import Proof
from wellbeing.access.routes import declared
from wellbeing.errors import Forbidden, Invalid, Stale, Unavailable, WrongState
from wellbeing.signin import proof
from wellbeing.web.answers import came_too_late, conflict, no_page, not_found, unavailable, unprocessable

GetResponse = Callable[[HttpRequest], HttpResponse]


class NoStore:
    """No page of ours is kept by a browser or a proxy. Static files are answered before this."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class Language:
    """Chinese first, whatever the browser asks for; the switch on the page (a cookie) chooses English."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


class Idle:
    """Ends a session after 15 idle minutes and after 8 hours; pages that poll do not count as work (`quiet` routes)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if by_token(request, view) or not request.user.is_authenticated:
            return None
        if proof.overdue(request):
            logout(request)
            if getattr(view, "permission", None) is not None:
                return _to_sign_in(request)
        elif not getattr(view, "quiet", False):
            proof.worked(request)
        return None


class Doors:
    """Refuses a route that declares nothing, asks for sign-in, and runs the view under the asker's identity.

    The view and its database work are one transaction; what it opened is recorded before the answer leaves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not declared(view) or any("\0" in str(value) for value in kwargs.values()):
            return not_found(request)  # a zero byte names nothing, and the database refuses to look for it
        if view.permission is None or by_token(request, view):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        try:
            actor = proof.who(request)
        except Unavailable as missing:  # her posts are sealed: whether she has them cannot be said now
            return unavailable(request, missing.message)
        request.actor = actor  # type: ignore[attr-defined]
        try:
            with identity(actor):
                if not may_enter(actor, view.permission):
                    raise Forbidden
                owed = proof.missing(request, actor, view.proof)
                if owed:
                    return _to_prove(request, owed)
                response: HttpResponse = view(request, *args, **kwargs)
                if response.status_code == 405:
                    return no_page(request)
                if not view.quiet:  # a page that was entered asks again and again
                    note_entry(request, actor, view.permission)
                return response
        except Stale:
            return _to_prove(request, "confirm")
        except Forbidden:
            note_refusal(actor, view.permission, polled=view.quiet and not kwargs)
            return _to_leave(request) if actor.away_until else not_found(request)
        except WrongState as late:
            return conflict(request, late)
        except Invalid as refused:
            return unprocessable(request, refused.message)
        except Unavailable as missing:
            return unavailable(request, missing.message)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Of the pages that anybody enters: signing in counts tries under a key, too."""
        return unavailable(request, fault.message) if isinstance(fault, Unavailable) else None


def by_token(request: HttpRequest, view: Any) -> bool:
    """Whether no session counts here: the gate of the API stands in the route (wellbeing/api/gate.py). One that takes
    either (`or_token`) is entered by a token when the request has the header for it."""
    either = getattr(view, "or_token", False) and "Authorization" in request.headers
    return either or getattr(view, "proof", None) is Proof.TOKEN


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The page of signing in; a form that was sent keeps what was typed."""
    return _led(request, settings.LOGIN_URL) or came_too_late(request, "sign_in") or redirect(settings.LOGIN_URL)


def _to_prove(request: HttpRequest, route: str) -> HttpResponse:
    """The page where the visitor shows or sets up what this one asks for; from there back to here."""
    if request.method == "GET" and not getattr(request, "htmx", False):
        request.session["next"] = request.get_full_path()
    return _led(request, route) or came_too_late(request, route) or redirect(route)


def _to_leave(request: HttpRequest) -> HttpResponse:
    """Whatever is asked for while somebody is on leave: the page that says until when; a form that was sent keeps what
    was typed."""
    return _led(request, "absence") or came_too_late(request, "absence") or redirect("absence")


def _led(request: HttpRequest, route: str) -> HttpResponse | None:
    """The answer to a part of a page: the whole page must go elsewhere."""
    if not getattr(request, "htmx", False):
        return None
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(route)
    return response

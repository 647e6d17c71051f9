"""The answers that are not pages of work: not found (also for forbidden), no page, conflict, unprocessable,
unavailable, broken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.errors import WrongState
from wellbeing.web.standing import standing

# Of a form, what proves who sent it: no page gives it back.
SECRETS = ("csrfmiddlewaretoken", "password", "old", "new", "again", "code", "answer", "secret", "resent")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, the same body whether the thing is missing or forbidden; with the words that were sent, which may have been
    written while the case was closed, handed over, or the writer's own right ended."""
    return render(request, "web/not_found.html", {"typed": _words(request)}, status=404)


def _words(request: HttpRequest) -> list[str]:
    """What a form of ours brought that somebody has written. It is given back to whoever sent it, whatever lies at the
    address."""
    return [text for _name, value in _fields(request) if _written(text := value.strip())] if _ours(request) else []


def _written(value: str) -> bool:
    """Whether a person wrote this, and no list, picker or page: those send codes, numbers and days."""
    return not value.isascii() or len(value.split()) > 1


def _ours(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site."""
    return request.method == "POST" and request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form brought, as name and value, without what proves who sent it."""
    return [(name, value) for name, values in request.POST.lists() if name not in SECRETS for value in map(str, values)]


def no_page(request: HttpRequest) -> HttpResponse:
    """405: an address that only takes what a form sends, reached by hand, by a reload or by the way back."""
    text = _("This address only takes what a form sends: there is nothing to show here, and nothing was done.")
    return render(request, "web/refused.html", {"message": text}, status=405)


def conflict(request: HttpRequest, late: WrongState) -> HttpResponse:
    """409: somebody was first, or the state no longer allows it; where it is now, who holds it, and what was typed."""
    text = _("Somebody was first, or this is no longer possible. Look at the present state and try again.")
    if late.state == "done":
        text = _("This form was sent before, with something else in it. What was sent first stands.")
    actor: Actor | None = getattr(request, "actor", None)
    present = standing(actor, late.target) if actor and late.target is not None else None
    return render(request, "web/refused.html", {"message": text, "present": present, "typed": late.typed}, status=409)


def unprocessable(request: HttpRequest, message: Any) -> HttpResponse:
    """422: one sentence that says what is wrong."""
    return render(request, "web/refused.html", {"message": message}, status=422)


def unavailable(request: HttpRequest, message: Any) -> HttpResponse:
    """503: this machine cannot do it now, and what to do instead. Nothing was opened or written."""
    return render(request, "web/refused.html", {"message": message}, status=503)


def came_too_late(request: HttpRequest, first: str = "") -> HttpResponse | None:
    """A form of ours whose session or token had ended: 403 with everything that was typed, ready to be sent again.
    `first` is the route where its sender must go before, in another window.

    None when there is nothing to keep, or when the form may come from elsewhere: only a page of this site is believed,
    or somebody could have a colleague send what she never wrote.
    """
    if not _ours(request) or not (fields := _fields(request)):
        return None
    turn = request.POST.get("resent", "")
    go = not first and turn == "1" and request.user.is_authenticated  # pressed anew after signing in
    context = {
        "first": first,
        "fields": fields,
        "address": request.get_full_path(),
        "go": go,
        "resent": "2" if turn else "1",
    }
    return render(request, "web/resend.html", context, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500, without any detail, and without the page's frame: the database itself may be what is broken."""
    return HttpResponse(render_to_string("web/server_error.html"), status=500)

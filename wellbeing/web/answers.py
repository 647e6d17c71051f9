"""The answers that are not pages of work: not found (also for forbidden), conflict, unprocessable, broken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, the same body whether the thing is missing or forbidden."""
    return render(request, "web/not_found.html", status=404)


def conflict(request: HttpRequest) -> HttpResponse:
    """409: somebody was first, or the state no longer allows it."""
    text = _("Somebody was first, or this is no longer possible. Look at the present state and try again.")
    return render(request, "web/refused.html", {"message": text}, status=409)


def unprocessable(request: HttpRequest, message: Any) -> HttpResponse:
    """422: one sentence that says what is wrong."""
    return render(request, "web/refused.html", {"message": message}, status=422)


def broken(request: HttpRequest) -> HttpResponse:
    """500, without any detail, and without the page's frame: the database itself may be what is broken."""
    return HttpResponse(render_to_string("web/server_error.html"), status=500)

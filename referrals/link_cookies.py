"""What one browser keeps of a one-time link: a mark that says it was this one, and for a while the key of the copy.

Sent to pages of links alone, out of reach of scripts; Lax, as a link in a message is followed.
"""

import base64
import binascii
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from referrals.ticket import name_of, token_in

MARK, KEY = "link-browser-", "link-key"  # a mark bears its link's name: one browser may hold several links


def token_of(request: HttpRequest, name: str) -> str:
    """The token of the link of this name, which the browser's mark carries; empty without one."""
    token = token_in(request.COOKIES.get(MARK + name, ""))
    return token if name_of(token) == name else ""


def held_mark(request: HttpRequest, token: str) -> str:
    """This browser's mark for the link; empty when it has none, or one that was made for another token."""
    mark = request.COOKIES.get(MARK + name_of(token), "")
    return mark if token_in(mark) == token else ""


def keep_mark(response: HttpResponse, token: str, mark: str, until: datetime) -> None:
    """Tie the browser to the link: for the door too, where the message's address leads again."""
    response.set_cookie(MARK + name_of(token), mark, expires=until, **_at(reverse("link_door")))


def held_key(request: HttpRequest) -> bytes | None:
    """The key that this browser keeps; None when it has none, or was idle for too long."""
    value = request.get_signed_cookie(KEY, default=None, salt=KEY, max_age=settings.SESSION_IDLE_SECONDS)
    try:
        return base64.urlsafe_b64decode(value) if value else None
    except (binascii.Error, ValueError):
        return None


def keep_key(response: HttpResponse, token: str, secret: bytes) -> None:
    """Renew the key, for this link's page alone: it dies when nothing is asked for as long as a session may be idle."""
    value, path = base64.urlsafe_b64encode(secret).decode(), reverse("link", args=[name_of(token)])
    response.set_signed_cookie(KEY, value, salt=KEY, max_age=settings.SESSION_IDLE_SECONDS, **_at(path))


def _at(path: str) -> dict[str, Any]:
    return {"path": path, "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}

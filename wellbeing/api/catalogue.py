"""Every address of the API, once: its routes, its description and its page of developers are made from it."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from wellbeing.access.permissions import P
from wellbeing.api import acts, read_calls, read_cases, read_referrals, read_screenings, read_staffing
from wellbeing.api.endpoint import Asked, Endpoint
from wellbeing.api.openapi import description
from wellbeing.api.shapes import MOMENT, TEXT, WHOLE, many, thing
from wellbeing.errors import Forbidden


def token(asked: Asked) -> dict[str, Any]:
    """The token itself: whom it acts for, at which desk, for what and until when."""
    one = asked.known.token
    return {
        "name": one.name,
        "prefix": one.prefix,
        "desk": one.post.desk_id,
        "desk_name": str(one.post.desk),
        "role": one.post.desk.role,
        "scopes": one.scopes,
        "expires_at": one.expires_at,
    }


def _missing(asked: Asked) -> Any:
    raise Forbidden


MISSING = Endpoint("api_missing", "<path:rest>", P.API_READ, _missing, "", {}, "")  # by any method


def _described(asked: Asked) -> dict[str, Any]:
    return description(endpoints())


DESCRIPTION = Endpoint("api_description", "openapi.json", P.API_READ, _described, "", {"type": "object"}, "")
TOKEN = Endpoint(
    "api_token",
    "token",
    P.API_READ,
    token,
    _("This token"),
    thing(name=TEXT, prefix=TEXT, desk=WHOLE, desk_name=TEXT, role=TEXT, scopes=many(TEXT), expires_at=MOMENT),
    "token",
)


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """All of them; fixed addresses stand before those with a part of their own."""
    reads = [
        *(TOKEN, *read_cases.ENDPOINTS, *read_calls.ENDPOINTS, *read_referrals.ENDPOINTS),
        *(*read_screenings.ENDPOINTS, *read_staffing.ENDPOINTS),
    ]
    return (*sorted(reads, key=lambda one: ("<" in one.place, one.place)), *acts.endpoints())

"""What the API answers instead of what was asked: problem details (RFC 9457), in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import JsonResponse
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from wellbeing.access.actor import Actor
from wellbeing.errors import Newer, WrongState
from wellbeing.web.standing import standing

TYPE = "application/problem+json"


class Refused(Exception):
    """The request itself is at fault: its status, and for 422 what is wrong with which field."""

    def __init__(self, status: int, errors: Mapping[str, Sequence[Any]] | None = None) -> None:
        super().__init__(status)
        self.status, self.errors = status, errors or {}


def problem(status: int, **more: Any) -> JsonResponse:
    """One problem. Its text depends on the status alone, so that missing and forbidden are the same to the byte."""
    title = {
        400: _("This is no JSON object."),
        401: _("A token that counts is needed."),
        404: _("There is nothing here for you."),
        405: _("This address knows no such method."),
        409: _("Somebody was first, or this is no longer possible. Look at the present state and try again."),
        413: _("This is too large."),
        415: _("Send JSON."),
        422: _("Something in it is wrong."),
        429: _("Too many requests with this token."),
        500: _("Something broke here. Nothing was written; ask again later with the same key."),
        503: _("This machine cannot do it now."),
    }[status]
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(
        body, status=status, content_type=TYPE, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False}
    )


def refused(fault: Refused) -> JsonResponse:
    """The answer to a request that is itself at fault."""
    if fault.status != 422:
        return problem(fault.status)
    errors = [{"field": name, "detail": [str(one) for one in said]} for name, said in fault.errors.items()]
    return problem(422, errors=errors)


def conflict(actor: Actor, late: WrongState) -> JsonResponse:
    """409 with where it stands now, as far as the asker may see it; `done`: a key sent with something else; `newer`:
    somebody has written meanwhile, with the mark to send once that was read."""
    said: dict[str, Any] = {"state": late.state}
    if isinstance(late, Newer):
        said |= {"filled_from": late.written.mark, "by": late.written.who, "at": late.written.at}
    present = standing(actor, late.target) if late.target is not None else None
    if present:
        said |= {"reference": present.reference, "standing": present.state, "holder": present.holder}
    return problem(409, **said)


def language(header: str) -> str:
    """The language of an `Accept-Language` header; Chinese where it names none of ours."""
    for code, _quality in parse_accept_lang_header(header[:200]):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE

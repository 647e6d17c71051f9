"""The gate of the API: a token instead of a session, then the same doors as every page.

In this order: language, token and its rate, method, scope, the request itself, and then one transaction under the
person's identity in which `access.policy` decides and the doors open. No cookie is read, so no other site can have a
browser send anything.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import TooManyFieldsSent
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from wellbeing.access.actor import identity
from wellbeing.access.entering import note_entry, note_refusal
from wellbeing.access.policy import may_enter
from wellbeing.access.proof import Proof
from wellbeing.api.endpoint import Asked, Endpoint
from wellbeing.api.problems import Refused, conflict, language, problem, refused
from wellbeing.api.scopes import scope_of
from wellbeing.api.tokens import Known, Slowed, recognise
from wellbeing.errors import Forbidden, Invalid, Unavailable, WrongState

log = logging.getLogger("wellbeing.api")
LARGEST = 262_144  # bytes of a request's body
View = Callable[..., HttpResponse]


def view_of(endpoint: Endpoint) -> View:
    """The view of an address, with what every route declares."""

    def view(request: HttpRequest, **place: str) -> HttpResponse:
        with translation.override(language(request.headers.get("Accept-Language", ""))):
            response = _passed(endpoint, request, place)
            response["Content-Language"] = translation.get_language() or ""
        return response

    view.permission = endpoint.permission  # type: ignore[attr-defined]
    view.quiet = True  # type: ignore[attr-defined]
    view.proof = Proof.TOKEN  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.endpoint = endpoint  # type: ignore[attr-defined]
    return view


def _passed(endpoint: Endpoint, request: HttpRequest, place: dict[str, str]) -> HttpResponse:
    try:
        known = recognise(request.headers.get("Authorization", ""))
    except Slowed as slowed:
        response = problem(429)
        response["Retry-After"] = str(slowed.wait)
        return response
    except Unavailable as missing:  # whose it is hangs on a sealed post
        return problem(503, detail=str(missing.message))
    if known is None:
        response = problem(401)
        response["WWW-Authenticate"] = "Bearer"
        return response
    if endpoint.answer and request.method not in endpoint.methods:
        response = problem(405)
        response["Allow"] = ", ".join(endpoint.methods)
        return response
    return _answered(endpoint, request, known, place)


def _answered(endpoint: Endpoint, request: HttpRequest, known: Known, place: dict[str, str]) -> HttpResponse:
    actor = known.actor
    try:
        if not known.covers(scope_of(endpoint.permission, writes=endpoint.writes)):
            raise Forbidden
        if not all(sendable(text) for text in place.values()):
            raise Forbidden
        with identity(actor):
            if not may_enter(actor, endpoint.permission):
                raise Forbidden
            said = endpoint.run(_asked(endpoint, request, known, place))
            note_entry(request, actor, endpoint.permission)
            return JsonResponse(said, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False})
    except Forbidden:
        note_refusal(actor, endpoint.permission)
        return problem(404)
    except Refused as fault:
        return refused(fault)
    except WrongState as late:
        return conflict(actor, late)
    except Invalid as fault:
        return refused(Refused(422, {fault.field: [fault.message]}))
    except Unavailable as missing:
        return problem(503, detail=str(missing.message))
    except Exception:  # a program reads no page; what broke is for the log alone
        log.exception("an address of the API broke", extra={"codes": {"permission": endpoint.permission.value}})
        return problem(500)


def _asked(endpoint: Endpoint, request: HttpRequest, known: Known, place: dict[str, str]) -> Asked:
    """The request, parsed. Raises Refused."""
    try:
        query = {name: request.GET[name] for name in request.GET if request.GET[name]}
    except TooManyFieldsSent:
        raise Refused(422) from None
    wrong = {name: [_("There is no such field.")] for name in query if name not in endpoint.query}
    wrong |= {name: [_("Something in it is wrong.")] for name, text in query.items() if not sendable(text)}
    if wrong:
        raise Refused(422, wrong)
    if not endpoint.writes:
        return Asked(known, place, query)
    try:
        key = UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        raise Refused(422, {"Idempotency-Key": ["UUID"]}) from None
    return Asked(known, place, query, _body(request), key)


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused."""
    if request.content_type != "application/json":
        raise Refused(415)
    sent = request.read(LARGEST + 1)
    if len(sent) > LARGEST:
        raise Refused(413)
    try:
        said = json.loads(sent, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    if not isinstance(said, dict):
        raise Refused(400)
    return said


def _no_number(text: str) -> Any:
    raise ValueError(text)


def sendable(text: str) -> bool:
    """Whether the database can hold a text: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)

"""The description of the API (OpenAPI 3.1), written from the same tables as its routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse

from cases import sheet
from cases.forms import SheetForm, sheet_field
from wellbeing.action_page import ActionForm
from wellbeing.api.endpoint import Endpoint
from wellbeing.api.scopes import SCOPES, scope_of
from wellbeing.api.shapes import DAY, FLAG, ID, MOMENT, NUMBER, TEXT, WHOLE, many, thing

PLACE = re.compile(r"<str:(\w+)>")
PROBLEM = {
    "type": "object",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": WHOLE,
        "detail": TEXT,
        "errors": many(thing(field=TEXT, detail=many(TEXT))),
    },
    "required": ["type", "title", "status"],
}
READS = {401: "NoToken", 404: "NothingHere", 405: "NoSuchMethod", 422: "Wrong", 429: "Slowed", 500: "Broken"}
READS |= {503: "Unavailable"}
WRITES = READS | {400: "NotJson", 409: "TooLate", 413: "TooLarge", 415: "NotJsonType"}
SAID = {
    "NoToken": "No token that counts now.",
    "NothingHere": "Missing, or not for this token: the same answer to the byte.",
    "NoSuchMethod": "See `Allow`.",
    "Wrong": "What is wrong, by field, as the page would say it.",
    "Slowed": "The token's rate is used up; see `Retry-After` (seconds).",
    "Broken": "A fault of ours; nothing was written. Ask again later, with the same key.",
    "Unavailable": "This machine cannot do it now.",
    "NotJson": "The body is no JSON object.",
    "TooLate": "Somebody was first, the state no longer allows it, or the key was sent with something else.",
    "TooLarge": "The body is too large.",
    "NotJsonType": "The body is not `application/json`.",
}


def description(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole document, in the language of the request."""
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault("/" + PLACE.sub(r"{\1}", one.place), {})[one.methods[0].lower()] = _operation(one)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Zhoushan wellbeing", "version": "1"},
        "servers": [{"url": reverse("api_description").rpartition("/")[0]}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM},
            "responses": {name: {"description": text, "content": problem} for name, text in SAID.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": " ".join(SCOPES)}},
        },
    }


def _operation(one: Endpoint) -> dict[str, Any]:
    scope = scope_of(one.permission, writes=one.writes)
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {**TEXT, "minLength": 1}}
        for name in PLACE.findall(one.place)
    ]
    parts += [{"name": name, "in": "query", "schema": dict(schema)} for name, schema in one.query.items()]
    if one.writes:
        parts.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": ID})
    problems = WRITES if one.writes else READS
    said: dict[str, Any] = {
        "operationId": one.name.removeprefix("api_"),
        "tags": [one.group],
        "summary": str(one.said),
        "description": f"`{one.permission}`" + (f" · `{scope}`" if scope else ""),
        "parameters": parts,
        "responses": {
            "200": {
                "description": "Done." if one.writes else "As asked.",
                "content": {"application/json": {"schema": one.answer}},
            },
            **{str(status): {"$ref": f"#/components/responses/{name}"} for status, name in sorted(problems.items())},
        },
    }
    if one.writes:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": body_of(one.form)}}}
    return said


def body_of(form: Any) -> dict[str, Any]:
    """What a form takes, as a schema. Where its fields come from who asks about what, more may be sent than stands
    here, and the form itself decides."""
    fields, more = fields_of(form)
    parts = {name: _schema(field) for name, field in fields.items()}
    wanted = [name for name, field in fields.items() if field.required and not isinstance(field, forms.BooleanField)]
    return {"type": "object", "properties": parts, "required": wanted, "additionalProperties": more}


def fields_of(form: Any) -> tuple[Mapping[str, forms.Field], bool]:
    """The fields that a form always has, without its key, and whether an instance may have others."""
    if isinstance(form, partial):  # an instrument: its questions are in its paper
        fields: dict[str, forms.Field] = dict(form(actor=None, target=None).fields)
        more = False
    elif isinstance(form, type) and issubclass(form, forms.Form):
        fields = dict(form.base_fields)
        if issubclass(form, SheetForm):
            fields |= {code: sheet_field(sheet.BY_CODE[code]) for code in form.codes}
        more = form.__init__ not in (ActionForm.__init__, SheetForm.__init__)
    else:
        fields, more = {}, True
    fields.pop("key", None)
    return fields, more


def _schema(field: forms.Field) -> dict[str, Any]:
    said: dict[str, Any] = dict(_kind(field))
    label = str(field.label or "")
    for name, key in (
        ("max_length", "maxLength"),
        ("min_length", "minLength"),
        ("min_value", "minimum"),
        ("max_value", "maximum"),
    ):
        limit = getattr(field, name, None)
        if limit is not None and not callable(limit):
            said[key] = float(limit) if said.get("type") == "number" else limit
    return {**said, "title": label} if label else said


def _kind(field: forms.Field) -> Mapping[str, Any]:
    if isinstance(field, forms.MultipleChoiceField):
        return many(_choices(field))
    if isinstance(field, forms.ChoiceField):
        return _choices(field)
    for kind, schema in KINDS:
        if isinstance(field, kind):
            return schema
    return TEXT


KINDS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.BooleanField, FLAG),
    (forms.FloatField, NUMBER),
    (forms.DecimalField, NUMBER),
    (forms.IntegerField, WHOLE),
    (forms.DateTimeField, MOMENT),
    (forms.DateField, DAY),
    (forms.UUIDField, ID),
)


def _choices(field: forms.ChoiceField) -> dict[str, Any]:
    """The codes of a field that always has the same; those that depend on who asks are any text."""
    codes: list[str] = []
    choices: Any = field.choices
    for code, text in choices:
        inner = text if isinstance(text, list | tuple) else [(code, text)]
        codes += [str(one) for one, _text in inner]
    return {**TEXT, "enum": codes} if codes else TEXT

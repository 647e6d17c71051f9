"""Small schemas (JSON Schema 2020-12), put together to what an address answers."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
FLAG: dict[str, Any] = {"type": "boolean"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
ID: dict[str, Any] = {"type": "string", "format": "uuid"}


def one_of(*codes: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(codes)}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def thing(**parts: dict[str, Any]) -> dict[str, Any]:
    """An object with all of these and nothing else."""
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}


def paged(schema: dict[str, Any]) -> dict[str, Any]:
    """A page of a list: `next` goes into `after` for the rows behind it."""
    return thing(items=many(schema), next=maybe(TEXT))


PAGING: dict[str, dict[str, Any]] = {
    "after": TEXT,
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
}

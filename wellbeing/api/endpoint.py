"""One address of the API: what it asks, whom, and what it answers. Routes and description are made from these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.api.problems import Refused
from wellbeing.api.tokens import Known

Schema = Mapping[str, Any]
LIMIT, MOST = 25, 100  # rows of a page


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, parsed: the parts of its address, its query, and for a write its key and its fields."""

    known: Known
    place: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    key: UUID | None = None

    @property
    def actor(self) -> Actor:
        return self.known.actor

    @property
    def limit(self) -> int:
        """How many rows of a list are wanted. Raises Refused."""
        text = self.query.get("limit", str(LIMIT))
        if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST):
            raise Refused(422, {"limit": [f"1–{MOST}"]})
        return int(text)

    def chosen(self, name: str, codes: tuple[str, ...]) -> str:
        """One of the codes that a parameter knows, or empty. Raises Refused."""
        value = self.query.get(name, "")
        if value and value not in codes:
            raise Refused(422, {name: ["/".join(codes)]})
        return value

    def after(self, listed: str) -> str:
        """The row after which a list goes on, from its cursor; empty for its beginning. Raises Refused for a cursor of
        another list, or of nobody's."""
        try:
            return str(signing.loads(self.query["after"], salt=listed)) if self.query.get("after") else ""
        except signing.BadSignature:
            raise Refused(422, {"after": [_("Something in it is wrong.")]}) from None


def page(listed: str, items: list[Any], last: Any) -> dict[str, Any]:
    """A page of a list; `last` is the key of its last row where there are more."""
    return {"items": items, "next": signing.dumps(str(last), salt=listed) if last else None}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address below /api/v1/. `place` is its pattern, `query` its parameters with their schemas, `body` what a write
    takes (by form), `answer` what it gives. What it writes asks for an idempotency key."""

    name: str
    place: str
    permission: P
    run: Callable[[Asked], Any]
    said: Any
    answer: Schema
    group: str
    query: Mapping[str, Schema] = field(default_factory=dict)
    writes: bool = False
    form: Any = None

    @property
    def methods(self) -> tuple[str, ...]:
        return ("POST",) if self.writes else ("GET", "HEAD")

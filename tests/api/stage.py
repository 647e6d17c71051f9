"""A token for somebody of the cast, made as people make it, and a client that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from tests.stage import actor
from wellbeing.access.actor import identity
from wellbeing.api.actions import ask_token, confirm_token
from wellbeing.api.models import ApiToken
from wellbeing.api.scopes import SCOPES
from wellbeing.api.tokens import digest
from wellbeing.ids import uuid7


@dataclass(frozen=True)
class Program:
    """A program with a token: `get` and `act` ask the API as the wire does, without any cookie."""

    word: str
    token: ApiToken

    def ask(
        self, method: str, address: str, fields: Any = None, *, key: UUID | str | None = None, **headers: str
    ) -> Any:
        """Ask an address as the wire does: no cookie, and for a write a key of its own."""
        shown = {**self.shown(), **headers}
        client = Client(HTTP_HOST="127.0.0.1")
        if method == "GET":
            return client.get(address, headers=shown)
        shown["Idempotency-Key"] = str(key or uuid7())
        return client.post(address, fields or {}, content_type="application/json", headers=shown)

    def shown(self) -> dict[str, str]:
        """The headers of a request."""
        return {"Authorization": f"Bearer {self.word}", "Accept-Language": "en"}

    def get(self, place: str, **headers: str) -> Any:
        return self.ask("GET", f"/api/v1/{place}", **headers)

    def act(self, act: str, /, target: str = "", *, key: UUID | str | None = None, **fields: Any) -> Any:
        place = f"/api/v1/actions/{act}" + (f"/{target}" if target else "")
        return self.ask("POST", place, fields, key=key)


def program(name: str, scopes: Sequence[str] = SCOPES, *, days: int = 30, confirmed: bool = True) -> Program:
    """A program that acts for somebody by her first post."""
    who = actor(name)
    word = ask_token(
        actor=who, post_id=who.posts[0].id, name="数据对接", scopes=list(scopes), days=days, because="对接市平台"
    )
    an = actor("an")
    with identity(an):
        token = ApiToken.objects.get(digest=digest(word))
        if confirmed:
            token = confirm_token(actor=an, token=token)
    return Program(word, token)

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

    def get(self, place: str, **headers: str) -> Any:
        return Client(HTTP_HOST="127.0.0.1").get(f"/api/v1/{place}", headers=self.shown(headers))

    def act(self, name: str, target: str = "", *, key: UUID | str | None = None, **fields: Any) -> Any:
        place = f"/api/v1/actions/{name}" + (f"/{target}" if target else "")
        headers = self.shown({"Idempotency-Key": str(key or uuid7())})
        return Client(HTTP_HOST="127.0.0.1").post(place, fields, content_type="application/json", headers=headers)

    def shown(self, headers: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.word}", "Accept-Language": "en", **headers}


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

"""Sessions in the database: seen and ended by their owner, gone after eight hours, whatever happens in them.

One that cannot be saved because the server is away is an outage, not a bad request: Django calls every failed update
"deleted by a concurrent request" and answers 400, which tells a browser not to send the form again. The drill found
it: PostgreSQL died between an action and the session that its page saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError
from django.db.models import QuerySet
from ua_parser import parse

from wellbeing.signin.models import Session
from wellbeing.vault.blind_index import index
from wellbeing.workdays import now


class SessionStore(DatabaseStore):
    """As Django's, but raises OperationalError when that is what kept it from saving."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        """The row: whose it is, on which device, since when and when last seen, as its data says."""
        row = cast(Session, super().create_model_instance(dict(data)))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get("device", "")
        row.since, row.seen_at = _moment(data.get("began_at")), _moment(data.get("worked_at"))
        return row

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as failed:
            cause: Any = failed.__context__
            if isinstance(cause, OperationalError):
                raise cause from None
            raise


def sessions_of(user_id: int) -> QuerySet[Session]:
    """The sessions of an account that neither their eight hours nor their idle time have ended, the newest first."""
    seen = now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return Session.objects.filter(user_id=user_id, expire_date__gt=now(), seen_at__gte=seen).order_by("-since")


def end_sessions(user_id: int, *, but: str | None = None, only: str = "") -> int:
    """End sessions of an account: all, all but one (by its key), or the one that `only` names (see `handle`)."""
    ended = 0
    for row in Session.objects.filter(user_id=user_id).exclude(session_key=but or ""):
        if not only or handle(row.session_key) == only:
            ended += row.delete()[0]
    return ended


def handle(key: str) -> str:
    """What a page calls a session: its key itself must not stand there, because whoever holds it is signed in."""
    return index("session", key, bits=64).hex()


def device_of(agent: str) -> str:
    """Browser and system, such as "Chrome · Windows", from what the browser says of itself."""
    found = parse(agent[:400])
    names = [part.family for part in (found.user_agent, found.os) if part and part.family != "Other"]
    return " · ".join(names)[:60]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

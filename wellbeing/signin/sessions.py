"""Sessions in the database: seen and ended by their owner, gone after eight hours, whatever happens in them.

The cookie holds a secret and the table its hash, so that whoever reads the table can use no session. Nobody is known
yet when one is read: the wall shows the row whose hash is presented, and a person's own ones to her.

One that cannot be saved because the server is away is an outage, not a bad request: Django calls every failed update
"deleted by a concurrent request" and answers 400, which tells a browser not to send the form again. The drill found
it: PostgreSQL died between an action and the session that its page saves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from ua_parser import parse

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN
from wellbeing.signin.models import Session
from wellbeing.vault.blind_index import index
from wellbeing.workdays import now

FIND = "SELECT * FROM app_session(%s) WHERE expire_date > now()"  # one statement, before anybody is known


class SessionStore(DatabaseStore):
    """As Django's, but keeps a hash of the key, and raises OperationalError when that is what kept it from saving."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        """The row: whose it is, on which device, since when and when last seen, as its data says."""
        row = cast(Session, super().create_model_instance(dict(data)))
        row.session_key = kept_as(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get("device", "")
        row.since, row.seen_at = _moment(data.get("began_at")), _moment(data.get("worked_at"))
        return row

    def exists(self, session_key: str) -> bool:
        return _found(session_key) is not None

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(cast(Any, self)._get_session(no_load=must_create))
        try:
            with _presented(row.session_key):
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError:
            if must_create:
                raise CreateError from None
            raise
        except OperationalError:
            raise
        except DatabaseError:  # no such row any more
            if must_create:
                raise
            raise UpdateError from None

    def delete(self, session_key: str | None = None) -> None:
        secret = session_key or self.session_key
        if secret is not None:
            key = kept_as(secret)
            with _presented(key):
                Session.objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        with identity(SIGNIN):
            super().clear_expired()

    def _get_session_from_db(self) -> Session | None:
        found = _found(self.session_key or "")
        if found is None:
            self._session_key = None
        return found


def kept_as(secret: str) -> str:
    """What the table knows of a cookie's secret: SHA-256, as its 165 random bits need no slower one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sessions_of(user_id: int) -> QuerySet[Session]:
    """The sessions of an account that neither their eight hours nor their idle time have ended, the newest first."""
    seen = now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return Session.objects.filter(user_id=user_id, expire_date__gt=now(), seen_at__gte=seen).order_by("-since")


def at_work(users: Iterable[int]) -> frozenset[int]:
    """Which of these accounts have a session that still lives."""
    seen = now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    with identity(SIGNIN):
        live = Session.objects.filter(user_id__in=set(users), expire_date__gt=now(), seen_at__gte=seen)
        return frozenset(live.values_list("user_id", flat=True))


def end_sessions(user_id: int, *, but: str | None = None, only: str = "") -> int:
    """End sessions of an account: all, all but one (by its secret), or the one that `only` names (see `handle`)."""
    ended = 0
    with identity(SIGNIN):
        for row in Session.objects.filter(user_id=user_id).exclude(session_key=kept_as(but or "")):
            if not only or handle(row.session_key) == only:
                ended += row.delete()[0]
    return ended


def handle(key: str) -> str:
    """What a page calls the session of a row: its secret and the hash of it stay in their places."""
    return index("session", key, bits=64).hex()


def device_of(agent: str) -> str:
    """Browser and system, such as "Chrome · Windows", from what the browser says of itself."""
    found = parse(agent[:400])
    names = [part.family for part in (found.user_agent, found.os) if part and part.family != "Other"]
    return " · ".join(names)[:60]


def _found(secret: str) -> Session | None:
    return next(iter(Session.objects.raw(FIND, [kept_as(secret)])), None)


@contextmanager
def _presented(key: str) -> Iterator[None]:
    """One transaction in which the wall shows the session of this hash, whoever asks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, true)", [key])
        yield


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

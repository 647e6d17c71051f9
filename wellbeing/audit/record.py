"""Record an event: in the transaction of what it tells of, as its last statement."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import connection

from wellbeing.audit.chain import GENESIS, body_bytes, codes, head_mac, link, mac
from wellbeing.ids import uuid7
from wellbeing.vault.providers import provider

SYSTEM_STREAM = UUID("00000000-0000-7000-8000-000000000001")
_USERS = UUID("6f1a6f6e-55ab-4b8e-9e0a-6f2f3d1c7a11")


class ActorLike(Protocol):
    """What an event says of who acted."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def system(self) -> bool: ...


def user_stream(user_id: int | None) -> UUID:
    """The stream of one account: its sign-ins and the lists it read."""
    return uuid5(_USERS, f"user:{user_id}")


@cache
def mac_key() -> bytes:
    """The key that the database does not have."""
    return provider().derive("audit")


def record(*, stream: UUID, act: str, actor: ActorLike, facts: Mapping[str, Any]) -> UUID:
    """Add one event to its stream and return its id. Facts are codes (see chain.plain); a text raises TypeError.

    Locks the stream's head until commit, so it stands last in a transaction. Two round trips.
    """
    known = codes(facts)
    event_id = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_head (stream, seq, hash) VALUES (%s, 0, %s)"
            " ON CONFLICT (stream) DO UPDATE SET seq = audit_head.seq RETURNING seq, hash, app_now()",
            [stream, GENESIS],
        )
        last, previous, at = cursor.fetchone()
        seq = last + 1
        body = body_bytes(
            {
                "v": 1,
                "id": str(event_id),
                "stream": str(stream),
                "seq": seq,
                "at": at.isoformat(),
                "actor": actor.id,
                "machine": actor.name if actor.system else None,
                "post": actor.post_id,
                "act": str(act),
                "facts": known,
            }
        )
        digest = link(bytes(previous), seq, body)
        cursor.execute(
            "WITH head AS (UPDATE audit_head SET seq = %(seq)s, hash = %(hash)s, mac = %(head)s"
            " WHERE stream = %(stream)s)"
            " INSERT INTO audit_event (id, stream, seq, at, actor_id, act, body, hash, mac) VALUES"
            " (%(id)s, %(stream)s, %(seq)s, %(at)s, %(actor)s, %(act)s, %(body)s, %(hash)s, %(mac)s)",
            {
                "id": event_id,
                "stream": stream,
                "seq": seq,
                "at": at,
                "actor": actor.id,
                "act": str(act),
                "body": body,
                "hash": digest,
                "mac": mac(mac_key(), digest),
                "head": head_mac(mac_key(), stream, seq, digest),
            },
        )
    return event_id

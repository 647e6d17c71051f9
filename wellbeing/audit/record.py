"""Record an event: in the transaction of what it tells of, as its last statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from wellbeing.audit.chain import body_bytes, codes, head_mac, link, mac
from wellbeing.audit.sequencer import seal_at_once
from wellbeing.audit.tags import at_once
from wellbeing.ids import uuid7
from wellbeing.vault.named import named_key
from wellbeing.workdays import now

SYSTEM_STREAM = UUID("00000000-0000-7000-8000-000000000001")
_USERS = UUID("6f1a6f6e-55ab-4b8e-9e0a-6f2f3d1c7a11")
REMEMBERED = 10_000
End = tuple[int, bytes]  # the last number and hash of a stream
# Where streams ended when this process wrote to them last: a guess, which the database holds against the head
_ends: dict[UUID, End] = {}


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
    @property
    def token(self) -> UUID | None: ...


def user_stream(user_id: int | None) -> UUID:
    """The stream of one account: its sign-ins and the lists it read."""
    return uuid5(_USERS, f"user:{user_id}")


def mac_key() -> bytes:
    """The key that the database does not have in clear."""
    return named_key("audit")


@dataclass(frozen=True, slots=True)
class Said:
    """An event that waits for its number: everything but its place in the chain and the moment."""

    id: UUID
    stream: UUID
    act: str
    actor: int | None
    machine: str | None
    post: int | None
    facts: Mapping[str, Any]


_waiting: ContextVar[list[Said] | None] = ContextVar("waiting", default=None)


def record(*, stream: UUID, act: str, actor: ActorLike, facts: Mapping[str, Any]) -> UUID:
    """Add one event to its stream and return its id. Facts are codes (see chain.plain); a text raises TypeError.

    What a program did for somebody names its token. Inside `together` it is written at the end of the transaction, with
    the others of its stream.
    """
    machine = actor.name if actor.system else None
    by = {"by_token": actor.token} if actor.token else {}
    said = Said(uuid7(), stream, str(act), actor.id, machine, actor.post_id, codes({**facts, **by}))
    waiting = _waiting.get()
    if waiting is None:
        _write(stream, [said])
    else:
        waiting.append(said)
    return said.id


@contextmanager
def together() -> Iterator[None]:
    """Write what is recorded in here at its end, and nothing of it after an exception; inside another, with that.

    A head is locked until commit: so late that nobody waits for the rest of the transaction, and in one order of the
    streams, so that no two transactions wait for each other.
    """
    waiting = _waiting.get()
    if waiting is not None:
        known = len(waiting)
        try:
            yield
        except BaseException:
            del waiting[known:]
            raise
        return
    waiting = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for stream, said in groupby(sorted(waiting, key=lambda one: one.stream), key=lambda one: one.stream):
        _write(stream, list(said))


def _write(stream: UUID, said: Sequence[Said]) -> None:
    """Append events to one stream, in their order; they wait for their place in the tree from then on.

    One round trip, whatever their number, where this process wrote the last event of the stream; else two. The end of
    the stream is seen, or remembered, without a lock. Whoever is wrong about it is told it under the lock of its head,
    and remembers nothing of a stream that others write to as well.
    """
    urgent, key = any(at_once(one.act) for one in said), mac_key()
    with connection.cursor() as cursor:
        end = _ends.pop(stream, None) or _end(cursor, stream)
        written, end = _append(cursor, stream, said, key, urgent, end)
        if written:
            if len(_ends) >= REMEMBERED:
                _ends.clear()
            _ends[stream] = end
        while not written:
            written, end = _append(cursor, stream, said, key, urgent, end)
    if urgent:
        transaction.on_commit(seal_at_once, robust=True)


def _end(cursor: CursorWrapper, stream: UUID) -> End:
    cursor.execute("SELECT seq, hash FROM audit_end(%s)", [stream])
    seq, digest = cursor.fetchone()
    return seq, bytes(digest)


def _append(
    cursor: CursorWrapper, stream: UUID, said: Sequence[Said], key: bytes, urgent: bool, end: End
) -> tuple[bool, End]:
    """Write events after this end of their stream, unless it has another; whether they are, and where it ends now."""
    (before, digest), at, bodies, hashes = end, now().astimezone(UTC), [], []
    for number, one in enumerate(said, before + 1):
        bodies.append(_body(one, number, at))
        hashes.append(digest := link(digest, number, bodies[-1]))
    macs = [*(mac(key, one) for one in hashes), head_mac(key, stream, before + len(said), digest)]
    cursor.execute(
        "SELECT seq, hash FROM audit_append(%s, %s, %s, %s, %s, %s, %s)",
        [stream, before, end[1], urgent, b"\n".join(bodies).decode(), b"".join(hashes), b"".join(macs)],
    )
    seq, found = cursor.fetchone()
    return (True, (before + len(said), digest)) if seq is None else (False, (seq, bytes(found)))


def _body(said: Said, seq: int, at: datetime) -> bytes:
    return body_bytes(
        {
            "v": 1,
            "id": str(said.id),
            "stream": str(said.stream),
            "seq": seq,
            "at": at.isoformat(),
            "actor": said.actor,
            "machine": said.machine,
            "post": said.post,
            "act": said.act,
            "facts": said.facts,
        }
    )

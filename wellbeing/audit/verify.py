"""Verify the audit in the database: every event, head, leaf, tile and checkpoint, also while others write."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from wellbeing.audit.chain import Link, Top
from wellbeing.audit.examine import Notes, Placed, Report, Stream, examine
from wellbeing.audit.record import SYSTEM_STREAM, mac_key, record
from wellbeing.audit.signing import signer, witnesses
from wellbeing.audit.tags import Tag
from wellbeing.audit.tree import Key

CHUNK = 2000
PORTION = 10_000  # events that are read at once: sorted in memory, however long the whole log is
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
# A head, its events and their places come from one statement, so from one moment: while others write, two statements
# would show a head of before beside events of after, and every live stream would look cut.
_STREAMS = (
    "SELECT coalesce(h.stream, e.stream) AS stream, h.seq, h.hash, h.mac,"
    " e.seq, e.body, e.hash, e.mac, l.number, w.id IS NOT NULL, e.id, e.at, e.actor_id, e.act"
    " FROM (SELECT * FROM audit_head WHERE {0}) h"
    " FULL JOIN (SELECT * FROM audit_event WHERE {0}) e ON e.stream = h.stream"
    " LEFT JOIN (SELECT * FROM audit_leaf WHERE {0}) l ON l.stream = e.stream AND l.seq = e.seq"
    " LEFT JOIN (SELECT * FROM audit_waiting WHERE {0}) w ON w.stream = e.stream AND w.seq = e.seq"
    " ORDER BY 1, e.seq, e.id"
)
SOME = _STREAMS.format("stream = ANY(%(some)s)")
BETWEEN = _STREAMS.format("stream BETWEEN %(low)s AND %(high)s")


def verify(some: Collection[UUID] | None = None, *, witnessed: Sequence[str] = ()) -> Report:
    """Walk everything, or the chains of some streams without the tree; `witnessed` are notes that a witness keeps,
    besides the cosignatures in the database.

    Runs under an identity that may read all events (a machine's); raises PermissionError for any other, because what
    row-level security hides would pass for a sound chain. Raises ImproperlyConfigured without the log's key.
    """
    with transaction.atomic():
        check_sight()
        if some is not None:
            return examine(streams(some), Notes(signer().verifier, []), key=mac_key(), size_now=lambda: sys.maxsize)
        return examine(streams(), stored_notes(witnessed), key=mac_key(), size_now=_size, tiles=_tiles)


@dataclass(frozen=True, slots=True)
class _Verifier:
    """Who verified: a machine, as an event names it."""

    id: None = None
    name: str = "system:verify"
    post_id: None = None
    system: bool = True
    token: None = None


def remember(report: Report, rows: int = 0) -> None:
    """Record that everything was verified, and how it ended (`rows`: faults besides the log's own), for the audit
    administrator's page. The owner of the tables, who may verify, may not record; that changes nothing of what was
    found."""
    facts = {"events": report.events, "size": report.size, "faults": len(report.faults) + rows}
    with suppress(DatabaseError), transaction.atomic():
        record(stream=SYSTEM_STREAM, act=Tag.AUDIT_VERIFIED, actor=_Verifier(), facts=facts)


def check_sight() -> None:
    """Raises PermissionError for whoever does not see every event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_system() OR NOT row_security_active('audit_event')")
        if cursor.fetchone() != (True,):
            raise PermissionError("only a machine sees every event")


def stored_notes(witnessed: Sequence[str] = ()) -> Notes:
    """The checkpoints as stored; what witnesses cosigned stands beside as notes of its own. And which events wait
    for the tree without being there: they are written, and wait, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM audit_checkpoint ORDER BY size")
        points = [note for (note,) in cursor.fetchall()]
        cursor.execute("SELECT c.note || s.line FROM audit_cosignature s JOIN audit_checkpoint c USING (size)")
        seen = [note for (note,) in cursor.fetchall()]
        cursor.execute(
            "SELECT stream, seq FROM audit_waiting w WHERE NOT EXISTS"
            " (SELECT 1 FROM audit_event e WHERE e.stream = w.stream AND e.seq = w.seq)"
        )
        lost = cursor.fetchall()
    return Notes(signer().verifier, points, [*seen, *witnessed], witnesses(), lost)


def streams(some: Collection[UUID] | None = None) -> Iterator[Stream]:
    """Every stream, or some, with its head and its events, in the order of their numbers."""
    rows = _rows(SOME, {"some": list(some)}) if some is not None else _all_rows()
    for (stream, *top), mine in groupby(rows, key=lambda row: row[:4]):
        head = None if top[0] is None else Top(top[0], bytes(top[1]), top[2] and bytes(top[2]))
        yield stream, head, _events(stream, mine)


def _all_rows() -> Iterator[tuple[Any, ...]]:
    """Every stream, some after others: each in one statement whole. One that begins meanwhile may be passed over; the
    checkpoints were read before, so nothing of it stands under them."""
    for low, high in _portions():
        yield from _rows(BETWEEN, {"low": low, "high": high})


def _portions() -> Iterator[tuple[UUID, UUID]]:
    """All keys that a stream can have, in parts of about so many events by what the heads say. A head that is missing
    or lies makes a part longer or shorter, and none is left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, seq FROM audit_head ORDER BY stream")
        heads = cursor.fetchall()
    low, held = FIRST, 0
    for stream, seq in heads:
        held += max(1, seq)
        if held >= PORTION and stream < LAST:
            yield low, stream
            low, held = UUID(int=stream.int + 1), 0
    yield low, LAST


def _rows(query: str, asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query, asked)
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def _events(stream: UUID, rows: Iterator[tuple[Any, ...]]) -> Iterator[Placed]:
    for row in rows:
        _stream, _top, _digest, _mac, seq, body, digest, mac, leaf, waits, *columns = row
        if seq is not None:  # a head without any event
            said = bytes(body)
            link = Link(stream, seq, said, bytes(digest), bytes(mac))
            yield Placed(link, leaf, waits, _repeats(said, stream, seq, *columns))


def _repeats(body: bytes, stream: UUID, seq: int, pk: UUID, at: object, actor: int | None, act: str) -> bool:
    """Whether the columns for search still say what the hashed body says. A body may hold anything by now."""
    try:
        said = json.loads(body)
        same_time = datetime.fromisoformat(said["at"]) == at
        columns = (said["stream"], said["seq"], said["id"], said["actor"], said["act"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return False
    return same_time and columns == (str(stream), seq, str(pk), actor, act)


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(size), 0) FROM audit_checkpoint")
        return int(cursor.fetchone()[0])


def _tiles() -> Mapping[Key, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT level, number, hashes FROM audit_tile")
        return {(level, number): bytes(hashes) for level, number, hashes in cursor}

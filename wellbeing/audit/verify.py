"""Verify the chains: every event, every head, against the hashes and the MAC key."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from wellbeing.audit.chain import Fault, Link, Top, What, check
from wellbeing.audit.record import mac_key

CHUNK = 2000
# A head and its events come from one statement, so from one moment: while others write, two statements would show a
# head of before beside events of after, and every live stream would look cut.
STREAMS = (
    "SELECT h.stream, h.seq, h.hash, h.mac, e.seq, e.body, e.hash, e.mac, e.id, e.at, e.actor_id, e.act"
    " FROM audit_head h LEFT JOIN audit_event e ON e.stream = h.stream"
    " WHERE %(all)s OR h.stream = ANY(%(streams)s) ORDER BY h.stream, e.seq, e.id"
)
HEADLESS = (
    "SELECT e.stream, min(e.seq), count(*) FROM audit_event e"
    " WHERE (%(all)s OR e.stream = ANY(%(streams)s))"
    " AND NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.stream = e.stream) GROUP BY e.stream ORDER BY e.stream"
)


@dataclass(slots=True)
class Report:
    """How much was verified, and every fault found."""

    events: int = 0
    streams: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify(streams: Collection[UUID] | None = None) -> Report:
    """Walk every stream, or the named ones, also while others write.

    Runs under an identity that may read all events (a machine's); raises PermissionError for any other, because what
    row-level security hides would pass for a sound chain.
    """
    report, key = Report(), mac_key()
    asked: dict[str, Any] = {"all": streams is None, "streams": list(streams or ())}
    with transaction.atomic():
        _check_sight()
        for (stream, head), rows in groupby(_rows(asked), key=lambda row: (row[0], Top(*row[1:4]))):
            report.streams += 1
            report.faults += check(stream, _links(stream, rows, report), head, key)
        with connection.cursor() as cursor:
            cursor.execute(HEADLESS, asked)
            for stream, first, count in cursor.fetchall():
                report.streams += 1
                report.events += count
                report.faults.append(Fault(stream, first, What.CUT))
    return report


def _check_sight() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_system() OR NOT row_security_active('audit_event')")
        if cursor.fetchone() != (True,):
            raise PermissionError("only a machine sees every event")


def _rows(asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(STREAMS, asked)
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def _links(stream: UUID, rows: Iterator[tuple[Any, ...]], report: Report) -> Iterator[Link]:
    for *_head, seq, body, digest, mac, pk, at, actor, act in rows:
        if seq is None:
            continue  # a head without any event
        report.events += 1
        if not _repeats(body, stream, seq, pk, at, actor, act):
            report.faults.append(Fault(stream, seq, What.CHANGED))
        yield Link(stream, seq, body, digest, mac)


def _repeats(body: bytes, stream: UUID, seq: int, pk: UUID, at: object, actor: int | None, act: str) -> bool:
    """Whether the columns for search still say what the hashed body says. A body may hold anything by now."""
    try:
        said = json.loads(body)
        same_time = datetime.fromisoformat(said["at"]) == at
        columns = (said["stream"], said["seq"], said["id"], said["actor"], said["act"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return False
    return same_time and columns == (str(stream), seq, str(pk), actor, act)

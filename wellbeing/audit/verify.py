"""Verify the chains: every event, every head, against the hashes and the MAC key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from wellbeing.audit.chain import Fault, Link, What, check
from wellbeing.audit.models import Event, Head
from wellbeing.audit.record import mac_key


@dataclass(slots=True)
class Report:
    """How much was verified, and every fault found."""

    events: int = 0
    streams: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify() -> Report:
    """Walk every stream. Runs under an identity that may read all events (a machine's, or the owner's connection)."""
    report, key = Report(), mac_key()
    heads = {row.stream: (row.seq, bytes(row.hash)) for row in Head.objects.all()}
    for stream, links in groupby(_links(report), key=lambda one: one.stream):
        report.streams += 1
        report.faults += check(stream, links, heads.pop(stream, None), key)
    report.faults += [Fault(stream, seq, What.CUT) for stream, (seq, _hash) in heads.items()]
    return report


def _links(report: Report) -> Iterator[Link]:
    rows = Event.objects.order_by("stream", "seq", "id").values_list(
        "stream", "seq", "body", "hash", "mac", "id", "at", "actor_id", "act"
    )
    for stream, seq, body, digest, mac, pk, at, actor, act in rows.iterator(chunk_size=2000):
        report.events += 1
        if not _repeats(bytes(body), stream, seq, pk, at, actor, act):
            report.faults.append(Fault(stream, seq, What.CHANGED))
        yield Link(stream, seq, bytes(body), bytes(digest), bytes(mac))


def _repeats(body: bytes, stream: UUID, seq: int, pk: UUID, at: object, actor: int | None, act: str) -> bool:
    """Whether the columns for search still say what the hashed body says."""
    said = json.loads(body)
    same_time = datetime.fromisoformat(said["at"]) == at
    columns = (said["stream"], said["seq"], said["id"], said["actor"], said["act"])
    return same_time and columns == (str(stream), seq, str(pk), actor, act)

"""The audit: appending with eight writers, verifying as it grows, deciding for a page, opening a file with its event."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import access
from cases.queues import PAGE, worklist
from tests.bench import crowd
from tests.bench.figure import Figure, quickest, ratio
from tests.bench.replay import database_url, superuser
from tests.bench.sealing import long_file
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import held_each
from wellbeing.access.permissions import P
from wellbeing.access.policy import may_each
from wellbeing.audit.chain import GENESIS, codes, head_mac, link, mac
from wellbeing.audit.record import Said, mac_key, record
from wellbeing.audit.record import _body as event_body
from wellbeing.audit.sequencer import seal
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import verify
from wellbeing.ids import uuid7
from wellbeing.people.models import User
from wellbeing.workdays import now

WRITERS, SECONDS, ROUNDS = 8, 1.0, 9
SIZES = {"full": (100_000, 1_000_000), "small": (20_000, 200_000)}
MACHINE = Actor.machine("bench")
EACH = 50  # streams of one writer
ONE, ALL, NUMBERS = uuid4(), [uuid4() for _ in range(WRITERS * EACH)], count(1)


def figures(scale: str) -> Iterator[Figure]:
    """Five figures: appending twice, verifying, deciding, opening."""
    crowd.database(10_000)
    zhou = Actor.of(User.objects.get(username="zhou"))
    yield Figure("may() for a page of 25 ÷ the page's one query", _deciding(zhou), "times", 0.1)
    yield Figure("opening a file with its audit event ÷ without", _opening(), "times", 1.3)
    rates = [{name: _rate(name) for name in WRITES} for _ in range(ROUNDS)]  # in turns: noise falls on all
    chained, among, one, bare = (statistics.median(r[name] for r in rates) for name in WRITES)
    print(
        f"  {os.cpu_count()} processors: unchained inserts ÷ one global chain {bare / one:.2f}, what no chain can exceed here;"
        f" to chains that all 8 write to ÷ unchained inserts {among / bare:.2f}"
    )
    yield Figure("appending, 8 writers ÷ one global chain", chained / one, "times", 5, at_least=True)
    yield Figure("appending, 8 writers ÷ unchained inserts", chained / bare, "times", 0.7, at_least=True)
    few, many = SIZES[scale]
    short = _verifying(few)
    yield Figure(f"verifying {many:,} events ÷ {few:,}", _verifying(many) / short, "times", 11)


def _deciding(zhou: Actor) -> float:
    """The decisions alone, with the page's grants read; against the page's query, grants read with it."""
    with identity(zhou):
        cases = worklist(zhou)
        assert len(cases) == PAGE and set(may_each(zhou, P.FILE_READ, cases).values()) == {True}
        held_each(zhou, cases)
        deciding = quickest(lambda: may_each(zhou, P.FILE_READ, cases), times=301)
        return deciding / quickest(lambda: worklist(zhou), times=101)


def _opening() -> float:
    """The page of a file of 20 entries; without the event the same page does all else."""
    case, client = long_file(Actor.of(User.objects.get(username="lin"))), Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    address = reverse("case_file", args=[case.reference])

    def opened() -> None:
        assert client.get(address, secure=True).status_code == 200

    def unrecorded() -> None:
        kept, access.record = access.record, lambda **_given: uuid7()  # type: ignore[assignment]
        try:
            opened()
        finally:
            access.record = kept

    return ratio(opened, unrecorded, times=61)


def _chained(stream: UUID) -> None:
    with identity(MACHINE):
        record(stream=stream, act=Tag.READ_FILE, actor=MACHINE, facts={"entries": 20})


def _among(_stream: UUID) -> None:
    """To one of as many streams as all writers have, whoever wrote to it last."""
    _chained(secrets.choice(ALL))


def _global(_stream: UUID) -> None:
    _chained(ONE)


def _bare(stream: UUID) -> None:
    """The same row, to the byte but for its hash, without a chain, a head or a place in the tree."""
    said = Said(uuid7(), stream, Tag.READ_FILE.value, None, MACHINE.name, None, codes({"entries": 20}))
    seq = next(NUMBERS)
    with identity(MACHINE), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (stream, at, id, seq, actor_id, act, body, hash, mac)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(stream, now(), said.id, seq, said.actor, said.act, event_body(said, seq, now().astimezone(UTC))),
                *(GENESIS, mac(mac_key(), GENESIS)),
            ],
        )


WRITES: dict[str, Callable[[UUID], None]] = {
    "chained": _chained,
    "among": _among,
    "global": _global,
    "bare": _bare,
}


def _rate(name: str) -> float:
    """Commits per second of all writers together: processes, so that nothing but the database is shared."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start, counts = context.Barrier(WRITERS), context.Queue()
    writers = [context.Process(target=_write, args=(name, start, counts)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    total = sum(counts.get(timeout=60) for _ in writers)
    for writer in writers:
        writer.join()
    return float(total) / SECONDS


def _write(name: str, start: Any, counts: Any) -> None:
    write, streams = WRITES[name], [uuid4() for _ in range(EACH)]
    write(streams[0])
    start.wait()
    until, done = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        write(streams[done % len(streams)])
        done += 1
    counts.put(done)
    connection.close()


def _fill(events: int) -> None:
    """So many events in streams of a thousand, as `record` writes them, by COPY; they wait for the tree."""
    at, key = datetime.now(UTC), mac_key()
    with psycopg.connect(database_url(), autocommit=False) as admin:
        admin.execute("SET session_replication_role = replica")
        for _ in range(events // 1000):
            stream, digest, rows = uuid4(), GENESIS, []
            for seq in range(1, 1001):
                said = Said(uuid7(), stream, str(Tag.READ_FILE), None, MACHINE.name, None, {"entries": 20})
                body = event_body(said, seq, at)
                digest = link(digest, seq, body)
                rows.append((said.id, stream, seq, at, None, said.act, body, digest, mac(key, digest)))
            with admin.cursor() as cursor:
                with cursor.copy(
                    "COPY audit_event (id, stream, seq, at, actor_id, act, body, hash, mac) FROM STDIN"
                ) as copy:
                    for row in rows:
                        copy.write_row(row)
                cursor.execute(
                    "INSERT INTO audit_head (stream, seq, hash, mac) VALUES (%s, 1000, %s, %s)",
                    [stream, digest, head_mac(key, stream, 1000, digest)],
                )
                cursor.execute(
                    "INSERT INTO audit_waiting (stream, seq, urgent, since)"
                    " SELECT %s, n, false, now() FROM generate_series(1, 1000) n",
                    [stream],
                )


def _verifying(events: int) -> float:
    """Seconds to verify a log of this many events, all of them in the tree."""
    superuser(
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        *(f"ALTER TABLE audit_{name} DISABLE TRIGGER ALL" for name in ("leaf", "tile", "checkpoint", "cosignature")),
        "TRUNCATE audit_event, audit_head, audit_waiting, audit_leaf, audit_tile, audit_checkpoint, audit_cosignature",
    )
    _fill(events)
    while seal():
        pass
    superuser("ANALYZE audit_event, audit_head, audit_leaf, audit_waiting")
    times = []
    for _ in range(1 if events >= 200_000 else 3):
        with identity(MACHINE), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            started = time.perf_counter()
            report = verify()
            times.append(time.perf_counter() - started)
            assert (report.faults, report.events, report.waiting) == ([], events, 0)
    return min(times)

"""Events in the database: gapless under writers, never changed, and any tampering by the owner is found."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests.stage import actor, call, scene
from wellbeing.access.actor import Actor, identity
from wellbeing.audit import verify as verifying
from wellbeing.audit.models import Event, Leaf
from wellbeing.audit.record import record
from wellbeing.audit.sequencer import seal
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import verify

MACHINE = Actor.machine("verify")


def test_an_action_and_its_event_are_one_transaction(db: None) -> None:
    case = call()
    with identity(actor("zhou")):
        acts = list(Event.objects.filter(stream=case.pk).values_list("act", flat=True))
    assert acts == ["cases:call:take"]


def test_sixteen_writers_make_gapless_chains_in_one_tree_and_nobody_is_blamed(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they write, the sequencer signs and the verifier looks on, a few events at a time."""
    monkeypatch.setattr(verifying, "PORTION", 7)
    streams, done, blamed = [uuid4() for _ in range(5)], threading.Event(), []

    def write(number: int) -> None:
        for turn in range(8):
            with identity(MACHINE):
                record(stream=streams[(number + turn) % 5], act=Tag.SIGN_IN, actor=MACHINE, facts={})
        connection.close()

    def verify_again() -> None:
        while not done.is_set():
            seal()
            with identity(MACHINE):
                blamed.extend(verify().faults)
        connection.close()

    watcher = threading.Thread(target=verify_again)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in (watcher, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    seal()
    with identity(MACHINE):
        for stream in streams:
            numbers = sorted(Event.objects.filter(stream=stream).values_list("seq", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
        report = verify()
        assert (blamed, report.faults, report.waiting, report.size) == ([], [], 0, report.events)
        assert Leaf.objects.count() == report.events >= 128


def test_the_application_cannot_change_or_remove_an_event(db: None) -> None:
    call()
    seal()
    for statement in (
        "UPDATE audit_event SET act = 'x'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_leaf",
        "UPDATE audit_checkpoint SET size = 1",
        "DELETE FROM audit_tile",
    ):
        with identity(MACHINE), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


TAMPER = {
    "changed": "UPDATE audit_event SET body = replace(encode(body, 'escape'), 'red', 'blue')::bytea WHERE seq = 2",
    "changed for search": "UPDATE audit_event SET act = 'cases:case:see' WHERE seq = 2",
    "removed": "DELETE FROM audit_event WHERE seq = 2",
    "tail cut": "DELETE FROM audit_event WHERE (stream, seq) IN (SELECT stream, max(seq) FROM audit_event GROUP BY stream)",
    "tail cut with its head": "WITH t AS (SELECT stream, max(seq) AS seq FROM audit_event GROUP BY stream HAVING max(seq) > 1),"
    " d AS (DELETE FROM audit_event e USING t WHERE e.stream = t.stream AND e.seq = t.seq)"
    " UPDATE audit_head h SET seq = h.seq - 1 FROM t WHERE h.stream = t.stream",
    "inserted": "INSERT INTO audit_event SELECT gen_random_uuid(), stream, seq + 1000, at, actor_id, act, body, hash, mac"
    " FROM audit_event WHERE seq = 1",
    "swapped": "UPDATE audit_event a SET body = b.body, hash = b.hash, mac = b.mac FROM audit_event b"
    " WHERE a.stream = b.stream AND a.seq + b.seq = 5 AND a.seq IN (2, 3)",
    "moved to another case": "UPDATE audit_event SET stream = gen_random_uuid() WHERE seq = 3",
    "a whole case cut off": "WITH s AS (SELECT stream FROM audit_event WHERE act = 'cases:call:take'),"
    " h AS (DELETE FROM audit_head USING s WHERE audit_head.stream = s.stream)"
    " DELETE FROM audit_event USING s WHERE audit_event.stream = s.stream",
    "leaf taken": "DELETE FROM audit_leaf WHERE number = 1",
    "tile changed": "UPDATE audit_tile SET hashes = overlay(hashes placing '\\x00'::bytea from 5) WHERE level = 0",
    "newest checkpoint dropped": "DELETE FROM audit_checkpoint WHERE size = (SELECT max(size) FROM audit_checkpoint)",
}


@pytest.mark.parametrize("how", TAMPER)
def test_verify_audit_finds_what_the_databases_master_did(
    how: str, committed: SimpleNamespace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PORTION", 3)  # so that a small log is read in many parts as well
    scene()
    assert seal() >= 1
    call_command("verify_audit")
    assert "audit chain verified (" in capsys.readouterr().out
    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        for table in ("event", "leaf", "checkpoint"):
            master.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER append_only")
        assert master.execute(TAMPER[how]).rowcount > 0
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1
    said = capsys.readouterr().out
    assert "stream" in said or "tree at" in said

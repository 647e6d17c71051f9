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
from wellbeing.audit.models import Event
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import verify

MACHINE = Actor.machine("verify")


def test_an_action_and_its_event_are_one_transaction(db: None) -> None:
    case = call()
    with identity(actor("zhou")):
        acts = list(Event.objects.filter(stream=case.pk).values_list("act", flat=True))
    assert acts == ["cases:call:take"]


def test_eight_writers_make_one_gapless_chain(committed: SimpleNamespace) -> None:
    stream = uuid4()

    def write() -> None:
        for _ in range(10):
            with identity(MACHINE):
                record(stream=stream, act=Tag.SIGN_IN, actor=MACHINE, facts={})
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with identity(MACHINE):
        numbers = sorted(Event.objects.filter(stream=stream).values_list("seq", flat=True))
        assert numbers == list(range(1, 81))
        assert verify().faults == []


def test_the_application_cannot_change_or_remove_an_event(db: None) -> None:
    call()
    for statement in ("UPDATE audit_event SET act = 'x'", "DELETE FROM audit_event"):
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
}


@pytest.mark.parametrize("how", TAMPER)
def test_verify_audit_finds_what_the_databases_master_did(
    how: str, committed: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    scene()
    call_command("verify_audit")
    assert "audit chain verified (" in capsys.readouterr().out
    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("ALTER TABLE audit_event DISABLE TRIGGER append_only")
        assert master.execute(TAMPER[how]).rowcount > 0
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1
    assert "stream" in capsys.readouterr().out

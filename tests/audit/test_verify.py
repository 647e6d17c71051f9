"""The verifier finds what the database's master did, deed by deed, and blames no sound log."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.audit.test_record import record_in_its_own
from tests.roles import working_as
from tests.stage import actor, scene
from wellbeing.access.actor import identity
from wellbeing.audit import sequencer
from wellbeing.audit import verify as verifying
from wellbeing.audit.chain import What
from wellbeing.audit.note import Checkpoint, signed
from wellbeing.audit.proofs import newest
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.audit.sequencer import queue, seal
from wellbeing.audit.signing import signer
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.audit.verify import verify

CUT = "DELETE FROM audit_event WHERE (stream, seq) IN (SELECT stream, max(seq) FROM audit_event GROUP BY stream)"
GONE = "WITH s AS (SELECT stream FROM audit_event WHERE act = 'cases:call:take'),"
TAMPER: dict[str, tuple[set[What], str]] = {
    "changed": (
        {What.CHANGED},
        "UPDATE audit_event SET body = replace(encode(body, 'escape'), 'red', 'blue')::bytea WHERE seq = 2",
    ),
    "made to say nothing": ({What.CHANGED}, "UPDATE audit_event SET body = repeat('[', 100000)::bytea WHERE seq = 2"),
    **{
        f"changed for search: {column}": ({What.CHANGED}, f"UPDATE audit_event SET {column} WHERE seq = 2")
        for column in (
            *("act = 'cases:case:see'", "at = at + interval '1 us'", "actor_id = coalesce(actor_id, 0) + 1"),
            *("actor_id = NULL", "id = gen_random_uuid()"),
        )
    },
    "signed by nobody": ({What.UNSIGNED}, "UPDATE audit_event SET mac = sha256(mac) WHERE seq = 2"),
    "head signed by nobody": ({What.HEAD}, "UPDATE audit_head SET mac = sha256(mac)"),
    "head without a signature": ({What.HEAD}, "UPDATE audit_head SET mac = NULL"),
    "head gone": ({What.CUT}, "DELETE FROM audit_head"),
    "a last stream of all without events": (
        {What.CUT},
        f"INSERT INTO audit_head (stream, seq, hash) VALUES ('{UUID(int=(1 << 128) - 1)}', 5, '')",
    ),
    "removed": (
        {What.REMOVED, What.CHANGED, What.GONE, What.UNLIKE, What.TILE},
        "DELETE FROM audit_event WHERE seq = 2",
    ),
    "tail cut": ({What.CUT, What.GONE, What.UNLIKE, What.TILE}, CUT),
    "tail cut with its head": (
        {What.CUT, What.GONE, What.UNLIKE, What.TILE},
        f"WITH d AS ({CUT} RETURNING stream) UPDATE audit_head SET seq = seq - 1 WHERE seq > 1",
    ),
    "inserted": (
        {What.REMOVED, What.CHANGED, What.CUT, What.OUTSIDE},
        "INSERT INTO audit_event SELECT gen_random_uuid(), stream, seq + 1000, at, actor_id, act, body, hash, mac"
        " FROM audit_event WHERE seq = 1",
    ),
    "swapped": (
        {What.CHANGED, What.UNLIKE, What.TILE},
        "UPDATE audit_event a SET body = b.body, hash = b.hash, mac = b.mac FROM audit_event b"
        " WHERE a.stream = b.stream AND a.seq + b.seq = 5 AND a.seq IN (2, 3)",
    ),
    "moved to another case": (
        {What.REMOVED, What.CHANGED, What.CUT, What.OUTSIDE, What.GONE, What.UNLIKE, What.TILE},
        "UPDATE audit_event SET stream = gen_random_uuid() WHERE seq = 3",
    ),
    "a whole case cut off": (
        {What.GONE, What.UNLIKE, What.TILE},
        f"{GONE} h AS (DELETE FROM audit_head USING s WHERE audit_head.stream = s.stream)"
        " DELETE FROM audit_event USING s WHERE audit_event.stream = s.stream",
    ),
    "leaf taken": ({What.OUTSIDE, What.GONE, What.UNLIKE, What.TILE}, "DELETE FROM audit_leaf WHERE number = 1"),
    "leaf beyond the tree": (
        {What.MISPLACED, What.GONE, What.UNLIKE, What.TILE},
        "UPDATE audit_leaf SET number = 1000 WHERE number = 1",
    ),
    "leaf of before the first": (
        {What.MISPLACED, What.GONE, What.UNLIKE, What.TILE},
        "UPDATE audit_leaf SET number = -1 WHERE number = 1",
    ),
    "tile changed": (
        {What.TILE},
        "UPDATE audit_tile SET hashes = overlay(hashes placing '\\x00'::bytea from 5) WHERE level = 0",
    ),
    "tile taken": ({What.TILE}, "DELETE FROM audit_tile"),
    "newest checkpoint dropped": (
        {What.MISPLACED},
        "DELETE FROM audit_checkpoint WHERE size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    "older checkpoint dropped": (
        {What.SKIPPED},
        "DELETE FROM audit_checkpoint WHERE size = (SELECT min(size) FROM audit_checkpoint)",
    ),
    "checkpoint signed by nobody": (
        {What.FORGED, What.SKIPPED},
        "UPDATE audit_checkpoint SET note = replace(note, E'\\nno 0', E'\\nno 7')",
    ),
    "kept from the tree": ({What.OUTSIDE}, "DELETE FROM audit_waiting"),
}


def master(committed: SimpleNamespace) -> AbstractContextManager[None]:
    """The connection in the hands of who owns the whole database."""
    return working_as(committed.superuser_url)


def test_verify_finds_what_the_databases_master_did(
    committed: SimpleNamespace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each deed on the same log, which is sound before and after, read in one part and in many."""
    monkeypatch.setattr(sequencer, "PORTION", 3)  # so that there are several checkpoints
    case = scene().case
    for _ in range(5):
        record_in_its_own(case.pk)
    assert seal(portions=2) == 2 and seal() >= 1 and seal() == 0
    call_command("verify_audit")  # its own event waits for the next checkpoint
    assert "audit chain verified (" in capsys.readouterr().out
    found: dict[str, set[What]] = {}
    with master(committed), connection.cursor() as cursor:
        for how, (_wanted, statement) in TAMPER.items():
            with transaction.atomic():
                assert verify().faults == []
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(statement)
                assert cursor.rowcount > 0, how
                found[how] = {fault.what for fault in verify().faults}
                with monkeypatch.context() as patch:
                    patch.setattr(verifying, "PORTION", 3)
                    assert {fault.what for fault in verify().faults} == found[how]
                if how == "changed":  # the command says so, and what was found is remembered
                    with pytest.raises(SystemExit) as stopped:
                        call_command("verify_audit")
                    assert stopped.value.code == 1 and "changed stream" in capsys.readouterr().out
                    (last, *_older) = trail(SYSTEM_STREAM, 5, (Tag.AUDIT_VERIFIED,))
                    assert last.facts["faults"] > 0 and last.machine == "system:verify"
                transaction.set_rollback(True)
        assert found == {how: wanted for how, (wanted, _statement) in TAMPER.items()}
        with transaction.atomic():
            cursor.execute("UPDATE audit_waiting SET since = since - interval '61 s'")
            with pytest.raises(SystemExit) as stopped:
                call_command("verify_audit")
            assert stopped.value.code == 2
            transaction.set_rollback(True)
        with transaction.atomic():  # what is taken away before it has its place leaves a leaf that nothing fits
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "DELETE FROM audit_event e USING audit_waiting w WHERE w.stream = e.stream AND w.seq = e.seq"
            )
            cursor.execute(
                "UPDATE audit_head SET seq = seq - 1, hash = sha256(hash) WHERE stream = %s", [SYSTEM_STREAM]
            )
            assert seal() == 1 and What.GONE in {fault.what for fault in verify().faults}
            transaction.set_rollback(True)
        with transaction.atomic():  # checkpoints of before they had a number, and the first one with it
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SELECT size, note FROM audit_checkpoint ORDER BY size")
            for size, note in cursor.fetchall():
                body = replace(Checkpoint.of(note), number=None).body()
                cursor.execute(
                    "UPDATE audit_checkpoint SET note = %s WHERE size = %s", [signed(body, [signer().line(body)]), size]
                )
            cursor.execute("SELECT count(*) FROM audit_checkpoint")
            ((count,),) = cursor.fetchall()
            assert seal() == 1 and Checkpoint.of(newest() or "").number == count and verify().faults == []
            record_in_its_own(case.pk)
            assert seal() == 1 and Checkpoint.of(newest() or "").number == count + 1 and verify().faults == []
            transaction.set_rollback(True)
        with transaction.atomic():  # a restored copy on hold signs nothing
            cursor.execute("INSERT INTO outbox_hold (id, since, manifests, ended) VALUES (1, now(), '{}', 0)")
            assert seal() == 0 and queue().count > 0
            transaction.set_rollback(True)
        assert verify().faults == verify([case.pk]).faults == []
    with identity(actor("lin")), pytest.raises(PermissionError):
        verify()

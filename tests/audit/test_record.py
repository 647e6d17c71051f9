"""Events in the database: gapless under writers, never changed, and any tampering by the owner is found."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests.stage import actor, call, scene
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit import record as recording
from wellbeing.audit import sequencer
from wellbeing.audit import verify as verifying
from wellbeing.audit.apps import check_key
from wellbeing.audit.chain import GENESIS, What
from wellbeing.audit.models import Event, Leaf
from wellbeing.audit.note import Checkpoint, signed
from wellbeing.audit.proofs import newest
from wellbeing.audit.record import SYSTEM_STREAM, mac_key, record, user_stream
from wellbeing.audit.sequencer import Queue, as_machine, queue, seal, seal_when_due
from wellbeing.audit.signing import signer, witnesses
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.audit.verify import verify
from wellbeing.vault.named import named_key

MACHINE = Actor.machine("verify")


def test_an_action_and_its_event_are_one_transaction(db: None) -> None:
    case = call()
    with identity(actor("zhou")):
        acts = list(Event.objects.filter(stream=case.pk).values_list("act", flat=True))
    assert acts == ["cases:call:take"]


def test_sixteen_writers_make_gapless_chains_in_one_tree_and_nobody_is_blamed(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they write, the sequencer signs and the verifier looks on, a few events at a time, of streams between whose
    numbers no other has room."""
    monkeypatch.setattr(verifying, "PORTION", 7)
    first, done, blamed = uuid4().int, threading.Event(), []
    streams = [UUID(int=first + number) for number in range(5)]

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


def test_an_event_says_who_did_what_where_and_by_what(db: None) -> None:
    """The words of the format, in the order in which they were said; what is undone was not said."""
    stream, other, lin = uuid4(), uuid4(), actor("lin")
    program = lin.by_token(UUID(int=5), lin.posts[0].id)
    with identity(lin):
        record(stream=stream, act=P.FILE_READ, actor=lin, facts={"n": 1})
        with pytest.raises(ZeroDivisionError), identity(MACHINE):
            record(stream=stream, act=P.FILE_READ, actor=MACHINE, facts={"n": 2})
            raise ZeroDivisionError
        record(stream=other, act=Tag.SEARCHED, actor=program, facts={"n": 3})
        with identity(MACHINE):
            made = record(stream=stream, act=Tag.SEARCHED, actor=MACHINE, facts={"n": 4})
            assert not Event.objects.filter(stream=stream).exists()  # written last of all
    record_in_its_own(stream)
    with pytest.raises(TypeError), identity(lin):
        record(stream=stream, act=P.FILE_READ, actor=lin, facts={"words": "小渔"})
    with identity(MACHINE):
        third, second, first = trail(stream)
        (by_program,) = trail(other)
        assert [one.id for one in trail(stream, 1)] == [third.id]
        assert [one.id for one in trail(stream, 5, (Tag.SEARCHED,))] == [third.id, second.id]
        assert verify([stream, other]).faults == [] and verify([stream, other]).events == 4
        row = Event.objects.get(pk=made)
    assert (first.act, first.actor_id, first.machine, first.facts) == (P.FILE_READ, lin.id, None, {"n": 1})
    assert (second.act, second.actor_id, second.machine, second.facts) == (Tag.SEARCHED, None, MACHINE.name, {"n": 4})
    assert by_program.facts == {"n": 3, "by_token": str(UUID(int=5))} and by_program.actor_id == lin.id
    assert (second.id, second.at, row.seq, row.stream) == (made, row.at, 2, stream) and third.facts == {}
    assert json.loads(bytes(row.body)) == {
        **{"v": 1, "id": str(made), "stream": str(stream), "seq": 2, "at": row.at.isoformat(), "actor": None},
        **{"machine": MACHINE.name, "post": None, "act": Tag.SEARCHED.value, "facts": {"n": 4}},
    }
    assert mac_key() == named_key("audit")  # by this name it stands in the database
    assert user_stream(1) == uuid5(UUID("6f1a6f6e-55ab-4b8e-9e0a-6f2f3d1c7a11"), "user:1")


def test_what_is_remembered_of_a_stream_is_held_against_its_head(db: None) -> None:
    """After what was taken back, after what others wrote meanwhile, and of a stream that is not there: one chain."""
    stream, ends = uuid4(), recording._ends
    record_in_its_own(stream)
    first = ends[stream]
    with transaction.atomic():
        record_in_its_own(stream)
        transaction.set_rollback(True)
    assert ends[stream][0] == 2
    record_in_its_own(stream)  # it believes to be the third
    assert stream not in ends
    record_in_its_own(stream)
    for wrong in (first, (3, first[1]), (9, first[1]), (0, GENESIS)):
        ends[stream] = wrong
        record_in_its_own(stream)
    ends[other := uuid4()] = first
    record_in_its_own(other)
    with identity(MACHINE):
        assert [one.seq for one in trail(stream)] == [7, 6, 5, 4, 3, 2, 1] and [one.seq for one in trail(other)] == [1]
        assert verify([stream, other]).faults == []
    before = dict(ends)
    try:
        ends.update((uuid4(), first) for _ in range(recording.REMEMBERED))
        record_in_its_own(stream)
        assert list(ends) == [stream]  # what is remembered does not grow
    finally:
        ends.clear()
        ends.update(before)


def test_when_a_checkpoint_is_due_and_what_a_missing_key_stops(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    """At once for what may not wait, else after ten seconds or a thousand events; without its key nothing else stops."""
    second = timedelta(seconds=1)
    for count, urgent, age, due in (
        *((0, False, 99 * second, False), (1, False, 9 * second, False), (1, False, 10 * second, True)),
        *((999, False, second, False), (1000, False, second, True), (1, True, 0 * second, True)),
    ):
        assert Queue(count, urgent, age).due is due
    with identity(MACHINE):
        seal()
        assert queue() == Queue(0, False, timedelta(0)) and seal_when_due() == 0
    lin = actor("lin")
    with identity(lin):
        with as_machine(), connection.cursor() as cursor:
            cursor.execute("SELECT app_system()")
            assert cursor.fetchone() == (True,)
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_system()")
            assert cursor.fetchone() == (False,)
    record_in_its_own(SYSTEM_STREAM)
    with identity(MACHINE):
        assert (queue().count, queue().urgent, queue().due) == (1, False, False) and seal_when_due() == 0
    kept = settings.AUDIT_KEY_FILE
    for wrong in ("", "/nowhere"):
        settings.AUDIT_KEY_FILE = wrong
        signer.cache_clear()
        caplog.clear()
        with django_capture_on_commit_callbacks(execute=True), identity(MACHINE):
            record(stream=SYSTEM_STREAM, act=P.KEYS_ROTATE, actor=MACHINE, facts={})
        assert "no checkpoint was signed" in caplog.text and seal_when_due() == 0
    settings.AUDIT_KEY_FILE = kept
    signer.cache_clear()
    with identity(MACHINE):
        assert (queue().count, queue().urgent) == (3, True)
    with django_capture_on_commit_callbacks(execute=True), identity(MACHINE):
        record(stream=SYSTEM_STREAM, act=P.KEYS_ROTATE, actor=MACHINE, facts={})
    with django_capture_on_commit_callbacks(execute=True):
        record_in_its_own(SYSTEM_STREAM)
    with identity(MACHINE):  # what may not wait has gone at once; what may waits
        assert (queue().count, queue().urgent) == (1, False)
    with identity(MACHINE):
        record(stream=SYSTEM_STREAM, act=P.KEYS_ROTATE, actor=MACHINE, facts={})
    assert seal_when_due() == 1


def test_keys_that_cannot_be_read_are_named(settings: Any, tmp_path: Path) -> None:
    kept, path = settings.AUDIT_KEY_FILE, tmp_path / "key"
    try:
        for text in ("00" * 31, "00" * 33, "x", ""):
            path.write_text(text)
            path.chmod(0o400)
            settings.AUDIT_KEY_FILE = str(path)
            signer.cache_clear()
            with pytest.raises(ImproperlyConfigured):
                signer()
            path.chmod(0o600)
        assert check_key(None) == []
        settings.AUDIT_KEY_FILE = ""
        assert [one.id for one in check_key(None)] == ["audit.E001"]
        settings.AUDIT_WITNESSES = ["x"]
        witnesses.cache_clear()
        with pytest.raises(ImproperlyConfigured):
            witnesses()
    finally:
        settings.AUDIT_KEY_FILE, settings.AUDIT_WITNESSES = kept, []
        signer.cache_clear()
        witnesses.cache_clear()


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


@contextmanager
def master(committed: SimpleNamespace) -> Iterator[None]:
    """The connection in the hands of who owns the whole database."""
    whose, url = dict(connection.settings_dict), urlsplit(committed.superuser_url)
    connection.close()
    connection.settings_dict.update(USER=url.username, PASSWORD=url.password or "")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(whose)


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


def record_in_its_own(stream: UUID) -> None:
    """One more event of a stream, which waits for its place."""
    with identity(MACHINE):
        record(stream=stream, act=Tag.SEARCHED, actor=MACHINE, facts={})

"""Events in the database: gapless under writers, never changed, and any tampering by the owner is found."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit import record as recording
from wellbeing.audit import verify as verifying
from wellbeing.audit.chain import GENESIS
from wellbeing.audit.models import Event, Leaf
from wellbeing.audit.record import mac_key, record, user_stream
from wellbeing.audit.sequencer import seal
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


def record_in_its_own(stream: UUID) -> None:
    """One more event of a stream, which waits for its place."""
    with identity(MACHINE):
        record(stream=stream, act=Tag.SEARCHED, actor=MACHINE, facts={})

"""That every tampering is found, and no sound log blamed, is a proof: tests/proofs/logs.py."""

from __future__ import annotations

import io
import random
from types import SimpleNamespace
from uuid import uuid4

import psycopg

from tests.audit import tampering
from tests.stage import scene
from wellbeing.access.actor import Actor, identity
from wellbeing.audit import bundle
from wellbeing.audit.chain import Fault, What
from wellbeing.audit.examine import Report, examine
from wellbeing.audit.record import record
from wellbeing.audit.sequencer import seal
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import stored_notes, streams, verify

MACHINE = Actor.machine("ticker")


def test_a_stream_that_was_cut_off_whole_is_found_by_the_tree_alone() -> None:
    """Its events and its head are gone together: no chain is left that could say so."""
    log, _before = tampering.history(random.Random(7))
    tampering.cut_stream(log, random.Random(7))
    found: Report = tampering.examined(log)
    assert found.faults and all(fault.stream is None for fault in found.faults)


def test_an_event_that_is_taken_before_it_came_to_the_tree_is_found_at_once(committed: SimpleNamespace) -> None:
    """The only one of its stream, with its head: neither a chain nor the tree could say so, but the queue does, in the
    database and in the file of an auditor."""
    scene()
    while seal():
        pass
    with identity(MACHINE):
        record(stream=(lone := uuid4()), act=Tag.READ_FILE, actor=MACHINE, facts={})
    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("ALTER TABLE audit_event DISABLE TRIGGER append_only")
        for table in ("event", "head"):
            assert master.execute(f"DELETE FROM audit_{table} WHERE stream = %s", [lone]).rowcount == 1
    wanted = [Fault(lone, 1, What.GONE)]
    with identity(MACHINE):
        assert verify().faults == wanted
        file = io.StringIO()
        bundle.write(file, streams(), stored_notes())
    file.seek(0)
    notes, rows = bundle.read(file)
    assert examine(rows, notes, key=None).faults == wanted

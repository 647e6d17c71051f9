"""When a checkpoint is due, and what a missing key stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.audit.test_record import record_in_its_own
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.record import SYSTEM_STREAM, record
from wellbeing.audit.sequencer import Queue, as_machine, queue, seal, seal_when_due
from wellbeing.audit.signing import signer

MACHINE = Actor.machine("verify")


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
        assert {one.codes["why"] for one in caplog.records if hasattr(one, "codes")} == {"ImproperlyConfigured"}
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

"""Division keys: one per division whoever comes first, made beside the transaction that needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys, providers
from wellbeing.vault.models import DivisionKey

MACHINE = Actor.machine("test")


class Undone(Exception):
    """Rolls a transaction back."""


def in_thread(act: Callable[[], Any], answers: list[Any]) -> threading.Thread:
    """Run on a connection of its own; the answer or the error is kept."""

    def run() -> None:
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def stored(division: str) -> list[int]:
    with identity(MACHINE):
        return list(DivisionKey.objects.filter(division=division).values_list("pk", flat=True))


def test_two_transactions_that_first_use_the_same_divisions_in_turn_never_wait(committed: SimpleNamespace) -> None:
    """A then B beside B then A, with both transactions open all the while; and six at once on one more."""
    answers: list[Any] = []
    meet, start = threading.Barrier(2), threading.Barrier(6)

    def use(*divisions: str) -> None:
        with identity(MACHINE):
            for division in divisions:
                keys.new_key("case", uuid4(), division)
                meet.wait(timeout=60)

    def rush() -> None:
        start.wait(timeout=60)
        keys.forget()
        with identity(MACHINE):
            keys.new_key("case", uuid4(), "330923")

    for acts in ([lambda: use("330921", "330922"), lambda: use("330922", "330921")], [rush] * 6):
        for thread in [in_thread(act, answers) for act in acts]:
            thread.join()
    assert answers == [None] * 8
    assert [len(stored(division)) for division in ("330921", "330922", "330923")] == [1, 1, 1]


def test_a_division_key_outlives_the_transaction_that_needed_it_first(committed: SimpleNamespace) -> None:
    with pytest.raises(Undone), identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
        raise Undone
    first = stored("330921")
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
        assert keys._active_division("330921") == first[0]
    assert len(first) == 1


def test_a_committed_key_is_remembered_for_ten_minutes(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> int:
        """How often the table of division keys is read while a data key is made."""
        seen: list[str] = []

        def note(execute: Any, statement: str, *rest: Any) -> Any:
            seen.append(statement)
            return execute(statement, *rest)

        with identity(MACHINE), connection.execute_wrapper(note):
            keys.new_key("case", uuid4(), "330921")
        return sum("SELECT" in statement and "vault_divisionkey" in statement for statement in seen)

    begin = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin)
    asked()
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin + providers.KEEP_SECONDS - 1)
    assert asked() == 0
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin + providers.KEEP_SECONDS)
    assert asked() == 1  # the key itself; which one is active is asked on a connection of its own


def test_which_key_is_active_is_asked_again_after_ten_minutes(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a key that was replaced so long ago is used by no process any more; its next version is made where none is."""
    begin = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin)
    first = keys._active_division("330921")
    assert keys._active_division("330922") != first
    with psycopg.connect(committed.superuser_url, options="-c search_path=public,vault") as admin:
        admin.execute("UPDATE vault_divisionkey SET state = 'decrypt_only'")
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin + providers.KEEP_SECONDS - 1)
    assert keys._active_division("330921") == first
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin + providers.KEEP_SECONDS)
    second = keys._active_division("330921")
    with identity(MACHINE):
        rows = DivisionKey.objects.filter(division="330921").order_by("version").values_list("pk", "version", "state")
        assert list(rows) == [(first, 1, "decrypt_only"), (second, 2, "active")]


def test_keys_past_their_time_leave_the_process(committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin)
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
    assert len(keys._by_id) == 1
    monkeypatch.setattr(keys.time, "monotonic", lambda: begin + providers.KEEP_SECONDS)
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330922")
    assert len(keys._by_id) == 1

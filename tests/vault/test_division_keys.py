"""Division keys: one per division whoever comes first, and none remembered that was never committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys
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


def make(division: str) -> int:
    with identity(MACHINE):
        return keys._make_division(division).pk


def stored(division: str) -> list[int]:
    with identity(MACHINE):
        return list(DivisionKey.objects.filter(division=division).values_list("pk", flat=True))


def waits_for_a_lock() -> bool:
    """Whether another connection of this database waits now (within five seconds)."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot()"
            )  # a transaction sees one picture of the activity otherwise
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            )
            if cursor.fetchone() != (0,):
                return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("commits", [True, False])
def test_the_second_maker_waits_for_the_first(committed: SimpleNamespace, commits: bool) -> None:
    """Two connections in order: the second takes the first one's key, or makes its own when the first gave up."""
    answers: list[Any] = []
    first = 0
    try:
        with identity(MACHINE):
            first = keys._make_division("330921").pk
            second = in_thread(lambda: make("330921"), answers)
            assert waits_for_a_lock()
            assert answers == []
            if not commits:
                raise Undone
    except Undone:
        pass
    second.join()
    assert stored("330921") == answers
    assert (answers == [first]) is commits


def test_a_key_that_was_rolled_back_is_forgotten(committed: SimpleNamespace) -> None:
    with pytest.raises(Undone), identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
        raise Undone
    assert stored("330921") == []
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
    assert len(stored("330921")) == 1


def test_a_key_found_again_before_its_roll_back_is_forgotten_too(committed: SimpleNamespace) -> None:
    with pytest.raises(Undone), identity(MACHINE):
        for _ in range(3):
            keys.new_key("case", uuid4(), "330921")
        raise Undone
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")


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

    asked()
    asked()
    assert asked() == 0
    later = time.monotonic() + keys.CACHE_SECONDS + 1
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    assert asked() == 2  # which key is active, and the key itself


def test_keys_past_their_time_leave_the_process(committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
    assert len(keys._by_id) == 1
    later = time.monotonic() + keys.CACHE_SECONDS + 1
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330922")
    assert len(keys._by_id) == 1

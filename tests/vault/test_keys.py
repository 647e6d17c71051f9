"""The key tree: wrapped keys, one division key in a race, and keys destroyed for good."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction

from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DataKeyRow, DivisionKey
from wellbeing.vault.providers.env import EnvProvider
from wellbeing.vault.providers.file import FileProvider

MACHINE = Actor.machine("test")


def test_a_data_key_comes_back_to_whoever_sees_the_case(db: None) -> None:
    case = call()
    with identity(actor("zhou")):
        again = keys.load_key("case", case.pk)
        assert keys.id_of(bytes(case.cover)) == again.id
    with identity(actor("ye")), pytest.raises(SealError):
        keys.load_key("case", case.pk)


def test_a_wrapped_key_moved_to_another_owner_does_not_unwrap(db: None) -> None:
    with identity(MACHINE):
        key = keys.new_key("case", uuid4(), "330902")
        division = DivisionKey.objects.get(division="330902")
    wrapped = keys._wrap(division.pk, key, "case", uuid4())
    with identity(MACHINE), pytest.raises(SealError):
        keys._unwrap(key.id, wrapped, division.pk, "case", uuid4())


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_a_wrapped_key_that_is_cut_does_not_unwrap(db: None, cut: int) -> None:
    owner = uuid4()
    with identity(MACHINE):
        key = keys.new_key("case", owner, "330902")
        division = DivisionKey.objects.get(division="330902")
        wrapped = keys._wrap(division.pk, key, "case", owner)
        assert keys._unwrap(key.id, wrapped, division.pk, "case", owner) == key
        with pytest.raises(SealError):
            keys._unwrap(key.id, wrapped[:cut], division.pk, "case", owner)


def test_a_machine_writes_keys_and_reads_none(db: None) -> None:
    owner = uuid4()
    with identity(MACHINE):
        keys.new_key("case", owner, "330902")
        assert DataKeyRow.objects.count() == 0
        assert keys.destroy("case", owner) == 0
        with pytest.raises(SealError):
            keys.load_key("case", owner)


def test_nobody_writes_no_key_and_sees_no_division(db: None) -> None:
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330902")
        division = DivisionKey.objects.get(division="330902").pk
    assert DivisionKey.objects.count() == 0
    row = DataKeyRow(owner_kind="case", owner_id=uuid4(), division_key_id=division, wrapped=b"x")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        DivisionKey(division="330903", wrapped=b"x").save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault.vault_datakey SET wrapped = ''",
        "UPDATE vault.vault_divisionkey SET state = 'active'",
        "DELETE FROM vault.vault_divisionkey",
        "TRUNCATE vault.vault_datakey",
    ],
)
def test_keys_are_never_changed_by_the_application(db: None, statement: str) -> None:
    with (
        identity(MACHINE),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_destroyed_key_opens_nothing(db: None) -> None:
    case = call()
    zhou = actor("zhou")
    with identity(zhou):
        assert keys.destroy("case", case.pk) == 1
        assert keys.load_for([bytes(case.cover)]) == {}
        assert DataKeyRow.objects.filter(owner_id=case.pk).count() == 0


def test_two_first_users_of_a_division_end_up_with_one_key(committed: SimpleNamespace) -> None:
    made: list[Any] = []
    start = threading.Barrier(6)

    def first() -> None:
        try:
            start.wait()
            with identity(MACHINE):
                made.append(keys._make_division("330922").pk)
        except Exception as error:
            made.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=first) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1 and len(made) == 6


def test_the_environment_provider_is_for_development_alone(settings: Any) -> None:
    settings.DEBUG, settings.ROOT_KEY = False, "ab" * 32
    with pytest.raises(ImproperlyConfigured):
        EnvProvider()
    settings.DEBUG = True
    assert EnvProvider().unwrap("x", b"c", EnvProvider().wrap("x", b"c", b"secret")) == b"secret"


def test_the_file_provider_refuses_what_others_can_read(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "root"
    path.write_text("ab" * 32)
    settings.ROOT_KEY_FILE = str(path)
    for mode in (0o440, 0o404, 0o644):
        path.chmod(mode)
        with pytest.raises(ImproperlyConfigured, match="owner alone"):
            FileProvider()
    path.chmod(0o400)
    made = FileProvider()
    with pytest.raises(SealError):
        made.unwrap("division", b"other context", made.wrap("division", b"context", b"secret"))
    path.chmod(0o600)
    for content in (b"not hex", b"", os.urandom(32), b"\xff" * 32, b"ab" * 31, b"ab" * 33):
        path.write_bytes(content)
        with pytest.raises(ImproperlyConfigured, match="32 bytes"):
            FileProvider()
    path.write_text("ab" * 32 + "\n")
    FileProvider()
    settings.ROOT_KEY_FILE = ""
    with pytest.raises(ImproperlyConfigured, match="no readable file"):
        FileProvider()

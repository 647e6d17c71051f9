"""The key tree: wrapped keys, one division key in a race, and keys destroyed for good."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

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
    path.write_text("not hex")
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        FileProvider()
    settings.ROOT_KEY_FILE = ""
    with pytest.raises(ImproperlyConfigured, match="no readable file"):
        FileProvider()

"""The root key in its three places: versions side by side, and nothing unwraps where it was not wrapped."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pkcs11
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pkcs11 import Attribute

from tests.api.stage import program
from tests.stage import signed_in
from tests.vault import softhsm
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Unavailable
from wellbeing.vault import keys, named, providers
from wellbeing.vault.blind_index import index
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DivisionKey
from wellbeing.vault.providers import Provider, provider
from wellbeing.vault.providers import pkcs11 as hardware
from wellbeing.vault.providers.env import EnvProvider
from wellbeing.vault.providers.file import FileProvider
from wellbeing.vault.providers.pkcs11 import Pkcs11Provider


def root_file(settings: Any, folder: Path, text: str, mode: int = 0o400) -> None:
    path = folder / "root"
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(mode)
    settings.ROOT_KEY_FILE = str(path)


def keeps_its_word(made: Provider) -> None:
    """What every provider owes: the newest wraps, and purpose, context, version and every byte are bound."""
    version, wrapped = made.wrap("division", b"context", b"secret" * 5)
    assert version == max(made.versions) and b"secret" not in wrapped
    assert made.unwrap("division", b"context", wrapped, version) == b"secret" * 5
    assert made.wrap("division", b"context", b"secret" * 5)[1] != wrapped
    changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for purpose, context, blob, number in (
        ("named", b"context", wrapped, version),
        ("division", b"contexT", wrapped, version),
        ("divisionc", b"ontext", wrapped, version),
        ("division", b"context", changed, version),
        ("division", b"context", wrapped[:20], version),
        ("division", b"context", b"", version),
        ("division", b"context", wrapped, version + 1),
    ):
        with pytest.raises(SealError):
            made.unwrap(purpose, context, blob, number)


def test_the_environment_provider_is_for_development_alone(settings: Any) -> None:
    settings.DEBUG, settings.ROOT_KEY = False, "ab" * 32
    with pytest.raises(ImproperlyConfigured):
        EnvProvider()
    settings.DEBUG = True
    keeps_its_word(EnvProvider())


def test_the_file_provider_refuses_what_others_can_read_and_what_is_no_key(settings: Any, tmp_path: Path) -> None:
    for mode in (0o440, 0o404, 0o644):
        root_file(settings, tmp_path, "ab" * 32, mode)
        with pytest.raises(ImproperlyConfigured, match="owner alone"):
            FileProvider()
    two = f"{'ab' * 32}\n2:02:{'cd' * 32}"
    bad = ("not hex", "", "ab" * 31, "ab" * 33, f"{two}\n2:01:{'ef' * 32}", f"3:09:{'ab' * 32}", f"0:01:{'ab' * 32}")
    for text in bad:
        root_file(settings, tmp_path, text)
        with pytest.raises(ImproperlyConfigured, match="32 bytes"):
            FileProvider()
    for blob in (os.urandom(32), b"\xff" * 32):
        (tmp_path / "root").chmod(0o600)
        (tmp_path / "root").write_bytes(blob)
        with pytest.raises(ImproperlyConfigured, match="32 bytes"):
            FileProvider()
    for text in ("ab" * 32 + "\n", two, f"2:02:{'cd' * 32}"):
        root_file(settings, tmp_path, text)
        keeps_its_word(FileProvider())
    settings.ROOT_KEY_FILE = ""
    with pytest.raises(ImproperlyConfigured, match="no readable file"):
        FileProvider()


def test_a_version_reads_what_it_wrapped_while_the_newest_writes(settings: Any, tmp_path: Path) -> None:
    root_file(settings, tmp_path, "ab" * 32)
    first, wrapped = provider().wrap("division", b"c", b"one")
    root_file(settings, tmp_path, f"{'ab' * 32}\n2:02:{'cd' * 32}")
    assert provider().wrap("division", b"c", b"two")[0] == first == 1  # what was read is kept for a while
    second, later = provider(holding=2).wrap("division", b"c", b"two")  # unless a version is missing
    assert (second, provider().unwrap("division", b"c", wrapped, 1)) == (2, b"one")
    assert provider().unwrap("division", b"c", later, 2) == b"two"
    (tmp_path / "root").unlink()
    assert set(provider(holding=3).versions) == {1, 2}  # a file that is gone stops nobody who has read it
    providers.forget()
    with pytest.raises(ImproperlyConfigured):
        provider()


def test_a_module_of_hardware_keeps_the_root_key(
    settings: Any, tmp_path: Path, committed: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A real PKCS#11 module: keys are made inside, cannot be read out, and the whole tree hangs on them."""
    softhsm.token(tmp_path, settings)
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.pkcs11.Pkcs11Provider"
    with pytest.raises(ImproperlyConfigured, match="no root key"):
        Pkcs11Provider()
    for label in ("1", "wellbeing-root-x", "other-1"):  # keys of somebody else in the same token
        hardware._session().generate_key(pkcs11.KeyType.AES, 256, label=label, store=True)
    with pytest.raises(ImproperlyConfigured, match="no root key"):
        Pkcs11Provider()
    call_command("make_root_key")
    keeps_its_word(Pkcs11Provider())
    assert dict(Pkcs11Provider().versions) == {1: "AES-256-GCM in the module"}
    owner = uuid4()
    with identity(Actor.machine("test")):
        key = keys.new_key("case", owner, "330921")
    mark = index("phone", "2912345", period="2026Q4")
    call_command("make_root_key")
    assert "version 2" in capsys.readouterr().out
    keys.forget()
    keeps_its_word(Pkcs11Provider())
    assert index("phone", "2912345", period="2026Q4") == mark
    with identity(Actor.machine("test")):
        row = DivisionKey.objects.get(division="330921")
        assert (row.root_version, max(provider().versions)) == (1, 2)
        assert len(keys.wrap(row.pk, key, "case", owner)) == 60  # the division key came back out of the module
    (held,) = hardware._session().get_objects({Attribute.LABEL: "wellbeing-root-1"})
    with pytest.raises(pkcs11.PKCS11Error):
        held[Attribute.VALUE]
    assert held[Attribute.SENSITIVE] and held[Attribute.PRIVATE] and not held[Attribute.EXTRACTABLE]
    assert held.key_length == 256
    hardware._sessions.popitem()[1][1].close()
    assert set(Pkcs11Provider().versions) == {1, 2}, "they are the token's, not a session's"
    where, (_pid, old) = hardware._sessions.popitem()
    hardware._sessions[where] = (os.getpid() + 1, old)  # as in a process that was forked
    keeps_its_word(Pkcs11Provider())
    assert hardware._sessions[where][0] == os.getpid() and hardware._session() is not old
    (tmp_path / "pin").chmod(0o600)
    (tmp_path / "pin").write_text("wrong")
    providers.forget()
    hardware._sessions.popitem()[1][1].close()
    with pytest.raises(ImproperlyConfigured, match="does not open") as refused:
        provider()
    assert "wrong" not in str(refused.value)
    (tmp_path / "pin").unlink()
    with pytest.raises(ImproperlyConfigured, match="does not open"):
        provider()


def test_a_token_that_is_away_is_an_outage_and_no_forgery_and_it_is_found_again(settings: Any, tmp_path: Path) -> None:
    """Pulled out under the running system: nothing says that a key is foreign, and nobody starts anything again."""
    softhsm.token(tmp_path, settings)
    hardware.make_next()
    made = Pkcs11Provider()
    version, wrapped = made.wrap("division", b"context", b"secret")
    tokens, away = tmp_path / "tokens", tmp_path / "away"
    tokens.rename(away)
    for _still in range(2):
        with pytest.raises(Unavailable):
            made.unwrap("division", b"context", wrapped, version)
        with pytest.raises(Unavailable):
            made.wrap("division", b"context", b"secret")
    with pytest.raises(ImproperlyConfigured):
        Pkcs11Provider()
    away.rename(tokens)
    assert made.unwrap("division", b"context", wrapped, version) == b"secret"
    keeps_its_word(made)
    for ends in (made.unwrap, made.wrap):  # the module ends the session, as after its own restart
        hardware._session().close()
        given = (b"context", wrapped, version) if ends == made.unwrap else (b"context", b"secret")
        assert ends("division", *given)
    hardware._session().close()
    keeps_its_word(Pkcs11Provider())
    with pytest.raises(SealError):  # and what is not ours is still said to be so
        made.unwrap("division", b"other", wrapped, version)


def test_while_the_token_is_away_every_door_says_that_it_is(
    settings: Any, tmp_path: Path, committed: SimpleNamespace
) -> None:
    """Whose a session or a token is hangs on a sealed post, and signing in counts under a key: 503, and work on paper."""
    zhou, visitor, outside = signed_in("zhou"), Client(HTTP_HOST="127.0.0.1"), program("zhou")
    softhsm.token(tmp_path, settings)
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.pkcs11.Pkcs11Provider"
    hardware.make_next()
    assert provider().versions
    (tmp_path / "tokens").rename(tmp_path / "away")
    named.forget()  # as ten minutes later
    for answer in (
        zhou.get(reverse("board")),
        visitor.post(reverse("sign_in"), {"username": "zhou", "password": "x"}),
    ):
        assert answer.status_code == 503 and "请先用纸质表单" in answer.content.decode()
    refused = outside.get("cases")
    assert refused.status_code == 503 and refused["Content-Type"] == "application/problem+json"


def test_a_key_stays_in_a_process_for_ten_minutes_and_no_longer(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: begin)
    with identity(Actor.machine("test")):
        keys.new_key("case", uuid4(), "330902")
    mark = named.named_key("index/phone/1", "2026Q1")
    with identity(Actor.machine("test")):
        assert named.destroy_before("index/phone/1", "2026Q2") == 1
    kept = (*keys._by_id.values(), *keys._active.values(), *named._held.values())
    assert len(kept) >= 3 and {until for until, _held in kept} == {begin + 600}
    held = provider()
    monkeypatch.setattr(time, "monotonic", lambda: begin + 599)
    assert provider() is held and named.named_key("index/phone/1", "2026Q1") == mark
    monkeypatch.setattr(time, "monotonic", lambda: begin + 600)
    assert provider() is not held and named.named_key("index/phone/1", "2026Q1") != mark

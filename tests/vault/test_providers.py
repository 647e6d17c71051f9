"""The root key in its three places: versions side by side, and nothing unwraps where it was not wrapped."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pkcs11
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pkcs11 import Attribute

from tests.vault import softhsm
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Unavailable
from wellbeing.local.processes import end, free_port, spawn, wait_until
from wellbeing.vault import keys, named, providers
from wellbeing.vault.blind_index import index
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DivisionKey
from wellbeing.vault.providers import Provider, provider
from wellbeing.vault.providers import pkcs11 as hardware
from wellbeing.vault.providers.env import EnvProvider
from wellbeing.vault.providers.file import FileProvider
from wellbeing.vault.providers.pkcs11 import Pkcs11Provider
from wellbeing.vault.providers.transit import TransitProvider, _line


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
    for held in hardware._session().get_objects({Attribute.LABEL: "wellbeing-root-1"}):
        with pytest.raises(pkcs11.PKCS11Error):
            held[Attribute.VALUE]
        assert held[Attribute.SENSITIVE] and held[Attribute.PRIVATE] and not held[Attribute.EXTRACTABLE]
        assert held.key_length == 256
    (tmp_path / "pin").chmod(0o600)
    (tmp_path / "pin").write_text("wrong")
    providers.forget()
    hardware._sessions.popitem()[1][1].close()
    with pytest.raises(ImproperlyConfigured, match="does not open") as refused:
        provider()
    assert "wrong" not in str(refused.value)


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
    monkeypatch.setattr(time, "monotonic", lambda: begin + 601)
    assert provider() is not held and named.named_key("index/phone/1", "2026Q1") != mark


def test_a_key_service_is_asked_by_https_or_beside_us(settings: Any) -> None:
    settings.TRANSIT_CA_FILE = ""
    for address, where in {
        "http://127.0.0.1:9": (HTTPConnection, "127.0.0.1", 9),
        "http://localhost": (HTTPConnection, "localhost", 8200),
        "http://[::1]:9": (HTTPConnection, "::1", 9),
        "https://bao.example": (HTTPSConnection, "bao.example", 8200),
        "https://bao.example:9": (HTTPSConnection, "bao.example", 9),
    }.items():
        settings.TRANSIT_ADDRESS = address
        line = _line()
        assert (type(line), line.host, line.port, line.timeout) == (*where, 5)
    for address in ("http://bao.example", "http://127.0.0.2", "ftp://127.0.0.1", "https://", "http://", "", "bao"):
        settings.TRANSIT_ADDRESS = address
        with pytest.raises(ImproperlyConfigured, match="https, or http on the loopback"):
            _line()


@pytest.fixture
def transit(settings: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A Transit engine on the loopback, to which the settings lead: `.does(path, **given)`, `.end()`."""
    port, log, token = free_port(), tmp_path / "transit.log", tmp_path / "token"
    process = spawn([sys.executable, "-m", "tests.vault.transit", str(port), "s.right"], log=log)
    token.write_text("s.right\n")
    token.chmod(0o400)
    settings.TRANSIT_ADDRESS, settings.TRANSIT_TOKEN_FILE = f"http://127.0.0.1:{port}", str(token)
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.transit.TransitProvider"

    def does(path: str, **given: Any) -> int:
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        asks = {"X-Vault-Token": "s.right", "X-Vault-Request": "true"}
        line.request("POST", f"/v1/transit/keys/{path}", json.dumps(given), asks)
        return line.getresponse().status

    def answers() -> bool:
        try:
            return does("wellbeing-root") == 204
        except OSError:
            return False

    wait_until(answers, process, seconds=120, what="transit", log=log)
    yield SimpleNamespace(does=does, token=token, end=lambda: end(process))
    end(process)


def test_a_key_service_keeps_the_root_key(transit: SimpleNamespace, committed: SimpleNamespace, settings: Any) -> None:
    """The engine's own interface over HTTP: versions, rotation, a token that changes, an engine that goes away."""
    first = TransitProvider()
    keeps_its_word(first)
    assert dict(first.versions) == {1: "AES-256-GCM in Transit"}
    owner = uuid4()
    with identity(Actor.machine("test")):
        key = keys.new_key("case", owner, "330921")
    _version, old = first.wrap("division", b"c", b"one")
    assert transit.does("wellbeing-root/rotate") == 204
    assert first.wrap("division", b"c", b"one")[0] == 1  # a process that knows of one version names no other
    keys.forget()
    second = provider()
    keeps_its_word(second)
    assert (set(second.versions), second.wrap("division", b"c", b"two")[0]) == ({1, 2}, 2)
    assert second.unwrap("division", b"c", old, 1) == b"one"
    with identity(Actor.machine("test")):
        row = DivisionKey.objects.get(division="330921")
        assert (row.root_version, len(keys.wrap(row.pk, key, "case", owner))) == (1, 60)

    # a token that was replaced is read anew; one that is wrong opens nothing, and does not look like a foreign key
    transit.token.chmod(0o600)
    transit.token.write_text("s.wrong")
    assert second.unwrap("division", b"c", old, 1) == b"one"
    other = TransitProvider.__new__(TransitProvider)
    other._token, other._versions = "s.older", {1: ""}
    with pytest.raises(Unavailable):
        other.unwrap("division", b"c", old, 1)
    with pytest.raises(ImproperlyConfigured, match="does not show"):
        TransitProvider()
    transit.token.write_text("s.right")
    assert other.unwrap("division", b"c", old, 1) == b"one"

    assert transit.does("wellbeing-root/config", min_decryption_version=2) == 204
    assert set(TransitProvider().versions) == {2}
    with pytest.raises(SealError):  # retired for good
        second.unwrap("division", b"c", old, 1)
    for name, given in {"e": {"exportable": True}, "b": {"allow_plaintext_backup": True}, "r": {"type": "rsa-4096"}, "d": {"derived": True}}.items():  # fmt: skip
        settings.TRANSIT_KEY = name
        assert transit.does(name, **given) == 204
        with pytest.raises(ImproperlyConfigured, match="Transit key"):
            TransitProvider()
    settings.TRANSIT_KEY = "old"
    assert transit.does("old", old=True) == 204
    with pytest.raises(ImproperlyConfigured, match="too old"):
        TransitProvider()
    settings.TRANSIT_KEY = "wellbeing-root"

    _version, sealed = second.wrap("division", b"c", b"two")
    assert second.unwrap("division", b"c", sealed, 2) == b"two"
    for ill in ("down", "garbled", "empty"):  # what is said with a fault is no answer, whatever stands in it
        transit.does("wellbeing-root/config", ill=ill)
        with pytest.raises(Unavailable):
            second.unwrap("division", b"c", sealed, 2)
        with pytest.raises(Unavailable):
            second.wrap("division", b"c", b"two")
    transit.end()
    with pytest.raises(Unavailable):
        second.unwrap("division", b"c", old, 1)
    with pytest.raises(Unavailable):
        second.wrap("division", b"c", b"x")
    with pytest.raises(ImproperlyConfigured, match="does not answer"):
        TransitProvider()
    settings.TRANSIT_ADDRESS = "http://bao.example:8200"
    with pytest.raises(ImproperlyConfigured, match="https"):
        TransitProvider()

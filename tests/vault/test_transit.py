"""The root key in a key service: the engine's own interface over HTTP, asked by https or beside us."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.vault.test_providers import keeps_its_word
from tests.vault.transit import ILL
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Unavailable
from wellbeing.local.processes import end, free_port, spawn, wait_until
from wellbeing.vault import keys
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DivisionKey
from wellbeing.vault.providers import provider
from wellbeing.vault.providers.transit import TransitProvider, _line


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
    for asks in (lambda: other.unwrap("division", b"c", old, 1), lambda: other.wrap("division", b"c", b"one")):
        with pytest.raises(Unavailable):
            asks()
    with pytest.raises(ImproperlyConfigured, match="does not show"):
        TransitProvider()
    other._token = "s.older"
    transit.token.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="of TRANSIT_TOKEN_FILE must be"):
        other.unwrap("division", b"c", old, 1)
    transit.token.chmod(0o600)
    transit.token.write_text("s.right")
    assert other.unwrap("division", b"c", old, 1) == b"one"

    assert transit.does("wellbeing-root/config", min_decryption_version=0) == 204
    assert set(TransitProvider().versions) == {1, 2}
    assert transit.does("wellbeing-root/config", min_decryption_version=2) == 204
    assert set(TransitProvider().versions) == {2}
    with pytest.raises(SealError):  # retired for good
        second.unwrap("division", b"c", old, 1)
    for name, given in {"e": {"exportable": True}, "b": {"allow_plaintext_backup": True}, "r": {"type": "rsa-4096"}, "d": {"derived": True}}.items():  # fmt: skip
        settings.TRANSIT_KEY = name
        assert transit.does(name, **given) == 204
        with pytest.raises(ImproperlyConfigured, match="Transit key"):
            TransitProvider()
    for kind, name in (("chacha20-poly1305", "ChaCha20-Poly1305"), ("xchacha20-poly1305", "XChaCha20-Poly1305")):
        settings.TRANSIT_KEY = kind
        assert transit.does(kind, type=kind) == 204
        assert dict(TransitProvider().versions) == {1: f"{name} in Transit"}
    settings.TRANSIT_KEY = "old"
    assert transit.does("old", old=True) == 204
    with pytest.raises(ImproperlyConfigured, match="too old"):
        TransitProvider()
    settings.TRANSIT_KEY = "wellbeing-root"

    _version, sealed = second.wrap("division", b"c", b"two")
    assert second.unwrap("division", b"c", sealed, 2) == b"two"
    for ill in ("down", "rude", *ILL):  # what is said with a fault is no answer, whatever stands in it
        transit.does("wellbeing-root/config", ill=ill)
        with pytest.raises(Unavailable):
            second.unwrap("division", b"c", sealed, 2)
        with pytest.raises(Unavailable):
            second.wrap("division", b"c", b"two")
        with pytest.raises(ImproperlyConfigured, match="The Transit engine does not"):
            TransitProvider()
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

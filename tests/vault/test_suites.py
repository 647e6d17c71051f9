"""Primitives against published vectors, and a start-up that refuses when one is wrong."""

from __future__ import annotations

import hmac
import os
import re
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.vault import envelope, selftest, suites
from wellbeing.vault.suites import hkdf_sha256


def blocks(name: str) -> list[dict[str, str]]:
    """The records of a vector file: `KEY = value` lines; each record begins with its count (blank lines may be inside)."""
    with cryptography_vectors.open_vector_file(name, "r") as file:
        text = file.read().replace("\r\n", "\n")
    found = []
    for block in re.split(r"(?im)^count *=", text)[1:]:
        pairs = (line.split("=", 1) for line in block.splitlines() if "=" in line and not line.startswith(("#", "[")))
        record = {key.strip(): value.strip() for key, value in pairs}
        if record:
            found.append(record)
    return found


def test_hkdf_agrees_with_rfc_5869() -> None:
    vectors = [v for v in blocks(os.path.join("KDF", "rfc-5869-HKDF-SHA256.txt")) if "OKM" in v]
    assert len(vectors) == 3
    for v in vectors:
        out = hkdf_sha256(*(bytes.fromhex(v[name]) for name in ("IKM", "salt", "info")), int(v["L"]))
        assert out.hex() == v["OKM"]


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=32), st.binary(max_size=32), st.integers(1, 128))
def test_hkdf_agrees_with_its_text(secret: bytes, salt: bytes, info: bytes, length: int) -> None:
    """RFC 5869, 2.2 and 2.3, step by step with the standard library's HMAC."""
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    block, out, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out, counter = out + block, counter + 1
    assert hkdf_sha256(secret, salt, info, length) == out[:length]


def test_aes_gcm_agrees_with_nist() -> None:
    tried = 0
    for v in blocks(os.path.join("ciphers", "AES", "GCM", "gcmEncryptExtIV256.rsp")):
        if {"Key", "IV", "PT", "AAD", "CT", "Tag"} <= set(v) and len(v["IV"]) == 24 and len(v["Tag"]) == 32:
            parts = {name: bytes.fromhex(v[name]) for name in ("Key", "IV", "PT", "AAD")}
            sealed = AESGCM(parts["Key"]).encrypt(parts["IV"], parts["PT"], parts["AAD"])
            assert sealed.hex() == v["CT"] + v["Tag"]
            tried += 1
    assert tried > 100


def test_aes_gcm_refuses_what_nist_says_must_fail() -> None:
    """NIST's decryption vectors, through the suite itself: the good ones open, the altered ones raise SealError."""
    opened = refused = 0
    suite = suites.suite(1)
    for record in decryption_vectors():
        parts = {name: bytes.fromhex(record[name]) for name in ("Key", "IV", "CT", "AAD", "Tag")}
        keys = suites.MessageKeys(parts["Key"], parts["IV"], b"")
        if "PT" in record:
            assert suite.decrypt(keys, parts["CT"] + parts["Tag"], parts["AAD"]).hex() == record["PT"]
            opened += 1
        else:
            with pytest.raises(suites.SealError):
                suite.decrypt(keys, parts["CT"] + parts["Tag"], parts["AAD"])
            refused += 1
    assert opened > 100 and refused > 100


def decryption_vectors() -> list[dict[str, str]]:
    """Those with a nonce of 96 bits and a whole tag; a record that must fail has no PT."""
    found = blocks(os.path.join("ciphers", "AES", "GCM", "gcmDecrypt256.rsp"))
    return [v for v in found if len(v.get("IV", "")) == 24 and len(v.get("Tag", "")) == 32]


def test_the_suite_hides_the_library_error_and_the_keys() -> None:
    keys = suites.suite(1).derive(bytes(32), bytes(24))
    with pytest.raises(suites.SealError) as caught:
        suites.suite(1).decrypt(keys, bytes(48), b"")
    assert caught.value.__suppress_context__ and isinstance(caught.value.__context__, InvalidTag)
    assert repr(keys.key)[2:-1] not in repr(keys)
    assert keys.key.hex() not in repr(keys)


def test_the_self_test_passes() -> None:
    selftest.run()


class Deaf:
    """Planted: an AES-GCM that does not hear the additional data."""

    def __init__(self, key: bytes) -> None:
        self.real = AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self.real.encrypt(nonce, data, None)

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self.real.decrypt(nonce, data, None)


def open_anything(*_: Any) -> bytes:
    return selftest.WORDS


PLANTED = {
    "HKDF": (selftest, "hkdf_sha256", lambda *given: suites.hkdf_sha256(*given)[::-1]),
    "AES-256-GCM": (selftest, "AESGCM", Deaf),
    "a stored envelope": (suites, "AESGCM", Deaf),
    "an envelope failed": (selftest, "seal", lambda *given: selftest.STORED[:-1]),
    "envelope integrity": (selftest, "unseal", open_anything),
    "envelope commitment": (envelope.hmac, "compare_digest", lambda *given: True),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_self_test_stops_a_start(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check catches the failure that it is there for, and the application does not start."""
    monkeypatch.setattr(*PLANTED[what])
    with pytest.raises(ImproperlyConfigured, match=what):
        apps.get_app_config("vault").ready()

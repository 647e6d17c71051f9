"""Primitives against published vectors, and a start-up that refuses when one is wrong."""

from __future__ import annotations

import os

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.vault import selftest, suites
from wellbeing.vault.suites import hkdf_sha256


def blocks(name: str) -> list[dict[str, str]]:
    """The records of a vector file: `KEY = value` lines, records apart by a blank line."""
    with cryptography_vectors.open_vector_file(name, "r") as file:
        text = file.read().replace("\r\n", "\n")
    found = []
    for block in text.split("\n\n"):
        pairs = (line.split("=", 1) for line in block.splitlines() if "=" in line and not line.startswith(("#", "[")))
        record = {key.strip(): value.strip() for key, value in pairs}
        if record:
            found.append(record)
    return found


def test_hkdf_agrees_with_rfc_5869() -> None:
    vectors = [v for v in blocks(os.path.join("KDF", "rfc-5869-HKDF-SHA256.txt")) if "OKM" in v]
    assert len(vectors) >= 3
    for v in vectors:
        out = hkdf_sha256(*(bytes.fromhex(v[name]) for name in ("IKM", "salt", "info")), int(v["L"]))
        assert out.hex() == v["OKM"]


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=32), st.binary(max_size=32), st.integers(1, 128))
def test_hkdf_agrees_with_the_library(secret: bytes, salt: bytes, info: bytes, length: int) -> None:
    library = HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info)
    assert hkdf_sha256(secret, salt, info, length) == library.derive(secret)


def test_aes_gcm_agrees_with_nist() -> None:
    tried = 0
    for v in blocks(os.path.join("ciphers", "AES", "GCM", "gcmEncryptExtIV256.rsp")):
        if {"Key", "IV", "PT", "AAD", "CT", "Tag"} <= set(v) and len(v["IV"]) == 24 and len(v["Tag"]) == 32:
            parts = {name: bytes.fromhex(v[name]) for name in ("Key", "IV", "PT", "AAD")}
            sealed = AESGCM(parts["Key"]).encrypt(parts["IV"], parts["PT"], parts["AAD"])
            assert sealed.hex() == v["CT"] + v["Tag"]
            tried += 1
    assert tried > 100


def test_the_self_test_passes() -> None:
    selftest.run()


def test_the_self_test_stops_a_start_with_a_wrong_primitive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "hkdf_sha256", lambda *given: suites.hkdf_sha256(*given)[::-1])
    with pytest.raises(ImproperlyConfigured, match="HKDF"):
        selftest.run()

"""Primitives against published vectors, and a start-up that refuses when one is wrong."""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
import random
import re
from dataclasses import replace
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.vault import envelope, selftest, suites
from wellbeing.vault.suites import SM4GCM, hkdf_sha256


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
    assert hkdf_sha256(secret, salt, info, length) == out[:length] == suites.AES.hkdf(secret, salt, info, length)


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=32), st.binary(max_size=32), st.integers(1, 128))
def test_hkdf_over_sm3_agrees_with_its_text(secret: bytes, salt: bytes, info: bytes, length: int) -> None:
    """The same steps over GB/T 32905, by the hash of another library."""
    sm3 = functools.partial(hashlib.new, "sm3")
    assert sm3(b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    prk = hmac.new(salt or bytes(32), secret, sm3).digest()
    block, out, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), sm3).digest()
        out, counter = out + block, counter + 1
    assert suites.SM.hkdf(secret, salt, info, length) == out[:length]


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


def test_a_suite_is_found_by_the_byte_that_envelopes_and_root_keys_carry() -> None:
    """And the inventory, which auditors read, calls it by its algorithms."""
    known = [(1, "AES-256-GCM, HKDF-SHA256", 32), (2, "SM4-GCM, HKDF-SM3", 16)]
    assert [(one.code, one.name, one.key_size) for one in map(suites.suite, (1, 2))] == known
    for code in (0, 3, 255):
        with pytest.raises(suites.SealError):
            suites.suite(code)


def test_the_self_test_passes() -> None:
    selftest.run()


class Deaf:
    """Planted: a cipher that does not hear the additional data."""

    def __init__(self, key: bytes) -> None:
        self.real = (AESGCM if len(key) == 32 else SM4GCM)(key)

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self.real.encrypt(nonce, data, b"")

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self.real.decrypt(nonce, data, b"")


def open_anything(*_: Any) -> bytes:
    return selftest.WORDS


def with_suite(code: int, **changed: Any) -> Any:
    return lambda patch: patch.setitem(suites.SUITES, code, replace(suites.SUITES[code], **changed))


def instead(module: Any, name: str, value: Any) -> Any:
    return lambda patch: patch.setattr(module, name, value)


class Tagless(Deaf):
    """Planted: a cipher that compares no tag."""

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self.real.encrypt(nonce, data, aad)

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        hidden = data[:-16]
        return bytes(a ^ b for a, b in zip(hidden, self.encrypt(nonce, bytes(len(hidden)), aad), strict=False))


class Missing:
    """Planted: a cipher that the library was built without."""

    def __init__(self, key: bytes) -> None:
        raise UnsupportedAlgorithm("SM4")


PLANTED = {
    "HKDF-SHA256": with_suite(1, hash=SM3()),
    "HKDF-SM3": with_suite(2, hash=SHA256()),
    "AES-256-GCM": with_suite(1, cipher=Deaf),
    "SM4-GCM": with_suite(2, cipher=Deaf),
    "SM4-GCM ": with_suite(2, cipher=Missing),
    "an envelope": instead(selftest, "seal", lambda *given: selftest.KNOWN[1].stored[:-1]),
    "envelope integrity": with_suite(1, cipher=Tagless),
    "envelope integrity ": instead(selftest, "unseal", open_anything),
    "envelope commitment": instead(envelope.hmac, "compare_digest", lambda *given: True),
    "a stored envelope": instead(envelope.Place, "bytes", lambda place: b""),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_self_test_stops_a_start(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check catches the failure that it is there for, and the application does not start."""
    PLANTED[what](monkeypatch)
    with pytest.raises(ImproperlyConfigured, match=f" of {what.strip()} failed"):
        apps.get_app_config("vault").ready()


def test_sm4_agrees_with_its_standard_and_with_the_construction_of_gcm() -> None:
    """The published vectors of the block cipher, and GCM built from it step by step: CTR, and GHASH in GF(2^128)."""
    vectors = blocks(os.path.join("ciphers", "SM4", "draft-ribose-cfrg-sm4-10-ecb.txt"))
    assert len(vectors) >= 2
    for v in vectors:
        key, text = (bytes.fromhex(v[name]) for name in ("KEY", "PLAINTEXT"))
        assert ecb(key, text).hex() == v["CIPHERTEXT"].lower()
    chance = random.Random(2912345)
    for size in (0, 1, 15, 16, 17, 100):
        key, nonce, text, aad = (chance.randbytes(n) for n in (16, 12, size, size // 2))
        sealed = SM4GCM(key).encrypt(nonce, text, aad)
        assert sealed == gcm(key, nonce, text, aad)
        assert SM4GCM(key).decrypt(nonce, sealed, aad) == text
        for at in range(len(sealed)):
            with pytest.raises(InvalidTag):
                SM4GCM(key).decrypt(nonce, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], aad)
        with pytest.raises(InvalidTag):
            SM4GCM(key).decrypt(nonce, sealed[:15], aad)


def test_the_stream_that_we_wrap_does_hand_out_bytes_before_the_tag() -> None:
    """Positive control: this is why SM4GCM gives nothing away before `finalize`."""
    key, nonce = bytes(16), bytes(12)
    sealed = SM4GCM(key).encrypt(nonce, b"words", b"")
    stream = Cipher(SM4(key), modes.GCM(nonce, bytes(16))).decryptor()
    assert stream.update(sealed[:-16]) == b"words"
    with pytest.raises(InvalidTag):
        stream.finalize()


def ecb(key: bytes, text: bytes) -> bytes:
    return Cipher(SM4(key), modes.ECB()).encryptor().update(text)


def gcm(key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    """NIST SP 800-38D over SM4, from its text."""

    def times(x: int, y: int) -> int:
        z = 0
        for bit in range(127, -1, -1):
            z ^= x if y >> bit & 1 else 0
            x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
        return z

    blocks_needed = -(-len(text) // 16)
    pad = b"".join(ecb(key, nonce + n.to_bytes(4, "big")) for n in range(2, 2 + blocks_needed))
    hidden = bytes(a ^ b for a, b in zip(text, pad, strict=False))
    mac, by = 0, int.from_bytes(ecb(key, bytes(16)), "big")
    padded = b"".join(part + bytes(-len(part) % 16) for part in (aad, hidden))
    for at in range(0, len(padded), 16):
        mac = times(mac ^ int.from_bytes(padded[at : at + 16], "big"), by)
    mac = times(mac ^ (len(aad) * 8 << 64 | len(hidden) * 8), by)
    first = int.from_bytes(ecb(key, nonce + (1).to_bytes(4, "big")), "big")
    return hidden + (mac ^ first).to_bytes(16, "big")

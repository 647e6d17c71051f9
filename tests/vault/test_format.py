"""Envelopes against a reader and a writer made from the text of the format alone (standard HMAC, the library's GCM)."""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.vault import envelope as envelope_module
from wellbeing.vault import selftest
from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal

places = st.builds(
    Place,
    st.text(max_size=40),
    st.uuids(),
    st.text(max_size=20),
    st.from_regex(r"3309\d\d", fullmatch=True),
    st.integers(1, 99),
)
data_keys = st.builds(DataKey, st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32), st.sampled_from([1, 2]))
FORMS: dict[int, tuple[Any, int, Any]] = {  # by the suite's byte: hash, size of the cipher's key, cipher
    1: ("sha256", 32, algorithms.AES),
    2: (functools.partial(hashlib.new, "sm3"), 16, algorithms.SM4),
}


def parts(key: DataKey, salt: bytes, place: Place, version: int = 1) -> tuple[Any, bytes, bytes, bytes]:
    """Message key, nonce, header and additional data."""
    digest, size, cipher = FORMS[key.suite]
    prk = hmac.new(salt, key.secret, digest).digest()
    out = block = b""
    for counter in (1, 2, 3):
        block = hmac.new(prk, block + b"zx1/field/" + bytes([key.suite, counter]), digest).digest()
        out += block
    header = bytes([version, key.suite]) + key.id.to_bytes(8, "big") + salt + out[size + 12 : size + 44]
    named = [
        place.model.encode(),
        place.pk.bytes,
        place.field.encode(),
        place.division.encode(),
        str(place.schema).encode(),
    ]
    aad = header + b"".join(len(part).to_bytes(4, "big") + part for part in named)
    return cipher(out[:size]), out[size : size + 12], header, aad


def write(key: DataKey, padded: bytes, place: Place, salt: bytes, version: int = 1) -> bytes:
    message, nonce, header, aad = parts(key, salt, place, version)
    stream = Cipher(message, modes.GCM(nonce)).encryptor()
    stream.authenticate_additional_data(aad)
    return header + stream.update(padded) + stream.finalize() + stream.tag


def read(key: DataKey, envelope: bytes, place: Place) -> bytes:
    message, nonce, header, aad = parts(key, envelope[10:34], place)
    assert envelope[:66] == header
    stream = Cipher(message, modes.GCM(nonce, envelope[-16:])).decryptor()
    stream.authenticate_additional_data(aad)
    return stream.update(envelope[66:-16]) + stream.finalize()


@settings(max_examples=200)
@given(data_keys, st.binary(max_size=1_500), places)
def test_another_program_reads_what_we_seal(key: DataKey, text: bytes, place: Place) -> None:
    padded = read(key, seal(key, text, place), place)
    assert padded.rstrip(b"\x00") == text + b"\x80"
    size = len(padded)
    assert size > len(text)
    assert size in (32, 64, 128, 256, 512, 1024) or (size > 1024 and size % 256 == 0 and size - len(text) <= 256)


@pytest.mark.parametrize(
    "padded",
    [
        bytes(32),  # no mark at all
        b"x".ljust(32, b"\x00"),  # a text without its mark
        b"x\x80".ljust(64, b"\x00"),  # a size class too large
        b"x\x80".ljust(33, b"\x00"),  # a size that is no class
        b"\x80x".ljust(32, b"\x00"),  # something behind the mark
        b"x" * 31 + b"\x81",
    ],
)
def test_only_the_one_padding_of_a_text_opens(padded: bytes) -> None:
    key, place = DataKey(7, os.urandom(32)), Place("cases.entry", UUID(int=7), "sealed", "330902")
    with pytest.raises(SealError):
        unseal(key, write(key, padded, place, os.urandom(24)), place)


@pytest.mark.parametrize("code", selftest.KNOWN)
def test_what_was_stored_stays_readable(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start-up's stored envelope is what the text of the format gives, to the byte; and a right tag under a wrong
    commitment, or under another version, does not open."""
    key, known = DataKey(selftest.NUMBER, selftest.SECRET, code), selftest.KNOWN[code]
    padded = (selftest.WORDS + b"\x80").ljust(32, b"\x00")
    assert write(key, padded, selftest.PLACE, bytes(range(24))) == known.stored
    others = [write(key, padded, selftest.PLACE, bytes(24), version) for version in (0, 2, 255)]
    for envelope in (known.uncommitted, *others):
        with pytest.raises(SealError):
            unseal(key, envelope, selftest.PLACE)
    monkeypatch.setattr(envelope_module.hmac, "compare_digest", lambda *given: True)  # positive control
    assert unseal(key, known.uncommitted, selftest.PLACE) == selftest.WORDS

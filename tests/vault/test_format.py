"""Envelopes against a reader and a writer made from the text of the format alone (standard HMAC, the library's GCM)."""

from __future__ import annotations

import hmac
import os
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
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
data_keys = st.builds(DataKey, st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32))


def parts(key: DataKey, salt: bytes, place: Place, version: int = 1) -> tuple[bytes, bytes, bytes, bytes]:
    """Message key, nonce, header and additional data."""
    prk = hmac.digest(salt, key.secret, "sha256")
    out = block = b""
    for counter in (1, 2, 3):
        block = hmac.digest(prk, block + b"zx1/field/\x01" + bytes([counter]), "sha256")
        out += block
    header = bytes([version, 1]) + key.id.to_bytes(8, "big") + salt + out[44:76]
    named = [
        place.model.encode(),
        place.pk.bytes,
        place.field.encode(),
        place.division.encode(),
        str(place.schema).encode(),
    ]
    return out[:32], out[32:44], header, header + b"".join(len(part).to_bytes(4, "big") + part for part in named)


def write(key: DataKey, padded: bytes, place: Place, salt: bytes, version: int = 1) -> bytes:
    message, nonce, header, aad = parts(key, salt, place, version)
    return header + AESGCM(message).encrypt(nonce, padded, aad)


def read(key: DataKey, envelope: bytes, place: Place) -> bytes:
    message, nonce, header, aad = parts(key, envelope[10:34], place)
    assert envelope[:66] == header
    return AESGCM(message).decrypt(nonce, envelope[66:], aad)


@settings(max_examples=500, deadline=None)
@given(data_keys, st.binary(max_size=1_500), places)
def test_another_program_reads_what_we_seal(key: DataKey, text: bytes, place: Place) -> None:
    padded = read(key, seal(key, text, place), place)
    assert padded.rstrip(b"\x00") == text + b"\x80"
    size = len(padded)
    assert size > len(text)
    assert size in (32, 64, 128, 256, 512, 1024) or (size > 1024 and size % 256 == 0 and size - len(text) <= 256)


@settings(max_examples=500, deadline=None)
@given(data_keys, st.binary(max_size=31), places, st.binary(min_size=24, max_size=24))
def test_we_read_what_another_program_seals(key: DataKey, text: bytes, place: Place, salt: bytes) -> None:
    padded = (text + b"\x80").ljust(32, b"\x00")
    assert unseal(key, write(key, padded, place, salt), place) == text


@pytest.mark.parametrize(
    "padded",
    [
        bytes(32),  # no mark at all
        b"x".ljust(32, b"\x00"),  # a text without its mark
        b"x\x80".ljust(64, b"\x00"),  # a size class too large
        b"x\x80".ljust(33, b"\x00"),  # a size that is no class
        b"x" * 31 + b"\x81",
    ],
)
def test_only_the_one_padding_of_a_text_opens(padded: bytes) -> None:
    key, place = DataKey(7, os.urandom(32)), Place("cases.entry", UUID(int=7), "sealed", "330902")
    with pytest.raises(SealError):
        unseal(key, write(key, padded, place, os.urandom(24)), place)


def test_what_was_stored_stays_readable() -> None:
    """The start-up's stored envelope is what the text of the format gives, to the byte."""
    padded = (selftest.WORDS + b"\x80").ljust(32, b"\x00")
    assert write(selftest.KEY, padded, selftest.PLACE, bytes(range(24))) == selftest.STORED


def test_a_right_tag_under_a_wrong_commitment_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SealError):
        unseal(selftest.KEY, selftest.UNCOMMITTED, selftest.PLACE)
    monkeypatch.setattr(envelope_module.hmac, "compare_digest", lambda *given: True)  # positive control
    assert unseal(selftest.KEY, selftest.UNCOMMITTED, selftest.PLACE) == selftest.WORDS


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_does_not_open_even_under_a_right_tag(version: int) -> None:
    padded = (selftest.WORDS + b"\x80").ljust(32, b"\x00")
    with pytest.raises(SealError):
        unseal(selftest.KEY, write(selftest.KEY, padded, selftest.PLACE, bytes(24), version), selftest.PLACE)

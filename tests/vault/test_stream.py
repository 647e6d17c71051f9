"""Sealed files: there and back, and nothing that was cut, continued, reordered or changed opens as a whole."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.vault import stream
from wellbeing.vault.envelope import Place, SealError
from wellbeing.vault.stream import CHUNK, HEADER, new_secret, open_file, seal_file

SECRET = bytes(range(32))
PLACE = Place("cases.attachment", UUID(int=7), "records", "")
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 3 * CHUNK + 17]


def sealed(size: int, seed: int = 1) -> list[bytes]:
    return list(seal_file(SECRET, random.Random(seed).randbytes(size), PLACE))


def opened(records: list[bytes], secret: bytes = SECRET, place: Place = PLACE) -> bytes | None:
    """The content, or None where it does not open as a whole; anything but SealError fails the test by itself."""
    try:
        return b"".join(open_file(secret, records, place))
    except SealError:
        return None


@pytest.mark.parametrize("size", EDGES)
def test_what_is_sealed_opens_at_every_edge(size: int) -> None:
    content = random.Random(1).randbytes(size)
    assert opened(sealed(size)) == content
    sm = list(seal_file(SECRET, content, PLACE, 2))
    assert (sm[0][4], opened(sm)) == (2, content)
    for header in (b"ZXF1\x01" + sm[0][5:], b"ZXF1\x03" + sm[0][5:]):
        assert opened([header, *sm[1:]]) is None


@settings(max_examples=200)
@given(st.binary(max_size=3 * CHUNK), st.integers(0, 3))
def test_zeros_and_marks_at_the_end_come_back(content: bytes, marks: int) -> None:
    content += b"\x80\x00" * marks
    assert opened(list(seal_file(SECRET, content, PLACE))) == content


def test_only_the_number_of_records_shows_the_size() -> None:
    assert {len(r) for size in EDGES for r in sealed(size)[1:]} == {65_536 + 16}
    assert [len(sealed(size)) - 1 for size in (0, CHUNK - 1, CHUNK, 2 * CHUNK)] == [1, 1, 2, 3]


def mutants() -> list[list[bytes]]:
    """Every way to cut, continue, reorder, repeat and mix the records of a file, and many changed bits."""
    records, other, chance = sealed(3 * CHUNK + 17), sealed(3 * CHUNK + 17, seed=2), random.Random(2912345)
    found = [records[:cut] for cut in range(len(records))]
    found += [records[:at] + records[at + 1 :] for at in range(len(records))]
    found += [[*records[:at], records[at], *records[at:]] for at in range(len(records))]
    found += [
        [records[b] if n == a else records[a] if n == b else r for n, r in enumerate(records)]
        for a in range(len(records))
        for b in range(a)
    ]
    found += [[*records[:at], other[at], *records[at + 1 :]] for at in range(len(records))]
    found += [[records[0][:cut], *records[1:]] for cut in range(HEADER)]
    found += [[*records, extra] for extra in (b"", records[-1], other[-1], b"\x00" * (CHUNK + 16))]
    found += [[*records[:at], records[at][:-1], *records[at + 1 :]] for at in range(len(records))]
    found += [[flipped(records[0], bit), *records[1:]] for bit in range(HEADER * 8)]
    for _n in range(1_000):
        at = chance.randrange(1, len(records))
        changed = flipped(records[at], chance.randrange(len(records[at]) * 8))
        found.append([*records[:at], changed, *records[at + 1 :]])
    return found


def flipped(record: bytes, bit: int) -> bytes:
    changed = bytearray(record)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_of_all_mutants_none_opens() -> None:
    tried = mutants()
    assert len(tried) > 1_400
    assert [n for n, records in enumerate(tried) if opened(records) is not None] == []


def test_another_place_and_another_key_open_nothing() -> None:
    records = sealed(100)
    for place in (
        replace(PLACE, pk=UUID(int=8)),
        replace(PLACE, model="cases.entry"),
        replace(PLACE, division="330902"),
    ):
        assert opened(records, place=place) is None
    assert opened(records, secret=bytes(32)) is None


def test_a_cut_at_a_record_is_found_by_the_mark_of_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: without the last flag in the nonce a shortened file opens where its padding happens to fit."""
    monkeypatch.setattr(stream, "_nonce", lambda prefix, number, last: prefix + number.to_bytes(4, "big") + b"\x00")
    content = b"\x01" * (CHUNK - 1) + b"\x80" + b"\x02" * 10
    records = list(seal_file(SECRET, content, PLACE))
    assert opened(records[:-1]) == b"\x01" * (CHUNK - 1)


def test_each_file_has_a_secret_of_its_own_as_long_as_a_key() -> None:
    assert {len(new_secret()) for _n in range(3)} == {32} and len({new_secret() for _n in range(3)}) == 3


def written(chunks: list[bytes]) -> list[bytes]:
    """A file from the text of the format alone, by the library's HKDF and GCM."""
    salt = bytes(range(24))
    okm = HKDF(SHA256(), 32 + 7 + 32, salt, b"zx1/file/\x01").derive(SECRET)
    header = b"ZXF1\x01" + salt + okm[39:]
    nonces = [okm[32:39] + at.to_bytes(4, "big") + bytes([at == len(chunks) - 1]) for at in range(len(chunks))]
    aad = header + PLACE.bytes()
    return [header, *(AESGCM(okm[:32]).encrypt(nonce, chunk, aad) for nonce, chunk in zip(nonces, chunks, strict=True))]


def test_another_program_reads_and_writes_the_same_format() -> None:
    content = random.Random(1).randbytes(CHUNK + 9)
    padded = [content[:CHUNK], (content[CHUNK:] + b"\x80").ljust(CHUNK, b"\x00")]
    records = written(padded)
    assert opened(records) == content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream.os, "urandom", lambda size: bytes(range(size)))
        assert sealed(CHUNK + 9) == records
    behind = b"\x80x".ljust(CHUNK, b"\x00")  # something behind the mark
    for wrong in (
        [padded[0], behind],
        [padded[0], bytes(CHUNK)],
        [padded[0], b"\x01" * CHUNK],
        [padded[0], padded[1][:-1]],
        [],
    ):
        assert opened(written(wrong)) is None, len(wrong)

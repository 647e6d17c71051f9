"""Envelopes: there and back, and nothing else opens."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.vault.envelope import HEADER, DataKey, Place, SealError, padded_size, seal, unseal

KEY = DataKey(0x0123_4567_89AB_CDEF, bytes(range(32)))
PLACE = Place("cases.entry", UUID(int=7), "sealed", "330902")
TEXT = "灯塔下面很安静".encode()
MUTATIONS = 10_000


@settings(max_examples=2_000, deadline=None)
@given(st.binary(max_size=3_000))
def test_what_is_sealed_opens(text: bytes) -> None:
    assert unseal(KEY, seal(KEY, text, PLACE), PLACE) == text


def opens(key: DataKey, envelope: bytes, place: Place) -> bool:
    try:
        unseal(key, envelope, place)
    except SealError:
        return False
    return True


def mutants() -> list[tuple[DataKey, bytes, Place]]:
    """Single changes of an envelope, its key or its place; anything but SealError would fail the test by itself."""
    envelope, chance = seal(KEY, TEXT, PLACE), random.Random(2912345)
    found = [(KEY, flip(envelope, bit), PLACE) for bit in range(len(envelope) * 8)]
    found += [(KEY, envelope[:cut], PLACE) for cut in range(len(envelope))]
    places = [
        replace(PLACE, model="cases.case"),
        replace(PLACE, pk=uuid4()),
        replace(PLACE, field="cover"),
        replace(PLACE, division="330903"),
        replace(PLACE, schema=2),
        replace(PLACE, model="cases.entrysealed", field=""),
    ]
    found += [(KEY, envelope, place) for place in places]
    found += [(DataKey(KEY.id + 1, KEY.secret), envelope, PLACE), (DataKey(KEY.id, bytes(32)), envelope, PLACE)]
    while len(found) < MUTATIONS:
        at = chance.randrange(len(envelope))
        changed = bytes([chance.randrange(256)])
        kind = chance.randrange(3)
        made = envelope[:at] + changed + envelope[at + (kind == 0) :] if kind < 2 else envelope + changed
        if made != envelope:
            found.append((KEY, made, PLACE))
    return found


def flip(envelope: bytes, bit: int) -> bytes:
    changed = bytearray(envelope)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_of_ten_thousand_single_mutations_none_opens() -> None:
    tried = mutants()
    assert len(tried) >= MUTATIONS
    assert sum(opens(*mutant) for mutant in tried) == 0
    assert opens(KEY, seal(KEY, TEXT, PLACE), PLACE)  # positive control: the unchanged one does


def test_the_mutations_catch_a_place_that_is_not_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: with a planted bug some mutants open."""
    monkeypatch.setattr(Place, "bytes", lambda place: place.model.encode() + place.pk.bytes)
    tried = mutants()
    assert sum(opens(*mutant) for mutant in tried) == 3  # another field, another division, another schema


def test_the_commitment_is_compared_before_anything_is_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    from wellbeing.vault.suites import AesGcmSha256

    envelope = seal(KEY, TEXT, PLACE)
    decrypted = []
    original = AesGcmSha256.decrypt
    monkeypatch.setattr(AesGcmSha256, "decrypt", lambda *a: decrypted.append(1) or original(*a))
    assert not opens(KEY, flip(envelope, 40 * 8), PLACE)
    assert decrypted == []
    assert opens(KEY, envelope, PLACE)
    assert decrypted == [1]


def test_the_reserved_suite_and_unknown_versions_do_not_open() -> None:
    envelope = seal(KEY, TEXT, PLACE)
    for first, suite in ((1, 2), (1, 0), (1, 255), (0, 1), (2, 1)):
        assert not opens(KEY, bytes([first, suite]) + envelope[2:], PLACE)


def test_padding_hides_lengths() -> None:
    assert [padded_size(n) for n in (0, 31, 32, 63, 1023, 1024, 1279, 1280)] == [32, 32, 64, 64, 1024, 1280, 1280, 1536]
    yes, no = seal(KEY, b'{"plan":"yes"}', PLACE), seal(KEY, b'{"plan":"no"}', PLACE)
    assert len(yes) == len(no) == HEADER + 32 + 16


def test_no_salt_is_used_twice() -> None:
    assert len({seal(KEY, b"", PLACE)[10:34] for _ in range(2_000)}) == 2_000


def test_a_key_does_not_show_its_secret() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert "01020304" not in repr(KEY)

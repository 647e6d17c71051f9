"""Envelopes: what they show of themselves. That they open, that nothing else does, and that no nonce is used twice are
proofs: tests/proofs/round_trips.py, envelopes.py, garbage.py, nonces.py."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from wellbeing.vault.envelope import HEADER, DataKey, Place, SealError, key_id, padded_size, seal, unseal
from wellbeing.vault.suites import Suite

KEY = DataKey(0x0123_4567_89AB_CDEF, bytes(range(32)))
PLACE = Place("cases.entry", UUID(int=7), "sealed", "330902")
TEXT = "灯塔下面很安静".encode()


def opens(key: DataKey, envelope: bytes, place: Place) -> bool:
    try:
        unseal(key, envelope, place)
    except SealError:
        return False
    return True


def flip(envelope: bytes, bit: int) -> bytes:
    changed = bytearray(envelope)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_the_commitment_is_compared_before_anything_is_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    envelope = seal(KEY, TEXT, PLACE)
    decrypted = []
    original = Suite.decrypt
    monkeypatch.setattr(Suite, "decrypt", lambda *a: decrypted.append(1) or original(*a))
    assert not opens(KEY, flip(envelope, 40 * 8), PLACE)
    assert decrypted == []
    assert opens(KEY, envelope, PLACE)
    assert decrypted == [1]


def test_another_suite_and_unknown_versions_do_not_open() -> None:
    envelope = seal(KEY, TEXT, PLACE)
    for first, suite in ((1, 2), (1, 0), (1, 255), (0, 1), (2, 1)):
        assert not opens(KEY, bytes([first, suite]) + envelope[2:], PLACE)


def test_what_is_shorter_than_any_envelope_reaches_no_cipher(monkeypatch: pytest.MonkeyPatch) -> None:
    envelope, derived = seal(KEY, b"", PLACE), []
    original = Suite.derive
    monkeypatch.setattr(Suite, "derive", lambda *a: derived.append(1) or original(*a))
    assert len(envelope) == 66 + 32 + 16
    assert not any(opens(KEY, envelope[:size], PLACE) for size in range(len(envelope)))
    assert derived == []
    assert opens(KEY, envelope, PLACE) and derived == [1]
    assert key_id(envelope[:10]) == KEY.id
    with pytest.raises(SealError):
        key_id(envelope[:9])


def test_the_same_secret_under_another_number_opens_nothing() -> None:
    assert not opens(replace(KEY, id=KEY.id + 1), seal(KEY, TEXT, PLACE), PLACE)


def test_padding_hides_lengths() -> None:
    assert [padded_size(n) for n in (0, 31, 32, 63, 1023, 1024, 1279, 1280)] == [32, 32, 64, 64, 1024, 1280, 1280, 1536]
    yes, no = seal(KEY, b'{"plan":"yes"}', PLACE), seal(KEY, b'{"plan":"no"}', PLACE)
    assert len(yes) == len(no) == HEADER + 32 + 16


def test_a_key_does_not_show_its_secret() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert "01020304" not in repr(KEY)

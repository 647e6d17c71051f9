"""CR-1: whatever is sealed opens again as it was, and another program, made from the text of the format, reads it and is
read (tests/vault/test_format.py). The published vectors stand in tests/vault/test_suites.py."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from uuid import UUID

from tests.proofs.proof import Found, Proof
from tests.vault.test_format import read, write
from wellbeing.vault import envelope
from wellbeing.vault.envelope import DataKey, Place, SealError, padded_size, seal, unseal

SIZES = (0, 1, 30, 31, 32, 33, 63, 64, 127, 128, 511, 512, 1_022, 1_023, 1_024, 1_025, 1_279, 1_280)
LETTERS = "灯塔海风abc/.\x00é𠮷"


def example(chance: random.Random, suite: int) -> tuple[DataKey, bytes, Place]:
    """A key, a text that is often at an edge of its padding or ends like one, and a place of any letters."""
    size = chance.choice(SIZES) if chance.random() < 0.5 else chance.randrange(3_000)
    text = chance.randbytes(size) + chance.choice((b"", b"\x80", b"\x80\x00\x00", b"\x00"))
    words = ["".join(chance.choices(LETTERS, k=chance.randrange(12))) for _ in range(3)]
    place = Place(words[0], UUID(int=chance.getrandbits(128)), words[1], words[2], chance.randrange(1, 99))
    return DataKey(chance.getrandbits(64), chance.randbytes(32), suite), text, place


def tried(tries: int, seed: int) -> Found:
    """So many texts in either suite by turns."""
    chance, broken, first = random.Random(seed), 0, ""
    for number in range(tries):
        key, text, place = example(chance, 1 + number % 2)
        if not _returns(key, text, place, chance):
            broken, first = broken + 1, first or f"text {number}: {len(text)} bytes, suite {key.suite}"
    return Found(tries, broken, first)


def _returns(key: DataKey, text: bytes, place: Place, chance: random.Random) -> bool:
    padded = (text + b"\x80").ljust(padded_size(len(text)), b"\x00")
    try:
        sealed = seal(key, text, place)
        ours = unseal(key, sealed, place) == text
        return ours and read(key, sealed, place) == padded and unseal(key, write(key, padded, place, chance.randbytes(24)), place) == text  # fmt: skip
    except SealError:
        return False


def planted(tries: int, seed: int) -> Found:
    """The same where a text's own last zeros are taken for padding."""
    with careless():
        return tried(tries, seed)


@contextmanager
def careless() -> Iterator[None]:
    whole = envelope.unseal
    with mock.patch(f"{__name__}.unseal", lambda *given: whole(*given).rstrip(b"\x00")):
        yield


PROOF = Proof("CR-1", "texts that do not come back as they were", tried, planted, 2_000, 40_000, 200_000)

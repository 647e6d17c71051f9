"""CR-2: a changed envelope, key or place never opens. Both suites; the unchanged one does, each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from tests.proofs.proof import Found, Proof
from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal

Mutant = tuple[DataKey, bytes, Place]


def mutants(chance: random.Random, suite: int) -> Iterator[Mutant]:
    """Changes of one envelope of random length: every bit, every cut, every part of its place, its key; then bytes put
    in, taken out, changed and added, pieces repeated and swapped, and headers of another envelope of the same key."""
    key = DataKey(chance.getrandbits(63), chance.randbytes(32), suite)
    place = Place("cases.entry", UUID(int=chance.getrandbits(128)), "sealed", "330902")
    one, other = (seal(key, chance.randbytes(chance.randrange(200)), place) for _ in range(2))
    assert unseal(key, one, place) is not None
    for bit in range(len(one) * 8):
        changed = bytearray(one)
        changed[bit // 8] ^= 1 << bit % 8
        yield key, bytes(changed), place
    for cut in range(len(one)):
        yield key, one[:cut], place
    for changed_place in (
        replace(place, model="cases.case"),
        replace(place, pk=UUID(int=place.pk.int ^ 1)),
        replace(place, field="cover"),
        replace(place, division="330903"),
        replace(place, schema=2),
        replace(place, model="cases.entrysealed", field=""),
    ):
        yield key, one, changed_place
    yield replace(key, id=key.id ^ 1), one, place
    yield replace(key, secret=bytes(32)), one, place
    for at in (34, 66, len(one) - 16):
        yield key, one[:at] + other[at:], place
        yield key, other[:at] + one[at:], place
    for _ in range(500):
        a, b = sorted(chance.randrange(len(one)) for _ in range(2))
        piece = chance.randbytes(chance.randrange(1, 4))
        for made in (one[:a] + piece + one[a:], one[:a] + one[b:], one + piece, one[:b] + one[a:], one[:a] + piece + one[a + len(piece) :]):  # fmt: skip
            if made not in (one, other):
                yield key, made, place


def tried(tries: int, seed: int) -> Found:
    """Mutants of one envelope after the other until so many were tried."""
    chance, count, opened, first = random.Random(seed), 0, 0, ""
    while count < tries:
        for key, envelope, place in mutants(chance, chance.choice((1, 2))):
            count += 1
            try:
                unseal(key, envelope, place)
            except SealError:
                continue
            opened, first = opened + 1, first or f"mutant {count}"
    return Found(count, opened, first)


def planted(tries: int, seed: int) -> Found:
    """The same where field, division and schema are not bound to the envelope."""
    with unbound():
        return tried(tries, seed)


@contextmanager
def unbound() -> Iterator[None]:
    whole = Place.bytes
    try:
        Place.bytes = lambda place: place.model.encode() + place.pk.bytes  # type: ignore[method-assign]
        yield
    finally:
        Place.bytes = whole  # type: ignore[method-assign]


PROOF = Proof("CR-2", "changed envelopes, keys and places that open", tried, planted, 12_000, 150_000, 1_000_000)

"""CR-4: no (key, nonce) is used twice. Key and nonce of a message follow from its salt and its data key: watched is what
the cipher itself is given, for envelopes, and for the records of files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from uuid import UUID

from tests.proofs.proof import Found, Proof
from wellbeing.vault import envelope, stream
from wellbeing.vault.envelope import DataKey, Place, seal
from wellbeing.vault.stream import seal_file
from wellbeing.vault.suites import Aead, Suite

PLACE = Place("cases.entry", UUID(int=7), "sealed", "330902")
FILE_EVERY = 20
SMALL = 256


class Watch:
    """Every (key, nonce) that a cipher was given; 16 bytes of each are kept, so a million fit."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.count = 0

    def note(self, key: bytes, nonce: bytes) -> None:
        self.count += 1
        self.seen.add(hash((key, nonce)).to_bytes(8, "big", signed=True) + nonce[:8])


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()

    class Watched:
        def __init__(self, cipher: Aead, key: bytes) -> None:
            self.cipher, self.key = cipher, key

        def encrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
            watch.note(self.key, nonce)
            return self.cipher.encrypt(nonce, data, aad)

    whole = Suite.encrypt

    def noted(self: Suite, message: object, padded: bytes, aad: bytes) -> bytes:
        watch.note(message.key, message.nonce)  # type: ignore[attr-defined]
        return whole(self, message, padded, aad)  # type: ignore[arg-type]

    derived = stream._keys

    def keys(secret: bytes, salt: bytes, suite_code: int) -> tuple[object, bytes, bytes]:
        cipher, prefix, commitment = derived(secret, salt, suite_code)
        # A file's cipher shows no key; its commitment follows from the same secret and salt.
        return Watched(cipher, commitment), prefix, commitment

    with (
        mock.patch.object(Suite, "encrypt", noted),
        mock.patch.object(stream, "_keys", keys),
        mock.patch.object(stream, "CHUNK", SMALL),
    ):
        yield watch


def tried(tries: int, seed: int) -> Found:
    """So many messages under two data keys and two file secrets, one of each suite, which are used again and again."""
    chance, made = random.Random(seed), 0
    keys = [DataKey(suite, chance.randbytes(32), suite) for suite in (1, 2)]
    with watched() as watch:
        while watch.count < tries:
            key, made = keys[made % 2], made + 1
            seal(key, b"x", PLACE)
            if made % FILE_EVERY == 0:
                list(seal_file(key.secret, bytes(5 * SMALL), PLACE, key.suite))
    return Found(watch.count, watch.count - len(watch.seen), "")


def planted(tries: int, seed: int) -> Found:
    """The same with salts of two bytes, as from a worn-out source of chance."""
    chance = random.Random(seed)
    with mock.patch.object(envelope.os, "urandom", lambda size: chance.randbytes(2) + bytes(size - 2)):
        return tried(tries, seed)


PROOF = Proof("CR-4", "(key, nonce) pairs that are used twice", tried, planted, 20_000, 1_000_000, 10_000_000)

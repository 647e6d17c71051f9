"""CR-3: whatever bytes are given to it, opening an envelope, a document or a file fails with SealError and nothing else.

Random bytes stop at the first check, so most examples are pieces of true envelopes and files, cut and joined anew; half
of those are sealed anew around a bad inside, so that what stands behind the tag is reached as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from unittest import mock
from uuid import UUID

from tests.proofs.proof import Found, Proof
from tests.vault.test_format import write
from wellbeing.vault import envelope, keys, stream
from wellbeing.vault.documents import open_json
from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal
from wellbeing.vault.stream import HEADER, open_file, seal_file

PLACE = Place("cases.entry", UUID(int=7), "sealed", "330902")
PIECES = 40  # true envelopes and files that pieces are taken from
SMALL = 512  # bytes of a record of the file here, so that many records cost little


class Garbage:
    """What is thrown at the openers, from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.keys = [DataKey(number, self.chance.randbytes(32), number) for number in (1, 2)]
        self.envelopes = [
            seal(self.chance.choice(self.keys), self.chance.randbytes(self.chance.randrange(90)), PLACE)
            for _ in range(PIECES)
        ]
        self.files = [
            list(seal_file(self.keys[0].secret, self.chance.randbytes(self.chance.randrange(3 * SMALL)), PLACE, suite))
            for suite in (1, 2)
            for _ in range(PIECES // 2)
        ]

    def envelope(self) -> bytes:
        """An envelope that is none: noise, a header with noise, pieces of two, or a true seal around a bad inside."""
        chance, one, other = self.chance, *self.chance.sample(self.envelopes, 2)
        at, to = sorted((chance.randrange(len(one) + 1), chance.randrange(len(one) + 1)))
        way = chance.randrange(6)
        if way == 0:
            return chance.randbytes(chance.randrange(200))
        if way == 1:
            return one[:66] + chance.randbytes(chance.randrange(100))
        if way == 2:
            return one[:at] + other[at:]
        if way == 3:
            return one[:at] + chance.randbytes(chance.randrange(1, 8)) + one[to:]
        inside = chance.choice((b"", b"{", b"\xff", b"[1]\x80\x80", b"nan\x80")) + chance.randbytes(
            chance.randrange(40)
        )
        return write(chance.choice(self.keys), inside, PLACE, chance.randbytes(24), chance.choice((1, 1, 0, 2)))

    def records(self) -> list[bytes]:
        """Records of a file that is none: of two files, out of order, cut, empty, or noise."""
        chance, one, other = self.chance, *self.chance.sample(self.files, 2)
        found = chance.sample([*one, *other[1:]], chance.randrange(len(one) + len(other)))
        if chance.random() < 0.7:
            found = [one[0], *found]
        if found and chance.random() < 0.5:
            at = chance.randrange(len(found))
            found[at] = found[at][: chance.randrange(len(found[at]) + 1)] + chance.randbytes(chance.randrange(3))
        return found if found != one else [chance.randbytes(HEADER)]


def attempts(garbage: Garbage) -> Iterator[object]:
    """What each opener says to the next piece of garbage; bytes that did open are no fault here (CR-2 counts those)."""
    given, key = garbage.envelope(), garbage.chance.choice(garbage.keys)
    yield lambda: unseal(key, given, PLACE)
    yield lambda: open_json(key, PLACE, given)
    yield lambda: keys.id_of(given)
    yield lambda: list(open_file(garbage.keys[0].secret, garbage.records(), PLACE))


def tried(tries: int, seed: int) -> Found:
    """So many calls; whatever is raised but SealError is a fault."""
    count, broken, first = 0, 0, ""
    with mock.patch.object(stream, "CHUNK", SMALL):
        garbage = Garbage(seed)
        while count < tries:
            for attempt in attempts(garbage):
                count += 1
                try:
                    attempt()  # type: ignore[operator]
                except SealError:
                    continue
                except Exception as error:
                    broken, first = broken + 1, first or type(error).__name__
    return Found(count, broken, first)


def planted(tries: int, seed: int) -> Found:
    """The same where the shortest length is not asked for first."""
    with mock.patch.object(envelope, "SMALLEST", 0), mock.patch.object(envelope, "key_id", _hasty):
        return tried(tries, seed)


def _hasty(given: bytes) -> int:
    return int.from_bytes(bytes([given[at] for at in range(2, 10)]), "big")


PROOF = Proof("CR-3", "garbage that is answered by another error", tried, planted, 12_000, 400_000, 10_000_000)

"""CR-7: somebody has a whole dump of the database and the source, and no key: what can she read?

She tries to open every envelope with every key that she could make: each run of 32 bytes of what is wrapped in the
dump, hashes of every name in the dump and the source, the plain ones. She tries the same keys on the indexes of
callers and of student numbers, and is even let guess right. She looks for words in clear. And were the quarter's key
hers besides, a caller's index must still be that of many numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg

from cases import actions as cases
from cases.repeats import BITS, caller_index, quarter
from tests.proofs.erased import wrapped_keys
from tests.proofs.proof import Found, Proof, each_caught
from tests.stage import actor, call, fresh, scene, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import CANARIES
from wellbeing.vault import keys
from wellbeing.vault.blind_index import NORMALISERS, index, indexer, phone
from wellbeing.vault.envelope import HEADER, SMALLEST
from wellbeing.vault.suites import suite
from wellbeing.workdays import now

CALLERS = 10  # their indexes together: a key that fits all of them by chance is one in 2^110
AMBIGUOUS = 0.99
NUMBERS = 12  # numbers in the sample for each value that an index can have


@dataclass
class Dump:
    """Every value of every column, as the superuser copies it."""

    columns: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, url: str) -> Dump:
        found = cls()
        with psycopg.connect(url) as thief:
            tables = thief.execute(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for (table,) in tables:
                rows = thief.execute(f"SELECT * FROM {table}")  # type: ignore[arg-type]
                names = [column.name for column in rows.description or ()]
                for row in rows:
                    for name, value in zip(names, row, strict=True):
                        found.columns.setdefault((table, name), []).append(value)
        return found

    def bytes(self) -> Iterator[tuple[str, bytes]]:
        for (table, name), values in self.columns.items():
            yield from ((f"{table}.{name}", bytes(v)) for v in values if isinstance(v, bytes | memoryview))

    def texts(self) -> Iterator[tuple[str, str]]:
        for (table, name), values in self.columns.items():
            yield from (
                (f"{table}.{name}", v if isinstance(v, str) else repr(v))
                for v in values
                if isinstance(v, str | dict | list)
            )

    def envelopes(self) -> list[tuple[str, bytes]]:
        return [(where, v) for where, v in self.bytes() if len(v) >= SMALLEST and v[0] == 1 and v[1] in (1, 2)]

    def keys(self) -> list[bytes]:
        """Every key of 32 bytes that this dump and the source could give, without repeats."""
        names = {"", "zx1", "wellbeing", "audit", "root", *NORMALISERS, *(f"index/{one}/1" for one in NORMALISERS)}
        names |= {text for _where, text in self.texts() if len(text) < 40}
        found = dict.fromkeys((bytes(32), b"\xff" * 32, bytes(range(32))))
        for name in sorted(names):
            found |= dict.fromkeys((hashlib.sha256(name.encode()).digest(), name.encode().ljust(32, b"\0")[:32]))
        for where, value in self.bytes():
            if "vault" in where:
                found |= dict.fromkeys(value[at : at + 32] for at in range(max(0, len(value) - 31)))
        return list(found)


def _called(chance: random.Random) -> dict[str, bytes]:
    """Callers whose numbers the tester knows, with the index that is kept of each."""
    numbers = [f"1{chance.choice('3578')}{chance.randrange(10**9):09}" for _caller in range(CALLERS)]
    for number in numbers:
        call({"caller_kind": "self", "narrative": "x", "caller_number": number})
    return {number: caller_index(number, now()) or b"" for number in numbers}


def _open(dump: Dump, keys: list[bytes], tries: int, chance: random.Random) -> tuple[int, list[str]]:
    """Pairs of an envelope and a key, by chance and none twice, one envelope for each data key that they name: all pairs,
    or so many. One that fits its commitment is the key. How many, and what opened."""
    named = {one[2:10]: (where, one) for where, one in dump.envelopes()}
    envelopes, faults = list(named.values()), []
    pairs = chance.sample(range(len(envelopes) * len(keys)), min(tries, len(envelopes) * len(keys)))
    for pair in pairs:
        (where, one), key = envelopes[pair % len(envelopes)], keys[pair // len(envelopes)]
        message = suite(one[1]).derive(key, one[10:34])
        if hmac.compare_digest(message.commitment, one[34:HEADER]):
            faults.append(f"opened: {where}")
    return len(pairs), faults


def _guess(dump: Dump, keys: list[bytes], callers: dict[str, bytes], student: tuple[str, bytes]) -> list[str]:
    """Whether some key of the thief's fits the indexes of those whom she happens to guess."""
    kept = {value for where, value in dump.bytes() if where.endswith("caller_index")}
    assert kept >= set(callers.values()) and student[1] in {value for _where, value in dump.bytes()}
    faults, spare = [], -BITS % 8
    for key in keys:
        made = {n: hmac.digest(key, phone(n).encode(), "sha256")[: -(-BITS // 8)] for n in callers}
        if all(v[:-1] + bytes([v[-1] >> spare << spare]) == callers[n] for n, v in made.items()):
            faults.append("the key of the callers")
        if hmac.digest(key, student[0].encode(), "sha256").startswith(student[1]):
            faults.append("the key of student numbers")
    plain = {hashlib.new(name, n.encode()).digest()[:16] for name in ("sha256", "md5", "sha1") for n in callers}
    return faults + ["a number without a key" for where, value in dump.bytes() if value[:16] in plain]


def _ambiguous() -> list[str]:
    """With the quarter's key in her hands: of all values that an index has, how many are that of two numbers or more,
    in a sample that is a ten-thousandth of a city's numbers?"""
    of_number = indexer("phone", bits=BITS, period=quarter(now()))
    of = Counter(of_number(f"139{n:08}") for n in range(NUMBERS * 2**BITS))
    share = sum(count >= 2 for count in of.values()) / 2**BITS
    return [] if share >= AMBIGUOUS else [f"{1 - share:.1%} of indexes name one number"]


def _read(dump: Dump) -> list[str]:
    """Words of the story, in text or in bytes."""
    faults = [where for where, text in dump.texts() if any(word in text for word in CANARIES)]
    needles = [word.encode() for word in CANARIES]
    return faults + [where for where, value in dump.bytes() if any(needle in value for needle in needles)]


def stolen(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """A city with files, calls and answers, dumped; then so many keys tried on envelopes, and all of them on indexes."""
    chance = random.Random(seed)
    scene()
    callers, number = _called(chance), f"{chance.randrange(10**8):08}"
    batch, scoped = staged(f"{number},000000000").batch, f"xinghe/{number}"
    cases.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    cases.import_screening(actor=Actor.machine("import"), batch=fresh(batch))
    dump = Dump.of(city.superuser_url)
    tried = dump.keys()
    pairs, opened = _open(dump, tried, tries, chance)
    faults = _read(dump) + opened + _ambiguous()
    faults += _guess(dump, tried, callers, (scoped, index("student_number", scoped)))
    said = f"{len(dump.envelopes())} envelopes, {len(tried)} keys, {pairs} pairs {faults[:1] or ''}".strip()
    return Found(pairs + 2 * len(tried), len(faults), said)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: an index is made without a secret, under the hash of its own purpose; a word of a file stands in
    clear; a data key lies beside what it opens."""
    plants = {}
    with unkeyed():
        plants["an index without a secret"] = stolen(tries, seed + 1, city)
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute("CREATE TABLE vault.left_behind (octets bytea)")
        for name, octets in (("a word", CANARIES[0].encode()), ("a key", _unwrapped(admin, city))):
            admin.execute("TRUNCATE vault.left_behind")
            admin.execute("INSERT INTO vault.left_behind VALUES (%s)", [octets])
            dump = Dump.of(city.superuser_url)
            left = Dump({where: values for where, values in dump.columns.items() if where[0] == "vault.left_behind"})
            faults = _read(dump) + _open(dump, left.keys(), 10**6, random.Random(seed))[1]
            plants[name] = Found(1, len(faults))
        admin.execute("DROP TABLE vault.left_behind")
    return each_caught(plants)


def _unwrapped(admin: psycopg.Connection[Any], city: SimpleNamespace) -> bytes:
    """A data key that an envelope names, in clear."""
    rows = wrapped_keys(admin)
    named = (keys.id_of(one) for _where, one in Dump.of(city.superuser_url).envelopes())
    with identity(Actor.machine("keys")):
        return keys.unwrap(rows[next(one for one in named if one in rows)]).secret


@contextmanager
def unkeyed() -> Iterator[None]:
    def named(purpose: str, _period: str = "") -> bytes:
        return hashlib.sha256(purpose.encode()).digest()

    with mock.patch("wellbeing.vault.blind_index.named_key", named):
        yield


PROOF = Proof("CR-7", "what a stolen dump gives away", stolen, planted, 8_000, 500_000, 50_000_000, 500, city=True)

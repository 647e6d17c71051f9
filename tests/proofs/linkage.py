"""AN-1: whoever holds a dump, and knows of many numbers when they called, links no caller's calls of two quarters.

She is given one call of the first quarter and a hundred of the second, one of which is the same caller's, and says which.
By the indexes alone: the one that is equal, the nearest one, the one whose pair she has seen most often among callers she
knows. By the whole dump: the call that shares most of what few calls have, through every row that belongs to it. She
may be right as often as whoever guesses, and one time in a hundred more. Within one quarter the same ways must find the
caller: that is what the index is for, and it shows that they would.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import psycopg

from cases.repeats import caller_index
from tests.proofs.city import clock
from tests.proofs.proof import Found
from tests.stage import call
from wellbeing.workdays import now, one_moment

SHOWN = 100  # calls of the second quarter that she chooses from
MORE = 0.01  # how much oftener than a guess she may be right
CHANCE = 1e-6  # so seldom would more hits than these be luck
QUARTER = {"days": 95}
Score = Callable[[bytes, bytes], float]


def linked(tries: int, chance: random.Random) -> Found:
    """So many questions by the indexes, of callers whose second call comes a quarter later, and of ones who call again in
    the same quarter."""
    known, asked = (_numbers(tries, chance) for _both in range(2))
    with one_moment():  # no transaction: all that is asked in here takes longer than one may stand idle
        today = now()
        first, later = _indexer(today), _indexer(today + timedelta(**QUARTER))
        seen = Counter((first(one), later(one)) for one in known)
        faults = []
        for name, score in _scores(seen).items():
            hits = _right(asked, first, later, score, chance)
            if by_design(hits, len(asked), SHOWN):
                faults.append(f"{name}: {hits} of {len(asked)} linked")
            if name != "pairs" and _right(asked[:200], first, first, score, chance) < 100:
                faults.append(f"{name} finds no caller within a quarter either")
    return Found(3 * len(asked), len(faults), "; ".join(faults))


def dumped(callers: int, seed: int, city: SimpleNamespace) -> Found:
    """The same by the whole dump, of so many callers who really called in both quarters."""
    chance = random.Random(seed)
    numbers = _numbers(callers, chance)
    with clock() as time:
        first = {one: _called(one, chance) for one in numbers}
        time.wait(**QUARTER)
        second = {one: _called(one, chance) for one in chance.sample(numbers, len(numbers))}
    marks = _marks(city, [*first.values(), *second.values()])
    common = Counter(mark for call_id in second.values() for mark in marks[call_id])
    hits = 0
    for one in numbers:
        mine = marks[first[one]]
        scored = {
            call_id: sum(common[mark] ** -3 for mark in mine & marks[call_id]) for call_id in second.values()
        }  # fmt: skip
        best = [call_id for call_id, score in scored.items() if score == max(scored.values())]
        hits += chance.choice(best) == second[one]
    faults = [f"{hits} of {callers} linked by the dump"] if by_design(hits, callers, callers) else []
    return Found(callers, len(faults), "; ".join(faults))


def by_design(hits: int, tries: int, shown: int) -> bool:
    """Whether so many hits are more than a guess among so many shown ones, and one in a hundred more, would give."""
    rate = 1 / shown + MORE
    if hits <= tries * rate:
        return False
    tail = sum(
        math.exp(_choose(tries, n) + n * math.log(rate) + (tries - n) * math.log1p(-rate)) for n in range(hits, tries + 1)
    )  # fmt: skip
    return tail < CHANCE


@contextmanager
def one_key_for_ever() -> Iterator[None]:
    """A planted fault: the key of the indexes is the same in every quarter."""
    with mock.patch("cases.repeats.quarter", return_value="2026Q1"):
        yield


def _choose(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


def _numbers(count: int, chance: random.Random) -> list[str]:
    return [f"1{number}" for number in chance.sample(range(3 * 10**9, 10**10), count)]


def _indexer(at: object) -> Callable[[str], bytes]:
    kept: dict[str, bytes] = {}

    def of(number: str) -> bytes:
        if number not in kept:
            kept[number] = caller_index(number, at) or b""  # type: ignore[arg-type]
        return kept[number]

    return of


def _scores(seen: Counter[tuple[bytes, bytes]]) -> dict[str, Score]:
    def near(one: bytes, other: bytes) -> float:
        return -(int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()

    return {"equal": lambda one, other: one == other, "near": near, "pairs": lambda one, other: seen[one, other]}


def _right(
    callers: Sequence[str],
    first: Callable[[str], bytes],
    later: Callable[[str], bytes],
    score: Score,
    chance: random.Random,
) -> int:
    """How often she picks the right one."""
    hits = 0
    for number in callers:
        shown = {number, *chance.sample(callers, min(SHOWN, len(callers)))}
        scored = [(score(first(number), later(one)), one) for one in sorted(shown)]
        top = max(scored)[0]
        hits += chance.choice([one for points, one in scored if points == top]) == number
    return hits


def _called(number: str, chance: random.Random) -> str:
    words = {"caller_kind": "self", "narrative": "x" * chance.randrange(5, 400), "caller_number": number}
    return str(call(words, by=chance.choice(("lin", "gao"))).pk)


def _marks(city: SimpleNamespace, calls: list[str]) -> dict[str, set[tuple[str, str]]]:
    """For the case of each call everything that stands in its rows and in the rows that they name alone."""
    rows: list[tuple[str, dict[str, str]]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    with psycopg.connect(city.superuser_url) as thief:
        tables = thief.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            for (row,) in thief.execute(f"SELECT to_jsonb(t) FROM {table} t"):  # type: ignore[arg-type]
                said = {name: str(value) for name, value in row.items() if value not in (None, "", [], {})}
                for value in set(said.values()):
                    holding[value].append(len(rows))
                rows.append((table, said))
    found = {}
    for one in calls:
        keys, mine = {one}, set[int]()
        for _step in range(3):
            mine |= {place for key in keys for place in holding[key] if len(holding[key]) <= 30}
            keys = {v for place in mine for n, v in rows[place][1].items() if n.endswith("id") and len(v) == 36}
        found[one] = {(f"{rows[place][0]}.{name}", value) for place in mine for name, value in rows[place][1].items()}
    return found

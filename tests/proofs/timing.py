"""CR-6: how long an answer takes says nothing of what it is about.

After dudect (Reparaz, Balasch, Verbauwhede 2017): the two classes of one question are asked in random turns, the slowest
answers are cut off in steps, and Welch's t is taken of what is left. `commitment`: an envelope's commitment that is wrong
at its beginning, or at its end. `number`: of a caller who has called, or not. `student`: by a student's index, who stands
in another school's files, or in none. `page`: a case that exists and is forbidden, or that does not exist.

The full level asks for |t| below 4.5 of 100,000, and of what the database is asked for that medians lie within a
twentieth. Fewer samples on a machine that others use judge coarser, by ranks, and by the time that this process worked
instead of the time that passed: what is found must be large as well, twice over, and the same way.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import fmean, median, variance
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import uuid4

from django.db import transaction

from cases import actions, name_access, repeats
from cases.action_views import open_case
from cases.models import Case, Person
from tests.proofs.pages import Browsers, like
from tests.proofs.proof import Found, Proof, each_caught
from tests.stage import actor, call, fresh, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden
from wellbeing.vault.blind_index import index
from wellbeing.vault.envelope import HEADER, DataKey, Place, SealError, seal, unseal
from wellbeing.workdays import now

CUTS = (0.5, 0.75, 0.9)  # of all answers, the quickest so many are looked at
FULL = 100_000  # samples from which figures are judged as SECURITY.md asks
COUNTED, NUMBERED = repeats.calls_since, name_access.persons_numbered
Ask = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the two classes: Welch's t, the largest of the cuts; the same by ranks, which no outlier moves (Mann and
    Whitney's z); and how much longer the first takes, by medians."""

    t: float
    z: float
    share: float


@dataclass(frozen=True, slots=True)
class Bound:
    """A difference is one when it is sure enough, by t or by ranks, and its share is as large."""

    least: float
    share: float
    ranks: bool = True

    def reached(self, one: Difference) -> bool:
        return abs(one.z if self.ranks else one.t) >= self.least and abs(one.share) >= self.share


# By what is asked: the bound of a run of few samples, and of a full one.
BOUNDS = {
    "commitment": (Bound(8, 0.04), Bound(4.5, 0, ranks=False)),
    "number": (Bound(4, 0.12), Bound(4.5, 0.05, ranks=False)),
    "student": (Bound(4, 0.12), Bound(4.5, 0.05, ranks=False)),
    "page": (Bound(4, 0.12), Bound(4.5, 0.05, ranks=False)),
}


def difference(one: Ask, other: Ask, samples: int, chance: random.Random) -> Difference:
    """Ask both so often together, in random turns, and compare."""
    watch = time.perf_counter_ns if samples >= FULL else time.thread_time_ns
    turns = [True] * (samples // 2) + [False] * (samples - samples // 2)
    chance.shuffle(turns)
    spent: dict[bool, list[int]] = {True: [], False: []}
    for ask in (one, other) * 3:  # warm
        ask()
    gc.collect()
    gc.disable()
    try:
        for first in turns:
            ask = one if first else other
            begun = watch()
            ask()
            spent[first].append(watch() - begun)
    finally:
        gc.enable()
    everything = sorted(spent[True] + spent[False])
    cuts = [everything[int(len(everything) * cut) - 1] for cut in CUTS]
    t = max((_welch(*([n for n in spent[of] if n <= cut] for of in (True, False))) for cut in cuts), key=abs)
    return Difference(t, _ranks(spent[True], spent[False]), median(spent[True]) / median(spent[False]) - 1)


def apart(one: Ask, other: Ask, samples: int, bound: Bound, chance: random.Random) -> tuple[Difference, bool]:
    """What they differ by, and whether that reaches a bound: twice, with new samples, and the same way."""
    first = difference(one, other, samples, chance)
    if not bound.reached(first):
        return first, False
    again = difference(one, other, samples, chance)
    return min(first, again, key=lambda found: abs(found.share)), bound.reached(again) and again.share * first.share > 0


def _welch(one: list[int], other: list[int]) -> float:
    if min(len(one), len(other)) < 2:
        return 0.0
    spread = variance(one) / len(one) + variance(other) / len(other)
    return (fmean(one) - fmean(other)) / float(spread or 1) ** 0.5


def _ranks(one: list[int], other: list[int]) -> float:
    """How many standard deviations the ranks of the first are from what they would be by chance."""
    ordered = sorted([(spent, True) for spent in one] + [(spent, False) for spent in other])
    ranks = sum(place for place, (_spent, first) in enumerate(ordered, start=1) if first)
    mine, theirs = len(one), len(other)
    expected, spread = mine * (mine + theirs + 1) / 2, (mine * theirs * (mine + theirs + 1) / 12) ** 0.5
    return float((ranks - expected) / spread)


def timed(tries: int, seed: int, _city: SimpleNamespace, *names: str) -> Found:
    """Every question, by so many samples; of those that cost more, fewer, unless the level is the full one."""
    chance, found = random.Random(seed), dict[str, tuple[Difference, bool]]()
    least = {"commitment": tries, "number": tries // 8, "student": tries // 8, "page": tries // 20}
    asked = 0
    for name in names or tuple(BOUNDS):
        samples = tries if tries >= FULL else least[name]
        with transaction.atomic():
            one, other = QUESTIONS[name](chance)
            found[name] = apart(one, other, samples, BOUNDS[name][tries >= FULL], chance)
            transaction.set_rollback(True)
        asked += samples
    said = ", ".join(f"{name} t={one.t:+.1f} z={one.z:+.1f} {one.share:+.1%}" for name, (one, _) in found.items())
    return Found(asked, sum(differs for _one, differs in found.values()), said)


def _commitment(chance: random.Random) -> tuple[Ask, Ask]:
    key, place = DataKey(1, chance.randbytes(32)), Place("proofs.row", uuid4(), "sealed", "330902")
    sealed = [seal(key, b"x" * 40, place) for _ in range(64)]

    def ask(at: int) -> Ask:
        wrong = [one[:at] + bytes([one[at] ^ 1]) + one[at + 1 :] for one in sealed]

        def asked() -> None:
            try:
                unseal(key, chance.choice(wrong), place)
            except SealError:
                return
            raise AssertionError("it opens")

        return asked

    return ask(34), ask(HEADER - 1)


def _number(_chance: random.Random) -> tuple[Ask, Ask]:
    call({"caller_kind": "self", "caller_number": "13911111111"})
    with identity(actor("gao")):
        soon, gao = now(), actor("gao")

    def ask(number: str) -> Ask:
        def asked() -> None:
            with identity(gao):
                repeats.calls_since(number, soon, 7)

        return asked

    return ask("13911111111"), ask("13922222222")


def _student(_chance: random.Random) -> tuple[Ask, Ask]:
    """Wu's school is another one: what stands in Chen's files is nothing for her."""
    batch, wu = staged("20260001,000000000").batch, actor("wu")
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    actions.import_screening(actor=Actor.machine("import"), batch=fresh(batch))

    def ask(number: str) -> Ask:
        mark = index("student_number", f"xinghe/{number}")

        def asked() -> None:
            with identity(wu):
                assert not name_access.persons_numbered([mark])

        return asked

    with identity(Actor.machine("test")):
        assert Person.objects.filter(student_index=index("student_number", "xinghe/20260001")).exists()
    return ask("20260001"), ask("20260002")


def _page(_chance: random.Random) -> tuple[Ask, Ask]:
    """Ye's centre is another county's."""
    browsers, reference = Browsers(), call().reference

    def ask(which: str) -> Ask:
        return lambda: browsers.of("ye").get(f"/cases/{which}/")

    return ask(reference), ask(like(reference))


QUESTIONS: dict[str, Callable[[random.Random], tuple[Ask, Ask]]] = {
    "commitment": _commitment,
    "number": _number,
    "student": _student,
    "page": _page,
}


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each question by itself, with a comparison that stops early, or a look more at what is there."""
    plants = {}
    with mock.patch("wellbeing.vault.envelope.hmac.compare_digest", early):
        plants["commitment"] = timed(tries, seed, city, "commitment")
    with mock.patch.object(repeats, "calls_since", looking_at_a_number):
        plants["number"] = timed(tries // 4, seed, city, "number")  # seven times the work is heard in few
    with mock.patch.object(name_access, "persons_numbered", looking_at_a_student):
        plants["student"] = timed(tries, seed, city, "student")
    with looking():
        plants["page"] = timed(tries, seed, city, "page")
    return each_caught(plants)


def early(one: bytes, other: bytes) -> bool:
    """A comparison that stops at the first octet that differs; three times over, to be heard on a busy machine."""
    return [all(mine == theirs for mine, theirs in zip(one, other, strict=True)) for _again in range(3)][0]  # noqa: RUF015


def looking_at_a_number(number: str, at: Any, days: int) -> int:
    """The count, and by day where there is one."""
    count = COUNTED(number, at, days)
    for day in range(1, days if count else 0):
        COUNTED(number, at, day)
    return count


def looking_at_a_student(marks: list[bytes]) -> Any:
    """What she may see, and counts of the person's files for nobody."""
    with identity(Actor.machine("test")):
        found = Person.objects.filter(student_index__in=marks).first()
        for _again in range(3 if found else 0):
            Case.objects.filter(person=found).count()
    return NUMBERED(marks)


@contextmanager
def looking() -> Iterator[None]:
    """The page of a case looks at what exists before it refuses; twenty times over, which is as long again and more."""

    def opened(actor: Actor, reference: str, *more: Any) -> Case:
        try:
            return open_case(actor, reference, *more)
        except Forbidden:
            with identity(Actor.machine("test")):
                for case in Case.objects.filter(reference=reference):
                    for _again in range(20):
                        case.refresh_from_db()
            raise

    with mock.patch("cases.views.open_case", opened):
        yield


PROOF = Proof("CR-6", "questions whose answer takes longer", timed, planted, 1_600, 20_000, FULL, 1_600, city=True)

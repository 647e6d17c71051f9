"""CR-5: keys are rotated again and again under readers and writers, and the rotation is killed: every reading opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest import mock

import psycopg
from django.db import connection

from cases import actions
from cases.access import Purpose, reveal
from cases.models import Case, Section
from tests.proofs.proof import Found, Proof
from tests.stage import acknowledged, actor
from wellbeing.access.actor import identity
from wellbeing.vault import keys

READERS, WRITERS, CASES = 2, 2, 6
ROTATOR = """
import django; django.setup()
from wellbeing.custody.reasons import WhyRotate
from wellbeing.custody.rotating import retire, rotate
for kind in {kinds!r}:
    rotate(kind, {suite}, lambda *told: None, why=WhyRotate.SCHEDULED)
    print(kind, flush=True)
print(retire(wait=30, patience=0, why=WhyRotate.SCHEDULED), flush=True)
"""


@dataclass
class Crowd:
    """People who read and write the same files all the while."""

    cases: list[Case]
    stop: threading.Event = field(default_factory=threading.Event)
    readings: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def run(self, act: Callable[[random.Random], None], seed: int) -> None:
        chance = random.Random(seed)
        try:
            while not self.stop.is_set():
                self.once(act, chance)
                if chance.random() < 0.1:
                    keys.forget()  # as another process that has just started
        finally:
            connection.close()

    def once(self, act: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            act(chance)
            self.readings[act.__name__] += 1
        except Exception as error:
            self.faults.append(f"{act.__name__}: {type(error).__name__}")

    def read(self, chance: random.Random) -> None:
        """Everything of one file opens, and begins with the words it was written with."""
        zhou, case = actor("zhou"), chance.choice(self.cases)
        with identity(zhou):
            opened = reveal(zhou, case, Section.values, Purpose.CARE)
        assert any(entry.words.get("name") == "海风" for entry in opened.entries), "words are missing"

    def write(self, chance: random.Random) -> None:
        actions.follow_up(actor=actor("zhou"), case=chance.choice(self.cases), words={"note": "灯塔"})


@contextmanager
def crowd(seed: int) -> Iterator[Crowd]:
    made = Crowd([acknowledged({"caller_kind": "self", "name": "海风", "thoughts": "passive"}) for _ in range(CASES)])
    acts = [made.read] * READERS + [made.write] * WRITERS
    threads = [threading.Thread(target=made.run, args=(act, seed + n)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.stop.set()
        for thread in threads:
            thread.join()


def rotated(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """So many rotations of everything, every second one to the other suite and every third one killed and begun again;
    then, with nobody writing any more, what is replaced is retired once more, every file is read, and no old key may be
    left."""
    chance = random.Random(seed)
    with crowd(seed) as people:
        for number in range(tries):
            kinds, suite = ("root", "divisions", "words"), 2 - number % 2
            if number % 3 == 2:
                _rotator(city, kinds, suite, kill_after=chance.uniform(1.2, 2.5))
            _rotator(city, kinds, suite)
    _rotator(
        city, (), suite
    )  # what somebody held just then is left to the next round: this one has everything to itself
    for _ in range(4 * CASES):
        people.once(people.read, chance)
    faults = people.faults + _left(city, suite)
    return Found(sum(people.readings.values()), len(faults), f"{dict(people.readings)} {faults[:1] or ''}")


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where the old keys end at once instead of when nothing needs them."""
    with mock.patch(f"{__name__}.ROTATOR", HASTY + ROTATOR):
        return rotated(tries, seed, city)


HASTY = """
import django; django.setup()
from wellbeing.vault import rotation
from wellbeing.vault.models import DataKeyRow
seal_anew = rotation._write_anew
def hasty(held, old, key):
    seal_anew(held[:1], old, key)
    DataKeyRow.objects.filter(pk__in=list(old)).delete()
rotation._write_anew = hasty
"""


def _rotator(city: SimpleNamespace, kinds: tuple[str, ...], suite: int, kill_after: float = 0) -> None:
    """The rotation in a process of its own, on the role that may change keys."""
    program = ROTATOR.format(kinds=kinds, suite=suite)
    environment = {**os.environ, "DATABASE_URL": city.keys_url, "VAULT_SUITE": str(suite)}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE)
    if kill_after:
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return
    _out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()[-800:]


def _left(city: SimpleNamespace, suite: int) -> list[str]:
    """What should not be there any more: replaced keys, keys of the other suite, two active keys of a division."""
    questions = {
        "a replaced data key": "SELECT count(*) FROM vault.vault_datakey WHERE replaced_at IS NOT NULL",
        "a replaced division key": "SELECT count(*) FROM vault.vault_divisionkey WHERE replaced_at IS NOT NULL",
        "a rotation under way": "SELECT count(*) FROM vault.vault_rotation WHERE finished_at IS NULL",
        "a case of another suite": "SELECT count(*) FROM cases_case WHERE get_byte(cover, 1) <> %(suite)s",
    }
    with psycopg.connect(city.superuser_url) as admin:
        found = {what: admin.execute(sql, {"suite": suite}).fetchone()[0] for what, sql in questions.items()}  # type: ignore[index, arg-type]
    return [f"{count} × {what}" for what, count in found.items() if count]


PROOF = Proof("CR-5", "readings and writings that fail under rotation", rotated, planted, 1, 12, 50, city=True)

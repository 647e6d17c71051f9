"""The mutation score of the packages on which the promises rest: `make mutants`, or `make mutants ARGS="vault audit"`.

Of everything that could be changed in a package (mutation.py) a sample is drawn by SEED, SAMPLE of each; each change is
made in a process forked off one in which Django, the database and the tests are up already, and there the tests that
run the changed statement must fail: those named for its module first, then the quickest, for TESTS_SECONDS at most. Who
runs what is seen once, by running the package's tests without a change; one that fails there is not asked. A failure
counts only where the same tests in the same order pass without the change. What no test fails for in the time is a
survivor, also where no test of the package's list comes that way; so the score is rather too low than too high.

A busy machine makes nothing fail: what goes round and round is stopped by its seconds of a processor; what fails after
it stood still, or does not come back, is asked again, and must come back within ten times what the same tests take at
that moment without the change. A test that fails twice without a change is asked no more, and the others are.

ONLY="cases.tick referrals.tick:38" tries, instead of a sample, whatever stands in these modules or lines.

Planted, for each package: functions that only raise must be caught, and ones in which nothing is changed must survive.
"""

from __future__ import annotations

import ast
import builtins
import gc
import json
import math
import os
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import hypothesis
import psycopg
import pytest
from hypothesis import Phase

from tests.proofs.mutant_packages import PACKAGES, modules
from tests.proofs.mutation import Held, Place, Spot, changed, headed, heads, places, watched

GOAL = 0.9
SAMPLE = int(os.environ.get("SAMPLE", "150"))
SEED = int(os.environ.get("SEED", "20261126"))
SECONDS_EACH = float(os.environ.get("SECONDS_EACH", "3600"))  # of a package
ONLY = tuple(os.environ.get("ONLY", "").split())
TESTS_SECONDS = float(os.environ.get("TESTS_SECONDS", "12"))  # of a processor, for the tests of one mutant
SLOW_SECONDS = 60  # by the clock: a test that takes longer is not asked
STILL_SECONDS = 1  # by the clock: a test that fails after it stood still for longer, in all, may have been kept waiting
PLANTED = 3
PHASES = (Phase.explicit, Phase.generate)  # a failure is enough: none is shrunk
PLAIN = (
    *("-q", "-s", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:terminalreporter"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
Key = tuple[str, int, int]  # module, and Spot in it


@dataclass(slots=True)
class Seen:
    """One run of a list of tests: which failed first, how long that stood still, what each took of a processor, which
    statements each ran."""

    failed: str = ""
    still: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    runs: dict[str, set[Key]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


class Harness:
    """A pytest plugin that, instead of running the tests, scores one package with them."""

    def __init__(self, name: str) -> None:
        self.name, self.package = name, PACKAGES[name]
        self.failing: list[str] = []
        self.seen = Seen()
        self.clean: dict[tuple[str, ...], bool] = {}
        self.line = ""
        self.good = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failing.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Set the stage once, see who runs what, and try the sample."""
        self.items = {item.nodeid: item for item in session.items}
        self._stage(session)
        gc.unfreeze()  # what is frozen (conftest.py) is not found
        self.held = {module.__name__: Held.of(module) for module in modules(self.package)}
        gc.freeze()
        seen = self._forked(self._look, 3600)
        if seen is None:
            raise TimeoutError("who runs what was not seen in an hour")
        self.seen = seen
        for nodeid in self.seen.broken:
            print(f"  not asked, fails or takes long by itself: {nodeid}", flush=True)
        self._score()
        return True

    def _stage(self, session: pytest.Session) -> None:
        """Run one test that needs the database, so that it is up in every fork, and leave no connection open."""
        from django.db import connections

        for item in session.items:
            if "django_db_setup" in getattr(item, "fixturenames", ()):
                self._run(item.nodeid)
                break
        connections.close_all()

    def _run(self, nodeid: str) -> None:
        """Run one test; what it shares with those before it stays up, above all the database."""
        item = self.items[nodeid]
        item.session._setupstate.teardown_exact(item)
        another = next((one for one in self.items.values() if one is not item), None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=another)

    def _look(self) -> Seen:
        """Run every test once, while each statement of the package's functions says that it runs: a profiler would ask
        of every call there is, and take as long again."""
        seen, ran = Seen(), set[Key]()
        vars(builtins)["_running"] = lambda *key: ran.add(key)
        for held in self.held.values():
            held.put_in(watched(held.module, "_running"))
        for nodeid in self.items:
            if not any(self._passes(nodeid, seen, ran) for _twice in range(2)):
                seen.broken.append(nodeid)
        return seen

    def _passes(self, nodeid: str, seen: Seen, ran: set[Key]) -> bool:
        """Whether a test passes in the time that it may take; what it took and ran is noted."""
        ran.clear()
        self.failing.clear()
        begun, spent = time.monotonic(), time.process_time()
        self._run(nodeid)
        seen.seconds[nodeid], seen.runs[nodeid] = time.process_time() - spent, set(ran)
        return not self.failing and time.monotonic() - begun <= SLOW_SECONDS

    def _ask(self, nodeids: Iterable[str]) -> Seen:
        """Run these tests until one fails."""
        for nodeid in nodeids:
            before = time.monotonic() - time.process_time()
            self._run(nodeid)
            if self.failing:
                return Seen(failed=nodeid, still=time.monotonic() - time.process_time() - before)
        return Seen()

    def _forked(
        self, work: Callable[[], Seen], seconds: float, processor: float = resource.RLIM_INFINITY
    ) -> Seen | None:
        """What some work saw in a process of its own; None where it did not come back in these seconds by the clock, or
        died; `spins` where it took more of the processor than this."""
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.close(out)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nowhere, number)
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(processor), resource.RLIM_INFINITY))
                self.failing.clear()
                found = work()
                with os.fdopen(into, "w") as pipe:
                    runs = {one: sorted(ran) for one, ran in found.runs.items()}
                    json.dump([found.failed, found.still, found.seconds, runs, found.broken], pipe)
            finally:
                os._exit(0)
        os.close(into)
        timer = threading.Timer(seconds, lambda: os.killpg(child, signal.SIGKILL))
        timer.start()
        with os.fdopen(out) as pipe:
            told = pipe.read()
        timer.cancel()
        status = _end(child)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return Seen(failed="spins")
        return _seen(told) if told else None

    def _asked(self, module: str, spot: Spot | None) -> list[str]:
        """The tests that run this statement, in the order to ask them in. For None, a value of the module, which
        whoever imports it may read: every test of the package, those that read tables whole or run something of the
        module first."""
        parts = [one.strip("_") for one in module.split(".")[1:]]
        key = (module, *spot) if spot else None
        runs = {
            nodeid: any(one[0] == module for one in ran)
            for nodeid, ran in self.seen.runs.items()
            if nodeid not in self.seen.broken and (key is None or key in ran)
        }
        own = {one for one in runs if any(f"/test_{part}" in one for part in parts)}
        own |= {one for one in runs if key is None and one.startswith(self.package.tables)}
        inner = sorted(runs, key=lambda one: (one not in own, not runs[one], self.seen.seconds[one]))
        chosen, spent = [], 0.0
        for nodeid in inner:
            spent += self.seen.seconds[nodeid]
            if chosen and spent > TESTS_SECONDS:
                break
            chosen.append(nodeid)
        return chosen

    def _survives(self, module: str, tree: ast.Module, spot: Spot | None) -> str:
        """How a changed module ends: "" survives, else the test that failed (or `hangs`, `does not load`)."""
        held = self.held[module]

        def work(asked: list[str]) -> Seen:
            try:
                if not held.put_in(tree):
                    return Seen()
            except Exception as error:  # of a table: the program would not start; of code it says nothing
                return Seen(failed="" if spot else f"does not load: {type(error).__name__}")
            return self._ask(asked)

        while asked := self._asked(module, spot):
            end = self._sure(partial(work, asked), asked)
            if end not in asked or self._clean(asked[: asked.index(end) + 1]):
                return end
            self.seen.broken.append(end)
        return ""

    def _sure(self, work: Callable[[], Seen], asked: list[str]) -> str:
        """How the work ends, whatever else the machine does meanwhile."""
        processor = sum(self.seen.seconds[one] for one in asked)
        seconds, most = 60 + 20 * processor, 10 + 5 * processor
        found = self._forked(work, seconds, most)
        if found is None:
            takes = self._takes(asked)
            if takes is None:
                return ""
            found = self._forked(work, max(seconds, 10 * takes), most)
        elif found.still > STILL_SECONDS:
            found = self._forked(work, 10 * seconds, most)
        return "hangs" if found is None else found.failed

    def _clean(self, asked: list[str]) -> bool:
        """Whether these tests pass, in this order, where nothing is changed."""
        key = tuple(asked)
        if key not in self.clean:
            self.clean[key] = any(self._takes(asked) is not None for _twice in range(2))
            if not self.clean[key]:
                print(f"  asked no more, fails by itself now: {asked[-1]}", flush=True)
        return self.clean[key]

    def _takes(self, asked: list[str]) -> float | None:
        """How many seconds by the clock these tests take now, where nothing is changed; None where they do not pass."""
        begun = time.monotonic()
        found = self._forked(lambda: self._ask(asked), 600)
        return None if found is None or found.failed else time.monotonic() - begun

    def _score(self) -> None:
        every = [place for held in self.held.values() for place in places(held.module)]
        rng = random.Random(f"{SEED} {self.name}")
        sample = rng.sample(every, min(SAMPLE, len(every)))
        if ONLY:
            sample = [one for one in every if one.module in ONLY or f"{one.module}:{one.line}" in ONLY]
        until, tried, hung = time.monotonic() + SECONDS_EACH, 0, 0
        survivors: list[Place] = []
        for place in sample:
            if time.monotonic() > until:
                break
            tried += 1
            end = self._survives(place.module, changed(self.held[place.module].module, place), place.spot)
            hung += end in ("hangs", "spins")
            if not end:
                survivors.append(place)
                unasked = "" if self._asked(place.module, place.spot) else "  (no test comes here)"
                print(f"  survived {tried:>4}  {place.module}:{place.line}  {place.what}{unasked}", flush=True)
            elif tried % 25 == 0:
                print(f"  tried    {tried:>4}", flush=True)
        caught, passed = self._planted(rng)
        killed = tried - len(survivors)
        low, high = interval(killed, tried)
        self.good = killed >= GOAL * tried and caught == passed == PLANTED
        self.line = (
            f"MU     {'changes in ' + self.name + ' that no test finds':<40} {tried:>6,} tried of {len(every):,}"
            f" {len(survivors):>4} found (goal {math.floor((1 - GOAL) * tried)})  score {killed / max(tried, 1):.1%}"
            f" ({low:.1%} to {high:.1%}; {hung} by hanging)  planted: {caught} of {PLANTED} caught, {passed} of {PLANTED}"
            f" let pass  {'holds' if self.good else 'FAILS'}"
        )

    def _planted(self, rng: random.Random) -> tuple[int, int]:
        """Of functions that tests run: how many that only raise are caught, and how many without a change survive."""
        first = {(name, *head) for name, held in self.held.items() for head in heads(held.module)}
        ran = {key for one, keys in self.seen.runs.items() if one not in self.seen.broken for key in keys}
        caught = passed = 0
        for name, *head in rng.sample(sorted(ran & first), PLANTED):
            spot, module = (head[0], head[1]), self.held[name].module
            caught += bool(self._survives(name, headed(module, spot, "if 1 == 1: raise ZeroDivisionError"), spot))
            passed += not self._survives(name, headed(module, spot, "_unused = 'planted'"), spot)
        return caught, passed


def _seen(told: str) -> Seen:
    failed, still, seconds, runs, broken = json.loads(told)
    return Seen(failed, still, seconds, {one: {tuple(key) for key in keys} for one, keys in runs.items()}, broken)


def _end(child: int) -> int:
    """End whatever a fork started, and drop the city it may have left; how it ended."""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS city_master_{child} WITH (FORCE)")  # type: ignore[arg-type]
    return status


def interval(hits: int, tried: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, hits / tried
    middle, width = (
        share + z * z / (2 * tried),
        z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)),
    )
    return (middle - width) / (1 + z * z / tried), (middle + width) / (1 + z * z / tried)


def main(names: list[str]) -> int:
    """Score these packages, or all, and print the table; 1 when one misses the goal."""
    hypothesis.settings.register_profile("mutants", phases=PHASES, database=None)
    hypothesis.settings.load_profile("mutants")
    os.environ.setdefault("STEPS", "400")  # of a proof among the tests
    lines = []
    for name in names or PACKAGES:
        harness = Harness(name)
        pytest.main([*PLAIN, *PACKAGES[name].tests], plugins=[harness])
        print(harness.line, flush=True)
        lines.append(harness)
    print("\n" + "\n".join(one.line for one in lines))
    return int(not all(one.good for one in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

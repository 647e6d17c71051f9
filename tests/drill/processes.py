"""The product's processes as the drill's own children: started, killed without goodbye, started again."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from wellbeing.local.place import PROJECT
from wellbeing.local.processes import Kept, end_all
from wellbeing.local.run import _product

WORKERS, TICKERS = 3, 2


@dataclass
class Product:
    """One web server, three workers, two tickers. There is no celery beat: the ticker is the beat of this house."""

    port: int
    web: Kept
    workers: list[Kept]
    tickers: list[Kept]
    stopped: set[int] = field(default_factory=set)

    @property
    def all(self) -> list[Kept]:
        return [self.web, *self.workers, *self.tickers]

    def start(self) -> None:
        for child in self.all:
            child.start()
            if child is self.tickers[0]:
                time.sleep(1)  # the second one looks half a poll later, as two tickers on two machines would

    def stop(self) -> None:
        end_all(self.all)


def product(port: int, folder: Path, env: Mapping[str, str], off: Iterable[str] = ()) -> Product:
    """The commands of `make run`, with protections turned off for a control (settings.py, ticker.py)."""
    off = tuple(off)
    env = {**env, "PYTHONPATH": str(PROJECT), "DRILL_OFF": " ".join(off)}
    if off:
        env["DJANGO_SETTINGS_MODULE"] = "tests.drill.settings"
    web, worker, ticker = _product(port, env, folder)
    command = [sys.executable, "-m", "tests.drill.ticker"] if off else ticker.command
    return Product(
        port,
        web,
        [
            Kept(f"worker {n}", _one_at_a_time(worker, n), folder / f"worker{n}.log", more=worker.more)
            for n in range(WORKERS)
        ],
        [Kept(f"ticker {n}", command, folder / f"ticker{n}.log", more=ticker.more) for n in range(TICKERS)],
    )


def _one_at_a_time(worker: Kept, number: int) -> list[str]:
    """The worker's command with a name of its own (three run side by side) and one task at a time."""
    command = list(worker.command)
    command[command.index("--concurrency") + 1] = "1"
    return [*command, "-n", f"drill{number}@localhost"]


def kill(child: Kept) -> None:
    """SIGKILL a process and everything it started."""
    if child.process is None or child.process.poll() is not None:
        return
    every = _family(child)
    for one in every:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    child.process.wait()
    until = time.monotonic() + 10
    while any(_lives(one) for one in every) and time.monotonic() < until:
        time.sleep(0.005)


def _lives(one: psutil.Process) -> bool:
    """A dead one that its new parent has not yet buried holds nothing any more."""
    try:
        return one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def revive(child: Kept) -> None:
    """Start it again where it is dead: two faults of a round may have hit the same one."""
    if child.process is None or child.process.poll() is not None:
        child.start()


def kill_children(child: Kept) -> None:
    """SIGKILL what a process has started, and leave itself alive."""
    every = _family(child)[1:]
    for one in every:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def signal_all(child: Kept, what: signal.Signals) -> None:
    """Send a signal (SIGSTOP, SIGCONT) to a process."""
    if child.process is not None and child.process.poll() is None:
        os.kill(child.process.pid, what)


def _family(child: Kept) -> list[psutil.Process]:
    assert child.process is not None
    try:
        first = psutil.Process(child.process.pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []

"""From commit to the channel and to the desk's inbox, against a bare Celery no-op of the same run: a real worker, broker and database."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection

from cases import actions
from tests.bench import crowd
from tests.bench.figure import Figure, percentile
from tests.bench.handed import HASH
from tests.bench.noop import LIST, noop
from wellbeing.access.actor import Actor
from wellbeing.demo.red_case import WORDS
from wellbeing.local.processes import end, spawn
from wellbeing.outbox import bell
from wellbeing.people.models import User

WARM, CASES = 20, 200
POLL_SECONDS = 5.0  # how often a page asks for its notices


def figures(scale: str) -> Iterator[Figure]:
    """Median and p99 of 200 red cases: from commit to the channel, to the inbox, and to the screen."""
    crowd.database(10_000)
    lin = Actor.of(User.objects.get(username="lin"))
    address = settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    with _worker(), psycopg.connect(address, autocommit=True) as watcher:
        turns = [(*_notice(lin, watcher), _noop()) for _ in range(WARM + CASES)]  # in turns: noise falls on both
    handed, inbox, noops = zip(*turns[WARM:], strict=True)
    bare = statistics.median(noops)
    for name, ours, goals in (("handed to channel", handed, (2, 5)), ("inbox", inbox, (3, 10))):
        yield Figure(f"commit to {name} ÷ bare Celery no-op, median", statistics.median(ours) / bare, "times", goals[0])
        yield Figure(f"commit to {name} ÷ bare Celery no-op, p99", percentile(ours, 0.99) / bare, "times", goals[1])
    screen = (percentile(inbox, 0.99) + POLL_SECONDS) / POLL_SECONDS
    yield Figure("commit to screen, p99 ÷ one poll interval of 5 s", screen, "times", 1.1)


@contextmanager
def _worker() -> Iterator[None]:
    log = Path(tempfile.mkdtemp()) / "worker.log"
    name = connection.settings_dict["NAME"]
    env = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"}
    command = (
        "-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING"
        f" --include tests.bench.noop,tests.bench.handed -Q {env['CELERY_QUEUE']}"
    )
    process = spawn([sys.executable, *command.split(), "--without-gossip", "--without-mingle"], log=log, env=env)
    try:
        noop.apply_async()
        if _answer(60) is None:
            raise SystemExit("the worker did not start: " + log.read_text()[-500:])
        yield
    finally:
        end(process)


def _answer(seconds: int) -> Any:
    """What the worker pushed; None when it pushes nothing for so long. (The client itself would give up sooner.)"""
    return redis.Redis.from_url(settings.BROKER_URL, socket_timeout=seconds + 5).blpop([LIST], timeout=seconds)


def _noop() -> float:
    """Seconds from dispatch to run."""
    started = time.time()
    noop.apply_async()
    answer = _answer(10)
    assert answer is not None
    return float(answer[1]) - started


def _notice(lin: Actor, watcher: psycopg.Connection[Any]) -> tuple[float, float]:
    """Seconds from the commit of a red case until its notice is handed to the channel, and stands in the inbox."""
    with _committed() as moments:
        case = actions.take_call(actor=lin, call=actions.CallSheet(words=WORDS, division="330902"))
    target, started = f"case:{case.reference}", moments[0]
    while time.time() - started < 20:
        row = watcher.execute("SELECT 1 FROM outbox_inboxitem WHERE target = %s", [target]).fetchone()
        if row:
            arrived = time.time()
            at = redis.Redis.from_url(settings.BROKER_URL).hget(HASH, target)
            assert isinstance(at, bytes)
            return float(at) - started, arrived - started
        time.sleep(0.0005)
    raise SystemExit("a notice did not arrive within 20 s")


@contextmanager
def _committed() -> Iterator[list[float]]:
    """Notes when commits are done: the bell rings first thing after."""
    moments: list[float] = []
    ring = bell.ring

    def noted() -> None:
        moments.append(time.time())
        ring()

    bell.ring = noted
    try:
        yield moments
    finally:
        bell.ring = ring

"""From commit to the desk's inbox, against a bare Celery no-op of the same run: a real worker, broker and database."""

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
from tests.bench.noop import LIST, noop
from wellbeing.access.actor import Actor
from wellbeing.demo.red_case import WORDS
from wellbeing.local.processes import end, spawn
from wellbeing.people.models import User

CASES = 200
POLL_SECONDS = 5.0  # how often a page asks for its notices


def figures(scale: str) -> Iterator[Figure]:
    """Median and p99 from commit to inbox over 200 red cases, and to the screen."""
    crowd.database(10_000)
    lin = Actor.of(User.objects.get(username="lin"))
    address = settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    with _worker(), psycopg.connect(address, autocommit=True) as watcher:
        bare = [_noop() for _ in range(30 + CASES)][30:]
        ours = [_notice(lin, watcher) for _ in range(CASES)]
    yield Figure(
        "commit to inbox ÷ bare Celery no-op, median", statistics.median(ours) / statistics.median(bare), "times", 3
    )
    yield Figure(
        "commit to inbox ÷ bare Celery no-op, p99", percentile(ours, 0.99) / statistics.median(bare), "times", 10
    )
    screen = (percentile(ours, 0.99) + POLL_SECONDS) / POLL_SECONDS
    yield Figure("commit to screen, p99 ÷ one poll interval of 5 s", screen, "times", 1.1)


@contextmanager
def _worker() -> Iterator[None]:
    log = Path(tempfile.mkdtemp()) / "worker.log"
    name = connection.settings_dict["NAME"]
    env = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"}
    command = f"-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING --include tests.bench.noop -Q {env['CELERY_QUEUE']}"
    process = spawn([sys.executable, *command.split(), "--without-gossip", "--without-mingle"], log=log, env=env)
    try:
        noop.apply_async()
        if redis.Redis.from_url(settings.BROKER_URL).blpop([LIST], timeout=40) is None:
            raise SystemExit("the worker did not start: " + log.read_text()[-500:])
        yield
    finally:
        end(process)


def _noop() -> float:
    """Seconds from dispatch to run."""
    started = time.time()
    noop.apply_async()
    answer = redis.Redis.from_url(settings.BROKER_URL).blpop([LIST], timeout=10)
    assert answer is not None
    return float(answer[1]) - started


def _notice(lin: Actor, watcher: psycopg.Connection[Any]) -> float:
    """Seconds from the commit of a red case to its notice standing in the desk's inbox."""
    case = actions.take_call(actor=lin, call=actions.CallSheet(words=WORDS, division="330902"))
    committed = time.time()
    while time.time() - committed < 20:
        row = watcher.execute("SELECT 1 FROM outbox_inboxitem WHERE target = %s", [f"case:{case.reference}"]).fetchone()
        if row:
            return time.time() - committed
        time.sleep(0.0005)
    raise SystemExit("a notice did not arrive within 20 s")

"""The ticker's figures: as punctual with 100,000 clocks as with 100, with or without a broker; and what a warning costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from cases import actions
from cases.tick import tick
from tests.bench import crowd
from tests.bench.figure import Figure, percentile, quickest, ratio
from tests.bench.replay import insert_bare, inserts_of, superuser
from tests.stage import YELLOW
from wellbeing.access.actor import Actor
from wellbeing.ids import uuid7
from wellbeing.local.processes import end, free_port, spawn
from wellbeing.people.models import Desk, User
from wellbeing.web.management.commands.ticker import POLL_SECONDS

CASES, KINDS = 10_000, 10  # one clock of each kind per case: 100,000
TURNS = 61
DUE, WITHIN = 60, 20  # clocks that run out during the measure, within so many seconds
COPY = (
    "COPY cases_deadline (id, case_id, desk_id, kind, tier, tier_rank, policy_id, started_at, due_at, next_at, next_act,"
    " step, level, state) FROM STDIN"
)


def figures(scale: str) -> Iterator[Figure]:
    """Five figures: one tick, due to escalated, a dead broker, a warning."""
    crowd.database(CASES)
    superuser("DELETE FROM cases_escalation", "DELETE FROM cases_callback", "DELETE FROM cases_deadline")
    superuser("UPDATE cases_warning SET ring_at = NULL")
    _run(100)
    few = quickest(tick, times=41)
    _run(CASES * KINDS - 100, skip=100)
    many = quickest(tick, times=41)
    yield Figure("one tick at 100,000 idle clocks ÷ at 100", many / few, "times", 1.5)
    with _ticker():
        late = _escalated()
    yield Figure(
        "due to escalated with 100,000 clocks, p99 ÷ one tick", percentile(late, 0.99) / POLL_SECONDS, "ticks", 1.5
    )
    dead = {"BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"}
    with _ticker(**dead):
        waited = _delivered(dead)
    yield Figure(
        "dead broker: commit to channel, p99 ÷ one poll", percentile(waited, 0.99) / POLL_SECONDS, "polls", 1.5
    )
    yield Figure("raising a warning ÷ bare inserts of its rows", _raising(), "times", 3)


def _run(count: int, skip: int = 0) -> None:
    """Start clocks that run out in a month."""
    with _admin() as admin, admin.cursor() as cursor:
        row = cursor.execute("SELECT min(id), now() FROM cases_policyversion").fetchone()
        assert row is not None
        policy, at = row
        desk = Desk.objects.get(organisation__code="dinghai-centre", role="county_triage").pk
        far = at + timedelta(days=30)
        with cursor.copy(COPY) as rows:
            for number in range(skip, skip + count):
                case, kind = crowd.case_id(number // KINDS), f"bench_{number % KINDS}"
                rows.write_row(
                    (uuid7(), case, desk, kind, "yellow", 2, policy, at, far, far, "remind", 0, 0, "running")
                )
    with psycopg.connect(_address(), autocommit=True) as admin:
        admin.execute("ANALYZE cases_deadline")


def _escalated() -> list[float]:
    """Seconds from due to escalated, of clocks that run out at random moments."""
    ids: list[UUID] = []
    with _admin() as admin:
        for place in range(DUE):
            row = admin.execute(
                "UPDATE cases_deadline SET due_at = now() + %(after)s, next_at = now() + %(after)s, next_act = 'escalate'"
                " WHERE case_id = %(case)s AND kind = 'bench_0' RETURNING id",
                {"after": timedelta(seconds=3 + WITHIN * place / DUE), "case": crowd.case_id(100 + place)},
            ).fetchone()
            assert row is not None
            ids.append(row[0])
    rows = _wait(
        "SELECT e.at, d.due_at FROM cases_escalation e JOIN cases_deadline d ON d.id = e.deadline_id WHERE d.id = ANY(%s)",
        [ids],
        DUE,
    )
    return [(at - due).total_seconds() for at, due in rows]


WRITER = """
import sys, time, django
django.setup()
from cases import actions
from wellbeing.access.actor import Actor
from wellbeing.demo.red_case import WORDS
from wellbeing.people.models import User
lin = Actor.of(User.objects.get(username="lin"))
for place in range(int(sys.argv[1])):
    case = actions.take_call(actor=lin, call=actions.CallSheet(words=WORDS, division="330902"))
    print(case.reference, time.time(), flush=True)
    time.sleep(0.37)
"""


def _delivered(env: dict[str, str]) -> list[float]:
    """Seconds from a commit to its notice being claimed for a channel, while no broker answers."""
    done = subprocess.run(
        [sys.executable, "-c", WRITER, "40"],
        env=_env(**env),
        capture_output=True,
        text=True,
        check=True,
        cwd=os.getcwd(),
    )
    committed = dict(line.split() for line in done.stdout.splitlines())
    targets = [f"case:{reference}" for reference in committed]
    sql = (
        "SELECT target, min(done_at) FROM outbox_notice WHERE target = ANY(%s) AND done_at IS NOT NULL GROUP BY target"
    )
    return [
        at.timestamp() - float(committed[target.removeprefix("case:")])
        for target, at in _wait(sql, [targets], len(targets))
    ]


def _raising() -> float:
    """Raising a case to red by the action, against the same rows inserted bare for other cases."""
    lin = Actor.of(User.objects.get(username="lin"))
    call = actions.CallSheet(words=YELLOW, division="330902")
    ours = [actions.take_call(actor=lin, call=call) for _ in range(TURNS + 4)]
    others = [actions.take_call(actor=lin, call=call) for _ in range(TURNS + 4)]
    superuser("UPDATE cases_deadline SET state = 'void', next_at = NULL", "UPDATE cases_warning SET ended_at = now()")
    one = ours.pop()
    rows = inserts_of(lambda: actions.raise_tier(actor=lin, case=one, to="red"))
    raised = ", ".join(f"'{other.pk}'" for other in others)  # a warning begins with its case's tier
    superuser(f"UPDATE cases_case SET tier = 'red' WHERE id IN ({raised})")
    return ratio(
        lambda: actions.raise_tier(actor=lin, case=ours.pop(), to="red"),
        lambda: insert_bare(lin, rows, {one.pk: others.pop().pk}),
        times=TURNS,
    )


def _wait(sql: str, values: list[Any], rows: int) -> list[tuple[Any, ...]]:
    with psycopg.connect(_address(), autocommit=True) as admin:
        for _try in range(600):
            found = admin.execute(sql, values).fetchall()
            if len(found) >= rows:
                return found
            time.sleep(0.1)
    raise SystemExit(f"only {len(found)} of {rows} arrived within a minute")


@contextmanager
def _ticker(**more: str) -> Iterator[None]:
    log = Path(tempfile.mkdtemp()) / "ticker.log"
    process = spawn([sys.executable, "manage.py", "ticker"], log=log, env=_env(**more))
    try:
        _wait("SELECT 1 FROM outbox_heartbeat WHERE name = 'ticker' AND beat_at > %s", [datetime.now().astimezone()], 1)
        yield
    finally:
        end(process)


def _env(**more: str) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    base = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}", "PYTHONPATH": "."}
    return base | more


def _address() -> str:
    return settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(_address())

"""Wrapping 100,000 data keys by new division keys, against a bare UPDATE of the same rows, with readers all the while."""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
from django.db import connection

from tests.bench import crowd
from tests.bench.figure import Figure
from tests.bench.replay import database_url, superuser
from wellbeing.access.actor import Actor, identity
from wellbeing.custody import rotating
from wellbeing.custody.reasons import WhyRotate
from wellbeing.vault import keys
from wellbeing.vault.envelope import DataKey
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

MACHINE = Actor.machine("import")
TURNS = 5
READER = """
import django, json, os; django.setup()
from tests.bench.keys import read
read(os.environ["BENCH_NAME"], json.loads(os.environ["BENCH_HELD"]))
"""


def figures(scale: str) -> Iterator[Figure]:
    """Two figures: the ratio, and how many readings failed."""
    count = 100_000 if scale == "full" else 10_000
    crowd.database(10_000, "keys_")  # other figures write rows of keys bare, under numbers at which they do not open
    held = _fill(count)
    connection.close()
    _as_custodian()
    environment = {**os.environ, "BENCH_NAME": connection.settings_dict["NAME"], "BENCH_HELD": json.dumps(held)}
    reader = subprocess.Popen(
        [sys.executable, "-c", READER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reader.stdout and reader.stdout.readline() == b"ready\n"
    _rotated(count)  # leaves room on every page, which both then find
    turns = [(_rotated(count), _bare()) for _ in range(TURNS)]
    failed, read = json.loads(reader.communicate(b"stop\n", timeout=60)[0])
    ours, base = (statistics.median(one) for one in zip(*turns, strict=True))
    yield Figure(f"wrapping {count:,} data keys anew ÷ a bare UPDATE of the rows", ours / base, "times", 2)
    yield Figure(f"readings that failed meanwhile, of {read:,}", failed, "", 0)
    keys.forget()


def _rotated(count: int) -> float:
    """Seconds of a rotation of all divisions, from its beginning to its end."""
    superuser("VACUUM vault.vault_datakey")
    started = time.perf_counter()
    done = rotating.rotate("divisions", 1, lambda *told: None, why=WhyRotate.SCHEDULED)
    assert done >= count
    return time.perf_counter() - started


def _bare() -> float:
    """Seconds of the base beside the same readers: one statement that writes the same two columns of the same rows,
    another key's number and the very bytes that stand there, with the checks of foreign keys that its commit would
    make."""
    superuser("VACUUM vault.vault_datakey")
    with psycopg.connect(database_url()) as admin:
        started = time.perf_counter()
        admin.execute(
            "UPDATE vault.vault_datakey SET wrapped = wrapped || ''::bytea, division_key_id ="
            " (SELECT id FROM vault.vault_divisionkey WHERE replaced_at IS NOT NULL ORDER BY replaced_at DESC LIMIT 1)"
        )
        admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
        base = time.perf_counter() - started
        admin.rollback()
    return base


def _fill(count: int) -> list[int]:
    """So many more data keys of cases that nobody holds, as the application writes them; the ids of some."""
    superuser("DELETE FROM vault.vault_datakey WHERE owner_kind = 'bench'")
    rows = []
    with identity(MACHINE):
        division = keys._active_division("330902")
        for number in range(count):
            key, owner = DataKey(secrets.randbits(63), secrets.token_bytes(32)), crowd.case_id(number)
            rows.append((key.id, "bench", owner, division, 1, keys.wrap(division, key, "bench", owner), now()))
    with psycopg.connect(database_url()) as admin, admin.cursor() as cursor:
        columns = "id, owner_kind, owner_id, division_key_id, suite, wrapped, created_at"
        with cursor.copy(f"COPY vault.vault_datakey ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        admin.commit()
        admin.autocommit = True
        admin.execute("VACUUM ANALYZE vault.vault_datakey")
    return [row[0] for row in rows[:: max(1, count // 500)]]


def _as_custodian() -> None:
    name, secret = os.environ["KEYS_DATABASE_URL"].split("//")[1].split("@")[0].split(":")
    connection.settings_dict.update(USER=name, PASSWORD=secret)


def read(name: str, held: list[int]) -> None:
    """In a process of its own: unwrap keys as a door does, row by row, until a line comes in."""
    _as_custodian()
    connection.settings_dict["NAME"] = name
    stop, failed, count = threading.Event(), 0, 0
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    print("ready", flush=True)
    while not stop.is_set():
        try:
            with identity(MACHINE):
                keys.unwrap(DataKeyRow.objects.get(pk=held[count % len(held)]))
        except Exception:
            failed += 1
        count += 1
    print(json.dumps([failed, count]), flush=True)

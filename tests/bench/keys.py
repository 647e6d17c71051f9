"""Wrapping 100,000 data keys by new division keys, against a bare UPDATE of the same rows, with readers all the while."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from tests.bench import crowd
from tests.bench.figure import Figure
from tests.bench.replay import superuser
from wellbeing.access.actor import Actor, identity
from wellbeing.custody import rotating
from wellbeing.vault import keys
from wellbeing.vault.envelope import DataKey
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

MACHINE = Actor.machine("import")
READERS = 2


def figures(scale: str) -> Iterator[Figure]:
    """Two figures: the ratio, and how many readings failed."""
    count = 100_000 if scale == "full" else 10_000
    crowd.database(10_000)
    held = _fill(count)
    connection.close()
    _as_custodian()
    failed, stop = [0, 0], threading.Event()
    readers = [threading.Thread(target=_read, args=(held, stop, failed)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    started = time.perf_counter()
    done = rotating.rotate("divisions", 1, lambda *told: None)
    ours = time.perf_counter() - started
    # the base beside the same readers: the very bytes that stand in the rows now, written once more
    url = settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    with psycopg.connect(url) as admin:
        started = time.perf_counter()
        admin.execute(
            "UPDATE vault.vault_datakey SET wrapped = wrapped || ''::bytea, division_key_id = division_key_id + 0"
        )
        admin.commit()
        base = time.perf_counter() - started
    stop.set()
    for reader in readers:
        reader.join()
    assert done >= count
    yield Figure(f"wrapping {done:,} data keys anew ÷ a bare UPDATE of the rows", ours / base, "times", 2)
    yield Figure(f"readings that failed meanwhile, of {failed[1]:,}", failed[0], "", 0)
    keys.forget()


def _fill(count: int) -> list[int]:
    """So many more data keys of cases that nobody holds, as the application writes them; the ids of some."""
    superuser("DELETE FROM vault.vault_datakey WHERE owner_kind = 'bench'")
    rows = []
    with identity(MACHINE):
        division = keys._active_division("330902")
        for number in range(count):
            key, owner = DataKey(secrets.randbits(63), secrets.token_bytes(32)), crowd.case_id(number)
            rows.append((key.id, "bench", owner, division, 1, keys.wrap(division, key, "bench", owner), now()))
    url = settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    with psycopg.connect(url) as admin, admin.cursor() as cursor:
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


def _read(held: list[int], stop: threading.Event, failed: list[int]) -> None:
    """Unwrap keys as a door does, row by row, until told to stop."""
    at = 0
    try:
        while not stop.is_set():
            at += 1
            try:
                with identity(MACHINE):
                    row: Any = DataKeyRow.objects.get(pk=held[at % len(held)])
                    keys.unwrap(row)
            except Exception:
                failed[0] += 1
            failed[1] += 1
    finally:
        connection.close()

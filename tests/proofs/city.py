"""What a proof does to the city that it has for itself: it lets time pass, and takes a wall away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import psycopg
from django.db import connection


class Clock:
    """This connection's clock, which only goes forward; what is committed meanwhile is of its time."""

    def __init__(self) -> None:
        self.later = timedelta()

    def wait(self, **span: float) -> None:
        """Let time pass: `wait(hours=3)`."""
        self.later += timedelta(**span)
        _set(f"{self.later.total_seconds()} seconds")


@contextmanager
def clock() -> Iterator[Clock]:
    """A clock of the block's own; after it the time is the machine's again."""
    try:
        yield Clock()
    finally:
        _set("")


def _set(offset: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock_offset', %s, false)", [offset])


def may_stand_idle() -> None:
    """This transaction may, to its end: a browser, or the proof itself, takes its time between two questions."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def unwalled(city: SimpleNamespace, table: str) -> Iterator[None]:
    """A table without row-level security while the block runs."""
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        try:
            yield
        finally:
            admin.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")

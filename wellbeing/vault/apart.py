"""A transaction of its own, beside the one that runs: what is made in it is there at once and for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection


@contextmanager
def apart() -> Iterator[Any]:
    """A cursor on a second connection, as a machine; commits on leaving.

    Keys that many transactions need are made here: whoever makes two of them holds no lock on the first while he waits
    for the second, so two makers never wait for each other, and no key that others already use is rolled back.
    """
    with closing(connection.copy()) as second, second.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT set_config('app.system', 'on', true)")
        yield cursor
        cursor.execute("COMMIT")

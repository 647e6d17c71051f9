"""This process in another role of the database: its owner, its master, whoever may change keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection


@contextmanager
def working_as(url: str) -> Iterator[None]:
    """Work with the role of this address, in the same database, while the block runs."""
    before, role = dict(connection.settings_dict), urlsplit(url)
    connection.close()
    connection.settings_dict.update(USER=role.username, PASSWORD=role.password or "")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)

"""Named keys: one per purpose and period, random, wrapped by the root key, made on first use."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Any

from django.db import connection

from wellbeing.vault.apart import apart
from wellbeing.vault.envelope import SealError
from wellbeing.vault.providers import KEEP_SECONDS, provider

_lock = threading.Lock()
_held: dict[tuple[str, str], tuple[float, bytes]] = {}
_none: set[tuple[str, str]] = set()


def named_key(purpose: str, period: str = "") -> bytes:
    """The 32 bytes of a purpose and period; the same for every process until the row is destroyed.

    Kept in the process for ten minutes. SealError when its row does not unwrap.
    """
    if (secret := _kept(purpose, period)) is not None:
        return secret
    with apart() as cursor:
        row = _find(cursor, purpose, period) or _make(cursor, purpose, period)
    return _unwrapped(purpose, period, *row)


def existing_key(purpose: str, period: str, *, over: bool = False) -> bytes | None:
    """The same where there is one, for periods whose keys may be destroyed: this never makes one. Of a period that is
    `over` it is remembered that there is none: no key is made for it any more, and to look costs a connection."""
    if (purpose, period) in _none:
        return None
    if (secret := _kept(purpose, period)) is not None:
        return secret
    with apart() as cursor:
        row = _find(cursor, purpose, period)
    if row is not None:
        return _unwrapped(purpose, period, *row)
    if over:
        with _lock:
            _none.add((purpose, period))
    return None


def any_before(purpose: str, period: str) -> bool:
    """Whether a purpose has a key whose period sorts before this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM vault_namedkey WHERE purpose = %s AND period <> '' AND period < %s)",
            [purpose, period],
        )
        return bool(cursor.fetchone()[0])


def destroy_before(purpose: str, period: str) -> int:
    """Destroy the keys of a purpose whose period sorts before this one, in the running transaction; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM vault_namedkey WHERE purpose = %s AND period <> '' AND period < %s", [purpose, period]
        )
        return int(cursor.rowcount)


def context(purpose: str, period: str) -> bytes:
    """What a named key is bound to when it is wrapped."""
    return f"{purpose}\x00{period}".encode()


def forget() -> None:
    """Drop the keys held in this process."""
    with _lock:
        _held.clear()
        _none.clear()


def _kept(purpose: str, period: str) -> bytes | None:
    """A key of this process that is less than ten minutes old."""
    until, secret = _held.get((purpose, period), (0.0, None))
    return secret if until > time.monotonic() else None


def _unwrapped(purpose: str, period: str, wrapped: bytes, version: int) -> bytes:
    secret = provider(holding=version).unwrap("named", context(purpose, period), bytes(wrapped), version)
    with _lock:
        _held[purpose, period] = (time.monotonic() + KEEP_SECONDS, secret)
    return secret


def _find(cursor: Any, purpose: str, period: str) -> tuple[bytes, int] | None:
    cursor.execute(
        "SELECT wrapped, root_version FROM vault_namedkey WHERE purpose = %s AND period = %s", [purpose, period]
    )
    row: tuple[bytes, int] | None = cursor.fetchone()
    return row


def _make(cursor: Any, purpose: str, period: str) -> tuple[bytes, int]:
    version, wrapped = provider().wrap("named", context(purpose, period), secrets.token_bytes(32))
    cursor.execute(
        "INSERT INTO vault_namedkey (purpose, period, wrapped, root_version, created_at)"
        " VALUES (%s, %s, %s, %s, now()) ON CONFLICT (purpose, period) DO NOTHING",
        [purpose, period, wrapped, version],
    )
    row = _find(cursor, purpose, period)
    if row is None:  # another made it and it was destroyed in the same moment
        raise SealError
    return row

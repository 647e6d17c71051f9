"""Guessing is slowed down, and nobody is locked out by somebody else's guesses.

A browser that has signed in before has a counter of its own. Every other try counts three times: for the account from
this address, for the account, and for the address. After some failures each next try of that counter must wait, twice
as long as the one before; the account's own wait stays short, because strangers can cause it. The numbers are defaults
of ours (OWASP ASVS 5.0, 6.3.1, asks for such a control and fixes none).
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN
from wellbeing.audit.record import SYSTEM_STREAM, record
from wellbeing.audit.tags import Tag
from wellbeing.vault.blind_index import index


class Counter(StrEnum):
    """What failures are counted for: a known browser; an account from one address; either of them."""

    DEVICE = "device"
    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"


# Tries that cost nothing, and the longest wait in seconds; the first wait is FIRST_WAIT.
LIMITS = {
    Counter.DEVICE: (5, 900),
    Counter.PAIR: (5, 900),
    Counter.ACCOUNT: (15, 60),
    Counter.ADDRESS: (50, 60),
}
FIRST_WAIT = 15
FORGOTTEN = timedelta(hours=1)  # after the last failure
COOKIE, COOKIE_DAYS, COOKIE_ACCOUNTS = "device", 180, 8


class Slowed(Exception):
    """Too many failures: the next try counts after so many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a door (`password` or `second`), counted as failed until it has succeeded."""

    keys: tuple[tuple[Counter, bytes], ...]

    def succeeded(self) -> None:
        """Forget the failures before it. An address keeps those of its other visitors."""
        with identity(SIGNIN), connection.cursor() as cursor:
            for kind, key in self.keys:
                if kind is Counter.ADDRESS:
                    cursor.execute("UPDATE signin_tries SET failed = greatest(failed - 1, 0) WHERE key = %s", [key])
                else:
                    cursor.execute("DELETE FROM signin_tries WHERE key = %s", [key])


def begin_try(request: HttpRequest, door: str, username: str) -> Try:
    """Count a try before it is looked at, so that many at once are no way round. Raises Slowed; then it was none."""
    keys = tuple((kind, index("tries", f"{door}/{kind}/{word}")) for kind, word in _words(request, username))
    with identity(SIGNIN):
        at, rows = _locked([key for _kind, key in keys])
        # A try in the future: the clock was set back since, and nobody waits for what may be a day.
        waits = [until for _failed, last, until in rows.values() if last <= at < until]
        if waits:
            raise Slowed(int((max(waits) - at).total_seconds()) + 1)
        for kind, key in keys:
            failed, last, _until = rows[key]
            _count(kind, key, 1 if last < at - FORGOTTEN else failed + 1, at)
    return Try(keys)


def remember(request: HttpRequest, response: HttpResponse, username: str) -> HttpResponse:
    """Note in the browser that this account has signed in with it."""
    known = {tag: token for tag, token in _devices(request).items() if tag != _tag(username)}
    kept = [*list(known.items())[-COOKIE_ACCOUNTS + 1 :], (_tag(username), secrets.token_urlsafe(16))]
    response.set_signed_cookie(
        _cookie(),
        ",".join(f"{tag}.{token}" for tag, token in kept),
        salt=COOKIE,
        max_age=COOKIE_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget() -> None:
    """Drop the counters that nobody has moved for a day; the ticker calls it."""
    with identity(SIGNIN), connection.cursor() as cursor:
        cursor.execute("DELETE FROM signin_tries WHERE last_at < app_now() - interval '1 day'")


def address_of(request: HttpRequest) -> str:
    """Whose address it is: as the nearest trusted proxy saw it; of IPv6 the network: a house has 2^64 of them. What a
    socket of both kinds writes of an IPv4 visitor (::ffff:192.0.2.1) is that address: all of them share one network."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    given = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        found = ip_address(given)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def _words(request: HttpRequest, username: str) -> Iterable[tuple[Counter, str]]:
    name = _account(username)
    device = _devices(request).get(_tag(username))
    if device:
        return [(Counter.DEVICE, device)]
    address = address_of(request)
    return [(Counter.PAIR, f"{address}/{name}"), (Counter.ACCOUNT, name), (Counter.ADDRESS, address)]


def _locked(keys: list[bytes]) -> tuple[datetime, dict[bytes, tuple[int, datetime, datetime]]]:
    """The moment, and failures, last try and end of the wait by key; made where there are none, and locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signin_tries (key, failed, last_at, until)"
            " SELECT key, 0, app_now(), app_now() FROM unnest(%s::bytea[]) key ORDER BY key ON CONFLICT DO NOTHING",
            [keys],
        )
        cursor.execute(
            "SELECT key, failed, last_at, until, app_now() FROM signin_tries WHERE key = ANY(%s)"
            " ORDER BY key FOR UPDATE",
            [keys],
        )
        rows = cursor.fetchall()
    return rows[0][4], {bytes(key): (failed, last, until) for key, failed, last, until, _at in rows}


def _count(kind: Counter, key: bytes, failed: int, at: datetime) -> None:
    free, longest = LIMITS[kind]
    wait = min(longest, FIRST_WAIT << min(failed - free, 10)) if failed >= free else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE signin_tries SET failed = %s, last_at = %s, until = %s WHERE key = %s",
            [failed, at, at + timedelta(seconds=wait), key],
        )
    if failed == free:  # said once, when the slowing begins
        record(stream=SYSTEM_STREAM, act=Tag.SIGN_IN_LOCKED, actor=SIGNIN, facts={"by": kind})


def _devices(request: HttpRequest) -> dict[str, str]:
    given = request.get_signed_cookie(_cookie(), default="", salt=COOKIE, max_age=COOKIE_DAYS * 86_400) or ""
    return dict(part.split(".", 1) for part in given.split(",") if "." in part)


def _tag(username: str) -> str:
    return index("tries", f"device/{_account(username)}", bits=64).hex()


def _account(username: str) -> str:
    """The name as the form of signing in reads it, which drops blanks: no other writing of a name has counters of its
    own."""
    return unicodedata.normalize("NFKC", username).strip()


def _cookie() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE

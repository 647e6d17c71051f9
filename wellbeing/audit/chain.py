"""The hash chain of one stream of events. Pure.

h(n) = SHA-256(0x00 || h(n-1) || n as 8 bytes || body), with 32 zero bytes before the first; each hash carries a MAC
under a key that the database does not have, so whoever can rewrite rows cannot rewrite a chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

GENESIS = bytes(32)


def plain(value: Any) -> Any:
    """A fact as JSON. Only codes pass: numbers, enum members, ids, moments, and lists of them; a text is TypeError."""
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and hasattr(type(value), "choices"):
        return str(value)  # a Django TextChoices member
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    raise TypeError(f"facts hold codes, not {type(value).__name__}")


def body_bytes(fields: Mapping[str, Any]) -> bytes:
    """The canonical form of an event's fields."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def link(previous: bytes, seq: int, body: bytes) -> bytes:
    """The hash of event `seq` after the hash of the one before."""
    return hashlib.sha256(b"\x00" + previous + seq.to_bytes(8, "big") + body).digest()


def mac(key: bytes, digest: bytes) -> bytes:
    """The MAC of a hash."""
    return hmac.digest(key, digest, "sha256")


@dataclass(frozen=True, slots=True)
class Link:
    """One event as stored."""

    stream: UUID
    seq: int
    body: bytes
    hash: bytes
    mac: bytes


class What(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT = "cut"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Fault:
    stream: UUID
    seq: int
    what: What


def check(stream: UUID, links: Iterable[Link], head: tuple[int, bytes] | None, key: bytes) -> list[Fault]:
    """Walk one stream in order of its numbers against its head; every fault with the number where it shows."""
    faults: list[Fault] = []
    previous, wanted = GENESIS, 1
    for one in links:
        if one.seq > wanted:
            faults.append(Fault(stream, wanted, What.REMOVED))
        elif one.seq < wanted:
            faults.append(Fault(stream, one.seq, What.INSERTED))
        if link(previous, one.seq, one.body) != one.hash:
            faults.append(Fault(stream, one.seq, What.CHANGED))
        elif not hmac.compare_digest(mac(key, one.hash), one.mac):
            faults.append(Fault(stream, one.seq, What.UNSIGNED))
        previous, wanted = one.hash, one.seq + 1
    if head is None or head != (wanted - 1, previous):
        faults.append(Fault(stream, wanted, What.CUT))
    return faults

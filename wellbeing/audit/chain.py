"""The hash chain of one stream of events. Pure.

h(n) = SHA-256(0x00 || h(n-1) || n as 8 bytes || body), with 32 zero bytes before the first; each hash carries a MAC
under a key that the database does not have, so whoever can rewrite rows cannot rewrite a chain. The head, which says
where the chain ends, carries a MAC as well, or its tail could be cut and the head set back. What is left to an owner
of the database: putting back a head that once was valid, or taking away a whole stream with its head. That is what
the tree and its checkpoints are for (see examine.py).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def plain(value: Any) -> Any:
    """A fact as JSON. Only codes pass: numbers, enum members, ids, moments, and lists of them; a text is TypeError."""
    if isinstance(value, str) and isinstance(value, Enum):
        return value.value  # a StrEnum's or a Django TextChoices' member
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    raise TypeError(f"facts hold codes, not {type(value).__name__}")


def codes(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON; a name that is no ASCII identifier is a text too, and a TypeError."""
    for name in facts:
        if not (name.isascii() and name.isidentifier()):
            raise TypeError("facts are named by codes")
    return {name: plain(value) for name, value in facts.items()}


def body_bytes(fields: Mapping[str, Any]) -> bytes:
    """The canonical form of an event's fields."""
    return _canonical.encode(fields).encode()


def link(previous: bytes, seq: int, body: bytes) -> bytes:
    """The hash of event `seq` after the hash of the one before."""
    return hashlib.sha256(b"\x00" + previous + seq.to_bytes(8, "big") + body).digest()


def mac(key: bytes, digest: bytes) -> bytes:
    """The MAC of a hash."""
    return hmac.digest(key, digest, "sha256")


def head_mac(key: bytes, stream: UUID, seq: int, digest: bytes) -> bytes:
    """The MAC of a head: 57 bytes under it where an event's has 32, so that neither passes for the other."""
    return hmac.digest(key, b"\x01" + stream.bytes + seq.to_bytes(8, "big") + digest, "sha256")


@dataclass(frozen=True, slots=True)
class Link:
    """One event as stored."""

    stream: UUID
    seq: int
    body: bytes
    hash: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Top:
    """A head as stored: the last number and hash of a stream, and their MAC."""

    seq: int
    hash: bytes
    mac: bytes | None


class What(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT = "cut"
    UNSIGNED = "unsigned"
    HEAD = "head rewritten"
    # of the tree: without a stream, by the number of a leaf or the size of a checkpoint
    OUTSIDE = "not in the tree"
    MISPLACED = "misplaced in the tree"
    GONE = "gone from under the tree"
    UNLIKE = "unlike its checkpoint"
    FORGED = "checkpoint not signed"
    SKIPPED = "a checkpoint before it is gone"
    TILE = "stored tree changed"
    WITNESS = "unlike what a witness saw"
    ROLLED_BACK = "behind what a witness saw"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at an event of a stream, or in the tree."""

    stream: UUID | None
    seq: int
    what: What

    def __str__(self) -> str:
        where = f"stream {self.stream} event" if self.stream else "tree at"
        return f"{self.what} {where} {self.seq}"


def check(stream: UUID, links: Iterable[Link], head: Top | None, key: bytes | None) -> list[Fault]:
    """Walk one stream in order of its numbers against its head; every fault with the number where it shows. Without
    the key no MAC is looked at."""
    faults: list[Fault] = []
    previous, wanted = GENESIS, 1
    for one in links:
        if one.seq < 1:  # a number that no event of ours has
            faults.append(Fault(stream, one.seq, What.INSERTED))
            continue
        if one.seq > wanted:
            faults.append(Fault(stream, wanted, What.REMOVED))
        elif one.seq < wanted:
            faults.append(Fault(stream, one.seq, What.INSERTED))
        if link(previous, one.seq, one.body) != one.hash:
            faults.append(Fault(stream, one.seq, What.CHANGED))
        elif key and not hmac.compare_digest(mac(key, one.hash), one.mac):
            faults.append(Fault(stream, one.seq, What.UNSIGNED))
        previous, wanted = one.hash, one.seq + 1
    if head is None or (head.seq, head.hash) != (wanted - 1, previous):
        faults.append(Fault(stream, wanted, What.CUT))
    elif key and head.seq and not hmac.compare_digest(head_mac(key, stream, head.seq, head.hash), head.mac or b""):
        faults.append(Fault(stream, head.seq, What.HEAD))
    return faults

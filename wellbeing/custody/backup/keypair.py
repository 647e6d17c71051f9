"""The key pair of backups: the public half lies on the server, the private one in a safe. Pure.

A file, or a line on paper, is `wellbeing-backup-KIND`, the bytes in hex in groups of eight, and eight letters more of
their SHA-256, so that a slip of whoever types it from paper is noticed. The private half may go as two parts into two
envelopes: each by itself is random bytes, both together (exclusive or) are the key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

PUBLIC, PRIVATE, PART = "wellbeing-backup-public", "wellbeing-backup-private", "wellbeing-backup-part"
SIZE = 32


class BadKey(ValueError):
    """What was read is no such key; says why and shows none of it."""


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """A new key pair; nothing prints it."""

    private: bytes

    @classmethod
    def new(cls) -> Pair:
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> bytes:
        return X25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    def parts(self) -> tuple[bytes, bytes]:
        """Two parts for two envelopes; made anew at every call."""
        first = os.urandom(SIZE)
        return first, _xor(first, self.private)


def joined(first: str, second: str) -> Pair:
    """The pair of the two parts as they were written down. Raises BadKey."""
    return Pair(_xor(_read(first, PART), _read(second, PART)))


def public_key(text: str) -> X25519PublicKey:
    """The public half as it stands in its file. Raises BadKey, for the private half above all."""
    return X25519PublicKey.from_public_bytes(_read(text, PUBLIC))


def private_key(text: str) -> X25519PrivateKey:
    """The private half as it stands in its file. Raises BadKey."""
    return X25519PrivateKey.from_private_bytes(_read(text, PRIVATE))


def written(kind: str, raw: bytes) -> str:
    """A key as a line for a file or for paper."""
    letters = raw.hex()
    groups = " ".join(letters[at : at + 8] for at in range(0, len(letters), 8))
    return f"{kind} {groups} {_sum(kind, raw)}\n"


def _read(text: str, kind: str) -> bytes:
    said, *letters = text.split() or [""]
    if said != kind:
        raise BadKey(f"this is not a line of the kind {kind}")
    try:
        raw = bytes.fromhex("".join(letters[:-1]))
    except ValueError:
        raise BadKey("a key is written with the digits 0-9 and the letters a-f") from None
    if len(raw) != SIZE or not hmac.compare_digest(letters[-1], _sum(kind, raw)):
        raise BadKey("the key was not copied right: its check does not fit")
    return raw


def _sum(kind: str, raw: bytes) -> str:
    return hashlib.sha256(kind.encode() + raw).hexdigest()[:8]


def _xor(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))

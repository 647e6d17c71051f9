"""The envelope, version 1: how words are sealed to the one place where they belong. Pure.

    offset  0  1   2        10        34              66          66+n   66+n+16
            01 | suite | key id 8 | salt 24 | commitment 32 | ciphertext n | tag 16

The commitment is compared before anything is decrypted, because GCM does not commit to its key: one ciphertext can be
made to open under two. The additional data are the header and the length-prefixed place, so an envelope moved to
another row, field, division or key does not open. Padding hides lengths: powers of two from 32 bytes to 1 KiB, then
steps of 256 bytes.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from wellbeing.vault.suites import SealError, suite

__all__ = ["DataKey", "Place", "SealError", "key_id", "seal", "suite_of", "unseal"]

VERSION = 1
Octets = bytes | memoryview  # what a binary column holds
HEADER = 66
TAG = 16
SMALLEST = HEADER + 32 + TAG


@dataclass(frozen=True, slots=True)
class DataKey:
    """A random key of 32 bytes, the number (unsigned, 64 bits) by which envelopes name it, and its suite's byte."""

    id: int
    secret: bytes
    suite: int = 1

    def __repr__(self) -> str:
        return f"DataKey({self.id:016x})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where sealed words belong: model, row, field, division, schema of the words."""

    model: str
    pk: UUID
    field: str
    division: str
    schema: int = 1

    def bytes(self) -> bytes:
        """Model, row, field, division, schema, each with its length before it: no two places read the same."""
        before, after = _around(self.model, self.field, self.division, self.schema)
        return before + self.pk.bytes + after


@lru_cache(maxsize=1024)
def _around(model: str, field: str, division: str, schema: int) -> tuple[bytes, bytes]:
    """What stands before and after the row's sixteen bytes; the same for every row, so it is kept."""
    parts = [text.encode() for text in (model, field, division, str(schema))]
    first, *rest = [len(part).to_bytes(4, "big") + part for part in parts]
    return first + (16).to_bytes(4, "big"), b"".join(rest)


def padded_size(length: int) -> int:
    """The size in bytes that a text of `length` bytes is padded to (one byte at least marks the end)."""
    needed = length + 1
    if needed <= 1024:
        return max(32, 1 << (needed - 1).bit_length())
    return -(-needed // 256) * 256


def seal(key: DataKey, plaintext: bytes, place: Place) -> bytes:
    """Seal bytes to their place under a data key, in the key's suite."""
    used = suite(key.suite)
    salt = os.urandom(24)
    message = used.derive(key.secret, salt)
    header = bytes([VERSION, key.suite]) + key.id.to_bytes(8, "big") + salt + message.commitment
    padded = plaintext + b"\x80" + bytes(padded_size(len(plaintext)) - len(plaintext) - 1)
    return header + used.encrypt(message, padded, header + place.bytes())


def unseal(key: DataKey, envelope: bytes, place: Place) -> bytes:
    """Open an envelope in its place. SealError, and nothing else, when anything about it is not as it was sealed."""
    if len(envelope) < SMALLEST or envelope[0] != VERSION or key_id(envelope) != key.id:
        raise SealError
    used = suite(envelope[1])
    header = envelope[:HEADER]
    message = used.derive(key.secret, header[10:34])
    if not hmac.compare_digest(message.commitment, header[34:]):
        raise SealError
    padded = used.decrypt(message, envelope[HEADER:], header + place.bytes())
    text = padded.rstrip(b"\x00")
    if not text.endswith(b"\x80") or padded_size(len(text) - 1) != len(padded):
        raise SealError
    return text[:-1]


def key_id(envelope: Octets) -> int:
    """The number of the key that an envelope names (part of the authenticated header)."""
    if len(envelope) < 10:
        raise SealError
    return int.from_bytes(envelope[2:10], "big")


def suite_of(envelope: Octets) -> int:
    """The suite's byte of an envelope (part of the authenticated header)."""
    return envelope[1]

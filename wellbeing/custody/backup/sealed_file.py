"""The file of a backup, format ZXB1: sealed to a public key while it is written. Pure.

    ZXB1 | kind 1 | id 16 | length 2 | a secret of 32 bytes, sealed by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM)
    the records of a ZXF1 file under that secret (vault/stream.py); what they hold:
        length 4 | bytes … the dump in pieces
        0                  its end
        the manifest, signed (manifest.py)

What stands before the records is bound to the secret, kind and id to every record. Whoever has the public key can seal
a file, so that it is ours is said by the signature alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from wellbeing.vault.envelope import Place, SealError
from wellbeing.vault.stream import CHUNK, HEADER, open_file, seal_stream
from wellbeing.vault.suites import TAG

MAGIC = b"ZXB1"
PIECE = 1 << 20
HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
LONGEST_MANIFEST = 1 << 20


class Kind(StrEnum):
    """The two chains of backups: what is sealed, and the wrapped keys that open it and are kept for 30 days alone."""

    RECORDS = "records"
    KEYS = "keys"


class BadBackup(Exception):
    """A file that is no whole backup of ours; one sentence says why."""


def write(
    file: BinaryIO, to: X25519PublicKey, kind: Kind, pk: UUID, dump: Iterable[bytes], close: Callable[[], str]
) -> None:
    """Write a backup; `close` is asked for the signed manifest once the last byte of the dump has passed."""
    secret = os.urandom(32)
    head = MAGIC + _letter(kind) + pk.bytes
    sealed = HPKE.encrypt(secret, to, info=head)
    file.write(head + len(sealed).to_bytes(2, "big") + sealed)
    for record in seal_stream(secret, _framed(dump, close), _place(kind, pk)):
        file.write(record)


def read(file: BinaryIO, key: X25519PrivateKey, kind: Kind, sink: Callable[[bytes], object]) -> str:
    """Give the dump to `sink` piece by piece; returns the signed manifest. Raises BadBackup.

    What `sink` gets is authentic, and whole only when this returns.
    """
    head = file.read(len(MAGIC) + 1 + 16)
    sealed = file.read(int.from_bytes(file.read(2), "big"))
    if head[:4] != MAGIC or len(head) != 21:
        raise BadBackup("this file is no backup of this system")
    if head[4:5] != _letter(kind):
        raise BadBackup(f"this file is not a backup of {kind}")
    try:
        secret = HPKE.decrypt(sealed, key, info=head)
    except (InvalidTag, ValueError):
        raise BadBackup("this backup was sealed to another key, or its beginning was altered") from None
    try:
        return _unframed(open_file(secret, _records(file), _place(kind, UUID(bytes=head[5:]))), sink)
    except SealError:
        raise BadBackup("this backup was cut, altered, or put together from pieces") from None


def _letter(kind: Kind) -> bytes:
    return kind.value[:1].upper().encode()


def _place(kind: Kind, pk: UUID) -> Place:
    return Place("backup", pk, kind, "")


def _framed(dump: Iterable[bytes], close: Callable[[], str]) -> Iterator[bytes]:
    for piece in dump:
        if piece:
            yield len(piece).to_bytes(4, "big")
            yield piece
    yield bytes(4) + close().encode()


def _unframed(content: Iterator[bytes], sink: Callable[[bytes], object]) -> str:
    held, left, ended = bytearray(), 0, False
    for chunk in content:
        held += chunk
        while not ended and (left or len(held) >= 4):
            if not left:
                left, held = int.from_bytes(held[:4], "big"), held[4:]
                ended = not left
                continue
            if not held:
                break
            sink(bytes(held[:left]))
            left, held = left - min(left, len(held)), held[left:]
        if ended and len(held) > LONGEST_MANIFEST:
            break
    if not ended or len(held) > LONGEST_MANIFEST:
        raise SealError
    return held.decode()


def _records(file: BinaryIO) -> Iterator[bytes]:
    yield file.read(HEADER)
    while record := file.read(CHUNK + TAG):
        yield record

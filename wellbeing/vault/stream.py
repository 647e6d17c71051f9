"""Sealed files, format ZXF1: the STREAM construction over records of 64 KiB. Pure.

    record 0    ZXF1 | suite | salt 24 | commitment 32
    record 1…n  64 KiB of the file | tag 16

The last record says that it is the last one, inside its nonce (prefix 7 | number 4 | last 1), so a file that was cut,
continued, reordered or mixed with another one does not open. The header and the place stand in the additional data of
every record. The end is padded to a whole record: only the number of records shows how large a file is.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag

from wellbeing.vault.envelope import Octets, Place
from wellbeing.vault.suites import Aead, SealError, suite

MAGIC = b"ZXF1"
CHUNK = 65_536
HEADER = len(MAGIC) + 1 + 24 + 32


def new_secret() -> bytes:
    """A random key for one file; it travels inside an envelope of the case, so whoever opens that opens the file."""
    return os.urandom(32)


def seal_file(secret: bytes, content: bytes, place: Place, suite_code: int = 1) -> Iterator[bytes]:
    """The records of a file, the header first. One secret seals one file."""
    return seal_stream(secret, [content], place, suite_code)


def seal_stream(secret: bytes, pieces: Iterable[Octets], place: Place, suite_code: int = 1) -> Iterator[bytes]:
    """The same for content that comes in pieces of any size: no more of it is held than a record and a piece."""
    salt = os.urandom(24)
    cipher, prefix, commitment = _keys(secret, salt, suite_code)
    header = MAGIC + bytes([suite_code]) + salt + commitment
    yield header
    aad, number, held = header + place.bytes(), 0, bytearray()
    for piece in pieces:
        held += piece
        whole = len(held) // CHUNK
        for start in range(0, whole * CHUNK, CHUNK):
            yield cipher.encrypt(_nonce(prefix, number, False), bytes(held[start : start + CHUNK]), aad)
            number += 1
        del held[: whole * CHUNK]
    last = (bytes(held) + b"\x80").ljust(CHUNK, b"\x00")
    yield cipher.encrypt(_nonce(prefix, number, True), last, aad)


def open_file(secret: bytes, records: Iterable[Octets], place: Place) -> Iterator[bytes]:
    """The content, record by record. SealError, and nothing else, when anything about it is not as it was sealed.

    What comes before the error is authentic, and the file is whole only when the iterator ends without one.
    """
    rest = iter(records)
    header = bytes(next(rest, b""))
    if len(header) != HEADER or header[:4] != MAGIC:
        raise SealError
    cipher, prefix, commitment = _keys(secret, header[5:29], header[4])
    if not hmac.compare_digest(commitment, header[29:]):
        raise SealError
    aad, held, number = header + place.bytes(), next(rest, None), 0
    while held is not None:
        following = next(rest, None)
        last = following is None
        try:
            chunk = cipher.decrypt(_nonce(prefix, number, last), bytes(held), aad)
        except InvalidTag:
            raise SealError from None
        if len(chunk) != CHUNK:
            raise SealError
        yield _unpadded(chunk) if last else chunk
        held, number = following, number + 1
    if number == 0:
        raise SealError


def _keys(secret: bytes, salt: bytes, suite_code: int) -> tuple[Aead, bytes, bytes]:
    used = suite(suite_code)
    size = used.key_size
    okm = used.hkdf(secret, salt, b"zx1/file/" + bytes([suite_code]), size + 7 + 32)
    return used.cipher(okm[:size]), okm[size : size + 7], okm[size + 7 :]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _unpadded(chunk: bytes) -> bytes:
    text = chunk.rstrip(b"\x00")
    if not text.endswith(b"\x80"):
        raise SealError
    return text[:-1]

"""Cipher suites by their byte: 01 is AES-256-GCM with HKDF-SHA256, 02 is SM4-GCM with HKDF-SM3 (GB/T 32907, 32905;
RFC 8998). Both from one library; a suite is chosen when a key is made, and everything under the key follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG, COMMITMENT = 12, 16, 32


class SealError(Exception):
    """An envelope that cannot be opened: foreign, moved, changed, cut, or of an unknown suite. Says no more."""


class Aead(Protocol):
    """A cipher with its key in it. `decrypt` raises InvalidTag and gives nothing out before the tag was seen."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class SM4GCM:
    """SM4-GCM with the interface of AESGCM. The library has it only as a stream, whose decryptor hands out bytes before
    the tag was compared: here nothing leaves before `finalize`."""

    def __init__(self, key: bytes) -> None:
        self._key = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        stream = Cipher(self._key, modes.GCM(nonce)).encryptor()
        stream.authenticate_additional_data(associated_data)
        return stream.update(data) + stream.finalize() + stream.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < TAG:
            raise InvalidTag
        stream = Cipher(self._key, modes.GCM(nonce, data[-TAG:])).decryptor()
        stream.authenticate_additional_data(associated_data)
        held = stream.update(data[:-TAG])
        return held + stream.finalize()  # InvalidTag here, and `held` is dropped


@dataclass(slots=True, repr=False)
class MessageKeys:
    """What one message is sealed with, derived from the data key and the message's salt; its repr shows none of it."""

    key: bytes
    nonce: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher, a hash for HKDF, and how many bytes the cipher's key has. Fresh key and nonce per message: no nonce
    is ever used twice under one key."""

    code: int
    name: str
    cipher: type[AESGCM] | type[SM4GCM]
    hash: HashAlgorithm  # holds no state; made once because every message derives
    key_size: int

    def hkdf(self, secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
        """HKDF (RFC 5869) with the suite's hash."""
        return HKDF(self.hash, length, salt, info).derive(secret)

    def derive(self, secret: bytes, salt: bytes) -> MessageKeys:
        """The keys of one message."""
        size = self.key_size
        okm = self.hkdf(secret, salt, b"zx1/field/" + bytes([self.code]), size + NONCE + COMMITMENT)
        return MessageKeys(okm[:size], okm[size : size + NONCE], okm[size + NONCE :])

    def encrypt(self, keys: MessageKeys, padded: bytes, aad: bytes) -> bytes:
        return self.cipher(keys.key).encrypt(keys.nonce, padded, aad)

    def decrypt(self, keys: MessageKeys, sealed: bytes, aad: bytes) -> bytes:
        try:
            return self.cipher(keys.key).decrypt(keys.nonce, sealed, aad)
        except InvalidTag:
            raise SealError from None


SHA256_ONCE = SHA256()
AES = Suite(1, "AES-256-GCM, HKDF-SHA256", AESGCM, SHA256_ONCE, 32)
SM = Suite(2, "SM4-GCM, HKDF-SM3", SM4GCM, SM3(), 16)
SUITES: dict[int, Suite] = {AES.code: AES, SM.code: SM}


def suite(code: int) -> Suite:
    """The suite of a byte; SealError for one that is unknown."""
    try:
        return SUITES[code]
    except KeyError:
        raise SealError from None


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF (RFC 5869) with SHA-256. The library's own object: half the time of the same steps by hmac.digest."""
    return HKDF(SHA256_ONCE, length, salt, info).derive(secret)

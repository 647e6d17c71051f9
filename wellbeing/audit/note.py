"""Checkpoints of the tree as signed notes: C2SP signed-note, tlog-checkpoint and tlog-cosignature. Pure.

origin                      — origin base64(key id ‖ Ed25519 signature)
size in decimal             — witness base64(key id ‖ time ‖ Ed25519 signature)
base64 of the root hash
no and its number           — an extension line: how many checkpoints this log had signed before it
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4  # signature types: Ed25519 over the text; Ed25519 cosignature with its time
DASH = "— "
NUMBER = "no "


class BadNote(ValueError):
    """A note, a key or a signature that does not read, or does not verify."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and its public key, written `name+id+base64(type ‖ key)`."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def of(cls, text: str) -> Verifier:
        """Read a verifier key. Raises BadNote."""
        name, _plus, rest = text.strip().partition("+")
        number, _plus, encoded = rest.partition("+")
        raw = _unbase64(encoded)
        if len(raw) != 33 or raw[0] not in (LOG, WITNESS):
            raise BadNote("not an Ed25519 verifier key")
        found = cls(name, raw[0], raw[1:])
        if found.id.hex() != number:
            raise BadNote("the key does not have the id that it says")
        return found

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed_at(self, note: str) -> int | None:
        """Whether this key has signed the note: the time of a cosignature, 0 for a log; None when it has not."""
        body, signatures = split(note)
        for name, raw in signatures:
            if name != self.name or raw[:4] != self.id:
                continue
            at = int.from_bytes(raw[4:12], "big") if self.kind == WITNESS else 0
            message = _cosigned(body, at) if self.kind == WITNESS else body.encode()
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(raw[-64:], message)
            except InvalidSignature:
                return None
            return at if len(raw) == (76 if self.kind == WITNESS else 68) else None
        return None


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and its private key; nothing prints it."""

    name: str
    seed: bytes
    kind: int = LOG

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.kind, self._key().public_key().public_bytes_raw())

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def line(self, body: str, at: int = 0) -> str:
        """The signature line for a text; `at` is the time (seconds since 1970) of a cosignature."""
        head = at.to_bytes(8, "big") if self.kind == WITNESS else b""
        message = _cosigned(body, at) if self.kind == WITNESS else body.encode()
        raw = self.verifier.id + head + self._key().sign(message)
        return f"{DASH}{self.name} {base64.b64encode(raw).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of its tree; `number` is None on the notes of before they had one."""

    origin: str
    size: int
    root: bytes
    number: int | None = None

    def body(self) -> str:
        number = "" if self.number is None else f"{NUMBER}{self.number}\n"
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{number}"

    @classmethod
    def of(cls, note: str) -> Checkpoint:
        """Read a checkpoint, without looking at signatures. Raises BadNote."""
        lines = split(note)[0].split("\n")
        if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdigit():
            raise BadNote("not a checkpoint")
        if lines[1] != str(int(lines[1])) or len(root := _unbase64(lines[2])) != 32:
            raise BadNote("not a checkpoint")
        number = lines[3].removeprefix(NUMBER)
        if not lines[3].startswith(NUMBER) or not number.isascii() or not number.isdigit():
            return cls(lines[0], int(lines[1]), root)
        return cls(lines[0], int(lines[1]), root, int(number))


def signed(body: str, lines: Iterable[str]) -> str:
    """A note: the text, an empty line, the signatures."""
    return body + "\n" + "".join(lines)


def opened(note: str, log: Verifier) -> Checkpoint:
    """The checkpoint of a note that this very log has signed. Raises BadNote."""
    found = Checkpoint.of(note)
    if found.origin != log.name or log.kind != LOG or log.signed_at(note) is None:
        raise BadNote("not signed by the log")
    return found


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and its signatures as (name, bytes). Raises BadNote."""
    body, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise BadNote("not a signed note")
    found = []
    for line in rest[:-1].split("\n"):
        name, _space, encoded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not name or len(raw := _unbase64(encoded)) < 68:
            raise BadNote("not a signature line")
        found.append((name, raw))
    return body + "\n", found


def _cosigned(body: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadNote("not base64") from None

"""The two halves of a one-time link: the token of its address, and the code that goes by another channel. Pure."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

DIGITS = 8  # digits alone: nothing that sounds or looks like something else over the telephone


@dataclass(frozen=True, slots=True, repr=False)
class Ticket:
    """Both halves; the repr shows neither, so that no log and no digest of a form holds them."""

    token: str
    code: str

    def __repr__(self) -> str:
        return "Ticket()"

    @classmethod
    def issue(cls) -> Ticket:
        """A new one: 192 random bits for the address, and a code of eight digits."""
        return cls(secrets.token_urlsafe(24), "".join(secrets.choice("0123456789") for _ in range(DIGITS)))

    @property
    def spoken(self) -> str:
        """The code in two halves, as it is read out."""
        return f"{self.code[: DIGITS // 2]} {self.code[DIGITS // 2 :]}"


def digest(secret: str) -> bytes:
    """How a token, or the mark of a browser, is stored: SHA-256, as both are long and random."""
    return hashlib.sha256(secret.encode()).digest()


def read_code(text: str) -> str:
    """A code as somebody types it: full-width digits, spaces and dashes are no matter. Empty for anything else."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "-–—")
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else ""

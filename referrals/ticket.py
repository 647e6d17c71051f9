"""The two halves of a one-time link: its token, and the code that goes by another channel. Pure.

The token stands in the address behind a "#": browsers keep that part to themselves, so that no server, proxy or log is
sent it. What comes after is sent to an address with a name of the link, which opens nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass

BYTES = 24  # of a token, and of what makes a browser's mark its own
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
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
        """A new one: 192 random bits for the token, and a code of eight digits."""
        return cls(secrets.token_urlsafe(BYTES), "".join(secrets.choice("0123456789") for _ in range(DIGITS)))

    @property
    def spoken(self) -> str:
        """The code in two halves, as it is read out."""
        return f"{self.code[: DIGITS // 2]} {self.code[DIGITS // 2 :]}"


def digest(secret: str) -> bytes:
    """How a token, or the mark of a browser, is stored: SHA-256, as both are long and random."""
    return hashlib.sha256(secret.encode()).digest()


def name_of(token: str) -> str:
    """What a link is called in addresses and in names of cookies: says nothing of its token, nor of its row."""
    return digest(f"name of {token}")[:8].hex()


def mark_of(token: str) -> str:
    """A new mark of a browser for this link. It carries the token, so that after a pause the code alone is asked."""
    return f"{token}.{secrets.token_urlsafe(BYTES)}"


def token_in(mark: str) -> str:
    """The token that a browser's mark carries; empty without one."""
    return mark.partition(".")[0]


def read_token(text: str) -> str:
    """A token as somebody pastes it: alone, or with its whole address. Empty for anything else."""
    token = unicodedata.normalize("NFKC", text).rpartition("#")[2].strip()
    return token if TOKEN.fullmatch(token) else ""


def read_code(text: str) -> str:
    """A code as somebody types it: full-width digits, spaces and dashes are no matter. Empty for anything else."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "-–—")
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else ""

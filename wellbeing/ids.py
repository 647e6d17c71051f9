"""Identifiers: time-ordered keys for rows, random references for people, and what an address names by number."""

import os
import secrets
import time
import uuid

# No 0/O, 1/I/L, U: a reference is read out over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> uuid.UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, 12 bits of their fraction (its method 3), 62 random bits.

    What one process writes one after the other keeps its order, also within one instant of a transaction. Made in
    Python, because a row's key must be known before its words are sealed to it.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | chance)


def whole(text: str) -> int | None:
    """The whole number that an address or a form names, in figures; None for anything else, and for one that is longer
    than any that is counted here (Python itself refuses to read thousands of figures)."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def as_reference(typed: str) -> str:
    """A reference as somebody typed it while another read it out: in small letters, with spaces, without its dashes."""
    letters = "".join(sign for sign in typed.upper() if sign.isalnum())
    return f"{letters[:2]}-{letters[2:6]}-{letters[6:]}" if len(letters) == 10 else typed.strip().upper()


def reference(prefix: str) -> str:
    """A random reference such as ZS-7F3A-K2C9: says nothing of time, order or division (8 letters of 30, 39 bits)."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"

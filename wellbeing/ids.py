"""Identifiers: time-ordered keys for rows, random references for people."""

import os
import secrets
import time
import uuid

# No 0/O, 1/I/L, U: a reference is read out over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> uuid.UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then 74 random bits.

    Made in Python, because a row's key must be known before its words are sealed to it.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | 0x7 << 76 | 0x2 << 62)


def reference(prefix: str) -> str:
    """A random reference such as ZS-7F3A-K2C9: says nothing of time, order or division (8 letters of 30, 39 bits)."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"

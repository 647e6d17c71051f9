"""Seals of rows that say who may see: a MAC over what such a row says, under a key that the database does not have.

Whoever owns the database can write any row, and none that the evaluator counts (SECURITY.md T4). What the seal cannot
tell is a row that once was true and is put back after its end: that is what is kept of ended grants, and the comparison
with the events, are for (wellbeing/access/compared.py).
"""

from __future__ import annotations

import hmac
from datetime import datetime

from wellbeing.vault.envelope import Octets
from wellbeing.vault.named import named_key

Said = str | int | None


def row_seal(kind: str, *said: Said) -> bytes:
    """The MAC (HMAC-SHA256, 32 bytes) of one row's values in the order of its `kind`. SealError as `named_key`."""
    return hmac.digest(named_key("row"), "\x1f".join([kind, *map(str, said)]).encode(), "sha256")


def row_holds(seal: Octets | None, kind: str, *said: Said) -> bool:
    """Whether a row's seal was made here, over these very values; one without a seal does not hold."""
    return seal is not None and hmac.compare_digest(bytes(seal), row_seal(kind, *said))


def instant(at: datetime) -> str:
    """A moment as seals say it, the same in every time zone: seconds, to the microsecond that the database keeps."""
    return f"{at.timestamp():.6f}"

"""Blind indexes: find a telephone or student number again without keeping it in clear.

Keyed hashes of the normalised value, with a key of its own per purpose and period (vault.named). The normaliser's
version is part of the key's name, so a changed rule gives a new index, never a silent mismatch.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable

from wellbeing.vault.named import named_key

VERSION = 1
AREA_CODE = "0580"  # Zhoushan; a bare local number is one of this city


def student_number(value: str) -> str:
    """NFKC, without spaces and dashes, upper case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value)).upper()


def phone(value: str) -> str:
    """International form: +86 with the mobile, or with area code and land line; a foreign number keeps its own code.

    Raises ValueError without digits.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    digits = re.sub(r"[^0-9]", "", plain)
    if not digits:
        raise ValueError("no digits")
    abroad = digits.lstrip("0") if plain.startswith("+") or digits.startswith("00") else ""
    if abroad and not abroad.startswith("86"):
        return "+" + abroad  # a foreign number must not read as a mobile of this country
    if abroad or (digits.startswith("86") and len(digits) > 11):
        digits = digits.lstrip("0")[2:]
    if len(digits) <= 8:
        digits = AREA_CODE + digits
    return "+86" + digits.lstrip("0")


def as_given(value: str) -> str:
    """A value that its caller has put together itself."""
    return value


NORMALISERS = {
    "phone": phone,
    "student_number": student_number,
    "screening_row": as_given,
    "answer_code": student_number,
    "address": as_given,
    "session": as_given,
    "tries": as_given,
    "recovery_code": student_number,
}


def name(purpose: str) -> str:
    """The name of the key of a purpose."""
    return f"index/{purpose}/{VERSION}"


def index(purpose: str, value: str, *, bits: int = 128, period: str = "") -> bytes:
    """The index of a value: `bits` bits, rounded down in the last byte. KeyError for an unknown purpose."""
    return indexer(purpose, bits=bits, period=period)(value)


def indexer(purpose: str, *, bits: int = 128, period: str = "") -> Callable[[str], bytes]:
    """The same for many values of one purpose: its key is derived once."""
    normalise, key = NORMALISERS[purpose], named_key(name(purpose), period)
    length, spare = -(-bits // 8), -bits % 8

    def of(value: str) -> bytes:
        digest = hmac.digest(key, normalise(value).encode(), "sha256")[:length]
        return digest[:-1] + bytes([digest[-1] >> spare << spare])

    return of

"""The number of a sheet of paper: a serial number and its check digit, by ISO 7064 MOD 11,10. Pure.

One digit checks all: every wrong digit is found, and nearly every swap of two neighbours (ISO/IEC 7064:2003, 8).
"""

from __future__ import annotations

from enum import StrEnum

from wellbeing.translatable import _

DIGITS = 7


class PaperKind(StrEnum):
    """What a sheet is for."""

    CALL = "call"
    CONCERN = "concern"
    REFERRAL = "referral"


KIND_TEXT = {
    PaperKind.CALL: _("Call sheet"),
    PaperKind.CONCERN: _("Concern sheet"),
    PaperKind.REFERRAL: _("Referral sheet"),
}


def check_digit(digits: str) -> int:
    """The digit that belongs behind these ones. ValueError for anything but digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(digits)
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def shown(serial: int) -> str:
    """As it stands on the sheet: `0000042-7`."""
    digits = f"{serial:0{DIGITS}d}"
    return f"{digits}-{check_digit(digits)}"


def read(typed: str) -> int | None:
    """The serial number that somebody typed, with or without its dash and spaces, in half- or full-width digits; None
    where a digit is wrong or missing."""
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    strange = any(not (sign.isdecimal() or sign.isspace() or sign in "-－—–") for sign in typed)
    if strange or len(digits) <= DIGITS or check_digit(digits[:-1]) != int(digits[-1]):
        return None
    return int(digits[:-1])

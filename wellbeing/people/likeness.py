"""What an account may be called, so that whoever confirms a post, or reads who opened a file, takes nobody for somebody
else. Pure.

An account's name is of ASCII letters, digits and a few marks: nobody tells a Cyrillic a from a Latin one. The name of a
person is of Han and Latin letters, without signs that do not show or that turn the order of what stands beside them
(Unicode TR 36 and 39: visual spoofing).
"""

from __future__ import annotations

import re
import unicodedata

ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
SCRIPTS = ("CJK UNIFIED", "CJK COMPATIBILITY", "LATIN ")


def account_name(text: str) -> bool:
    """Whether an account may have this name."""
    return ACCOUNT.fullmatch(text) is not None


def persons_name(text: str) -> bool:
    """Whether every sign of the name shows, and is of a script that its reader knows."""
    plain = unicodedata.normalize("NFKC", text)
    letters = [sign for sign in plain if sign.isalpha() or unicodedata.category(sign).startswith("M")]
    known = all(unicodedata.name(sign, "").startswith(SCRIPTS) for sign in letters)
    return bool(letters) and known and all(sign.isprintable() for sign in text)


def looks(text: str) -> str:
    """What is left of a name to a quick eye: two with the same are one person to it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())

"""Names by their sound: what somebody typed, as characters, pinyin, initials or a mixture of them. Pure.

Every reading of a character counts (曾 is zeng and ceng), for nobody can tell from a name which one is hers. pypinyin
has the readings; those of surnames that it lacks stand here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Surname readings that the dictionary does not list. Source: 中国姓氏大辞典 (common surname readings).
MORE = {
    "费": ("bi",),
    "谌": ("shen",),
    "黑": ("he",),
}


def fold(text: str) -> str:
    """As names are compared: one form of each character, lower case, without spaces, dots and dashes."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if plain.isalnum() else "".join(letter for letter in plain if letter.isalnum())


def sounds_like(name: str, typed: str) -> bool:
    """Whether a name is meant by what was typed (both folded): it contains it, or from one of its characters on each
    typed letter belongs to a reading of the next one, whole or as its beginning: 曾小雨 by zxy, zengxy, xiaoyu."""
    if not typed:
        return False
    if typed in name:
        return True
    if not typed.isascii():
        return False
    head = typed[0]
    return any(head in heads(letter) and _spells(name[place:], typed) for place, letter in enumerate(name))


def _spells(name: str, typed: str) -> bool:
    """Whether the letters are used up along the name, each character taking one of them at least."""
    left = {typed}
    for letter in name:
        heard = readings(letter)
        left = {rest[taken:] for rest in left for reading in heard for taken in _taken(reading, rest)}
        if "" in left:
            return True
        if not left:
            return False
    return False


def _taken(reading: str, rest: str) -> range:
    """How many letters of `rest` a reading can take: from one up to as many as they have in common."""
    common = 0
    while common < min(len(reading), len(rest)) and reading[common] == rest[common]:
        common += 1
    return range(1, common + 1)


@lru_cache(maxsize=30_000)
def readings(letter: str) -> frozenset[str]:
    """Every reading of one character without tones; of any other character itself. ü is also typed u and v."""
    from pypinyin import Style, pinyin  # 56 MB and a fifth of a second: only for a process in which somebody searches

    found = set(pinyin(letter, style=Style.NORMAL, heteronym=True)[0]) | set(MORE.get(letter, ()))
    return frozenset(found | {one.replace("v", "u") for one in found} | {one.replace("ü", "v") for one in found})


@lru_cache(maxsize=30_000)
def heads(letter: str) -> frozenset[str]:
    """The letters with which a character's readings begin."""
    return frozenset(reading[:1] for reading in readings(letter))

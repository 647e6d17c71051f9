"""Answers counted from 1 where the instrument counts from 0: how a mapping says so, and how it shows. Pure.

Read as they stand, such answers are one too high each, and nobody would be overlooked; taken off by mistake they would
hide danger. So nothing is taken off without evidence or a person's word, and a 0 in such a file is a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from cases.instruments import INSTRUMENTS

MARK = "@1"  # behind the code of an instrument: phq9@1=q1-q9
ENOUGH = 100  # answers without a single 0 from which on a file looks so: twelve pupils with the PHQ-9


def can_be(code: str) -> bool:
    """Whether an instrument counts from 0 by itself."""
    return code in INSTRUMENTS and INSTRUMENTS[code].least == 0


def plain(code: str) -> str:
    """The code of an instrument without the mark, where it may have one."""
    bare = code.removesuffix(MARK)
    return bare if can_be(bare) else code


def counted(mapping: str) -> frozenset[str]:
    """The instruments that a mapping marks as counted from 1."""
    codes = [part.strip().partition("=")[0] for part in mapping.split(",")]
    return frozenset(plain(code) for code in codes if plain(code) != code)


def marked(mapping: str, codes: Collection[str]) -> str:
    """The mapping with the mark at these instruments and at no others."""
    parts = []
    for part in mapping.split(","):
        code, equals, columns = part.strip().partition("=")
        bare = plain(code)
        parts.append(f"{bare}{MARK if bare in codes and can_be(bare) else ''}{equals}{columns}")
    return ",".join(parts)


def looks_so(code: str, cells: Iterable[str]) -> bool:
    """Whether the answers to an instrument, as cells, show by themselves that they count from 1: no 0 among enough of
    them, or one that is just beyond the last choice."""
    beyond, seen, found = str(INSTRUMENTS[code].most + 1), 0, False
    for cell in cells:
        if cell == "0":
            return False
        seen += cell.isdecimal()
        found = found or cell == beyond
    return found or seen >= ENOUGH


class Watch:
    """Watches the rows of a file go by: in which instruments nobody has answered 0, and how many answers that were."""

    def __init__(self, codes: Iterable[str], known: Collection[str]) -> None:
        self.answers = {code: 0 for code in codes if can_be(code) and code not in known}

    def see(self, answers: Mapping[str, Mapping[str, int | None]]) -> None:
        """One row. The first 0 ends the watch of its instrument: nearly always in the first rows."""
        for code in list(self.answers):
            given = [value for value in answers.get(code, {}).values() if value is not None]
            if 0 in given:
                del self.answers[code]
            else:
                self.answers[code] += len(given)

    def suspects(self, least: int = ENOUGH) -> list[str]:
        """The instruments with so many answers, none of them 0."""
        return sorted(code for code, seen in self.answers.items() if seen >= least)

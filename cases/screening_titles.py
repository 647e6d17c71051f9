"""Columns that are named by the text of a question: which item each may be, and the mapping that somebody picks. Pure.

A suggestion is shown and confirmed by a person; nothing is imported by likeness alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice

from cases.instruments import INSTRUMENTS, PAPERS
from cases.screening_columns import HEADER_WITHIN, NAMED, Line, codes_of, wanted_columns

LIKE = 0.6  # from here on two wordings are taken for one: published forms differ by a word or two
SAMPLES = 3
# Words by which a long title still says what it is ("1、您的学籍号是").
SAID = {
    "number": ("学籍号", "学号", "studentno", "studentnumber"),
    "name": ("姓名",),
    "grade": ("年级",),
    "class": ("班级",),
    "school": ("学校",),
    "day": ("测评日期", "日期"),
}
Picked = Mapping[str, Sequence[int | None]]  # per instrument the place of each item; per word of NAMED one place


def header_line(lines: Iterable[Line]) -> Line | None:
    """The line that names the columns: of the first ones the one with the most titles, each another one."""
    first = list(islice(lines, HEADER_WITHIN))
    return max(first, key=lambda line: (len(set(filter(None, line[1]))), -line[0]), default=None)


def suggest(header: Sequence[str], codes: Sequence[str]) -> dict[str, list[int | None]]:
    """Which column may hold each item, and the number and the like: the best pairs first, no column twice."""
    plain = [_plain(title) for title in header]
    pairs = []
    for code in codes:
        texts = {question.code: question.text for question in PAPERS[code].questions}
        for place, item in enumerate(INSTRUMENTS[code].items):
            likeness = [max(_likeness(_plain(word), title) for word in texts[item]) for title in plain]
            pairs += [(like, code, place, column) for column, like in enumerate(likeness) if like >= LIKE]
    found: dict[str, list[int | None]] = {code: [None] * len(INSTRUMENTS[code].items) for code in codes}
    taken: set[int] = set()
    for _like, code, place, column in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if found[code][place] is None and column not in taken:
            found[code][place] = column
            taken.add(column)
    for what, words in SAID.items():
        known = [n for n, title in enumerate(header) if n not in taken and title in NAMED[what]]
        known += [n for n, title in enumerate(plain) if n not in taken and any(word in title for word in words)]
        found[what] = [known[0] if known else None]
        taken |= set(known[:1])
    return found


def mapping_of(picked: Picked) -> str:
    """The mapping that names the picked places: `number=#2,phq9=#5-#13`. What is not picked is left out."""
    parts = []
    for code, places in picked.items():
        numbers = [place + 1 for place in places if place is not None]
        if len(numbers) == len(places):
            parts.append(f"{code}={';'.join(_runs(numbers))}")
    return ",".join(parts)


def titles_of(header: Sequence[str], mapping: str) -> dict[str, list[str]]:
    """The titles of the columns that a mapping names by their places, to know them again in the next file."""
    wanted = wanted_columns(mapping)
    picked = {code: [name for name in names.values() if name[:1] == "#"] for code, names in wanted.items()}
    return {code: [header[int(name[1:]) - 1] for name in names] for code, names in picked.items() if names}


def by_titles(lines: Iterable[Line], titles: Mapping[str, Sequence[str]]) -> str:
    """The mapping of a file in which every one of these titles stands once; empty otherwise."""
    wanted = [title for of_code in titles.values() for title in of_code]
    for _number, cells in islice(lines, HEADER_WITHIN):
        if wanted and all(cells.count(title) == 1 for title in wanted):
            return mapping_of({code: [cells.index(title) for title in of_code] for code, of_code in titles.items()})
    return ""


def complete(mapping: str, codes: Sequence[str]) -> bool:
    """Whether a mapping places every item of these instruments."""
    return set(codes_of(mapping)) == set(codes)


def _runs(numbers: Sequence[int]) -> list[str]:
    """Places as text, neighbours together: 5, 6, 7, 9 are #5-#7 and #9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"#{run[0]}" if len(run) == 1 else f"#{run[0]}-#{run[-1]}" for run in runs]


def _plain(text: str) -> str:
    """Letters and digits alone, small, without the number of the question before them."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]", "", re.sub(r"^\s*[q第]?\s*\d+\s*[题.、:)\-]*", "", folded))


def _likeness(item: str, title: str) -> float:
    """From 0 to 1; an item that stands whole in a longer title counts nearly as much as one that stands alone."""
    if not item or not title:
        return 0.0
    if item == title:
        return 1.0
    return 0.95 if item in title else SequenceMatcher(None, item, title, autojunk=False).ratio()

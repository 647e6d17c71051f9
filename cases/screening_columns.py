"""The columns of a screening file: where the student's number, the school and each item of an instrument stand. Pure.

A mapping such as `phq9=q1-q9,gad7=A1-A7` names them; for files with numbered columns it can be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from cases import screening_from_one as from_one
from cases.instruments import INSTRUMENTS
from wellbeing import sheets
from wellbeing.translatable import _

# Names of the columns that are no answers, as files of schools and platforms have them.
NAMED = {
    "number": ("student_no", "student_number", "学号", "学籍号", "seqn", "id"),
    "name": ("name", "姓名", "学生姓名"),
    "grade": ("grade", "年级"),
    "class": ("class", "班级", "班"),
    "school": ("school", "school_code", "学校代码", "学校编码", "学校"),
    "day": ("date", "day", "测评日期", "施测日期", "日期"),
}
HEADER_WITHIN = 10  # a title over merged cells may stand above the header
Line = tuple[int, tuple[str, ...]]


NO_ROWS = _("the file has no rows")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: the line as the spreadsheet counts it (0: the whole file), the column, and the words."""

    line: int
    column: str
    what: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = [f"line {self.line}"] * bool(self.line) + [f"column {self.column}"] * bool(self.column)
        return ": ".join([", ".join(where)] * bool(where) + [self.what % self.more])


class BadFile(Exception):
    """The file cannot be imported: `faults` says why, by line and column."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)

    @classmethod
    def because(cls, what: str, line: int = 0, column: str = "", **more: Any) -> BadFile:
        return cls([Fault(line, column, what, more)])


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands: the header, the named columns, per instrument the column of each item, and which
    instruments count from 1."""

    header: tuple[str, ...]
    named: Mapping[str, int]
    items: Mapping[str, Mapping[str, int]]
    from_one: frozenset[str] = frozenset()


def table_lines(data: bytes, name: str = "") -> list[Line]:
    """The rows of a CSV or XLSX file that are not empty, with their numbers (wellbeing.sheets). Raises BadFile."""
    try:
        return [(row.line, row.cells) for row in sheets.read(data, name).rows]
    except sheets.BadSheet as bad:
        raise BadFile(
            [
                Fault(one.line or 0, "" if one.column is None else sheets.column_name(one.column), one.text, one.values)
                for one in bad.faults
            ]
        ) from None


def find_columns(lines: Iterator[Line], mapping: str | None) -> Columns:
    """Take the lines up to the header and say where everything stands, by a mapping such as `phq9=q1-q9,gad7=A1-A7`.

    A column is named by its title, or by its place (`#5`); `number=#2` and the like place what is no answer. The header
    is the first line that holds every column of the mapping, or the student number where there is none; a title may
    stand above it. Raises BadFile.
    """
    wanted = {} if mapping is None else wanted_columns(mapping)
    names = [name for columns in wanted.values() for name in columns.values()]
    lost: list[str] | None = None
    for seen, (line, cells) in enumerate(lines):
        header = tuple(cells)
        missing = _missing(header, names)
        if not missing and (names or any(cell in NAMED["number"] for cell in header)):
            return replace(_columns(line, header, wanted), from_one=from_one.counted(mapping or ""))
        if lost is None or len(missing) < len(lost):
            lost = missing
        if seen + 1 >= HEADER_WITHIN:
            break
    if lost is None:
        raise BadFile.because(_("the file is empty"))
    raise BadFile.because(_("no column %(names)s"), 1, names=", ".join(lost or NAMED["number"][:3]))


def _missing(header: Sequence[str], names: Sequence[str]) -> list[str]:
    """The columns that a line does not hold; picked places with one text in all of them are a title over them."""
    missing = [name for name in names if _place(header, name) is None]
    picked = [header[place] for name in names if name not in header and (place := _place(header, name)) is not None]
    return missing or ([] if len(set(picked)) == len(picked) else list(names))


def _place(header: Sequence[str], name: str) -> int | None:
    """Where a column stands, by its title or its place; None where it has no title."""
    if name in header:
        return header.index(name)
    place = int(name[1:]) - 1 if re.fullmatch(r"#[1-9]\d{0,3}", name) else len(header)
    return place if place < len(header) and header[place] else None


def wanted_columns(mapping: str) -> dict[str, dict[str, str]]:
    """Per instrument, the name of the column of each item; per word of NAMED that is placed, its own. `q1-q9` are the
    columns named q1 to q9, `#5` is the fifth; parts stand behind each other by semicolons. `phq9@1` counts its answers
    from 1 (cases/screening_from_one.py). Raises BadFile."""
    found: dict[str, dict[str, str]] = {}
    for part in mapping.split(","):
        code, _equals, columns = part.strip().partition("=")
        code = from_one.plain(code)
        names = [name for one in columns.split(";") for name in _names(one)]
        if not names or not (code in INSTRUMENTS or code in NAMED):
            raise BadFile.because(_("the mapping %(part)r is not of the form phq9=q1-q9"), part=part.strip())
        items = INSTRUMENTS[code].items if code in INSTRUMENTS else (code,)
        if len(names) != len(items):
            raise BadFile.because(
                _("%(code)s has %(items)s items, the mapping names %(names)s columns"),
                code=code,
                items=len(items),
                names=len(names),
            )
        found[code] = dict(zip(items, names, strict=True))
    return found


def _names(part: str) -> list[str]:
    if match := re.fullmatch(r"(.*?)(\d+)-\1(\d+)", part):
        return [f"{match[1]}{number}" for number in range(int(match[2]), int(match[3]) + 1)]
    return [part] if re.fullmatch(r"#\d+", part) else []


def codes_of(mapping: str) -> list[str]:
    """The instruments that a mapping, or a list of codes, names."""
    codes = [from_one.plain(part.strip().partition("=")[0]) for part in mapping.split(",")]
    return [code for code in codes if code in INSTRUMENTS]


def guess_mapping(lines: Iterable[Line], codes: Sequence[str]) -> str:
    """The mapping of a file whose items stand in numbered columns (q1 to q9, PHQ1 to PHQ9), for these instruments;
    empty where it is not plain which columns are meant."""
    for _line, cells in islice(lines, HEADER_WITHIN):
        series = {
            prefix: count
            for prefix in dict.fromkeys(re.sub(r"\d+$", "", cell) for cell in cells if re.search(r"\d$", cell))
            if (count := _series(prefix, cells))
        }
        found: list[str] = []
        for code in codes:
            fitting = [p for p, count in series.items() if count == len(INSTRUMENTS[code].items)]
            named = [p for p in fitting if code[:3] in p.lower()] or fitting
            if len(named) == 1:
                found.append(f"{code}={named[0]}1-{named[0]}{series.pop(named[0])}")
        if len(found) == len(codes):
            return ",".join(found)
    return ""


def _series(prefix: str, cells: Sequence[str]) -> int:
    """Up to which number the columns of a prefix run without a gap, if they do."""
    numbers = {int(cell[len(prefix) :]) for cell in cells if re.fullmatch(re.escape(prefix) + r"[1-9]\d?", cell)}
    return len(numbers) if numbers == set(range(1, len(numbers) + 1)) else 0


def _columns(line: int, header: tuple[str, ...], wanted: Mapping[str, Mapping[str, str]]) -> Columns:
    used = {name for columns in wanted.values() for name in columns.values() if name in header}
    named: dict[str, int] = {}
    for what, names in NAMED.items():
        spoken = [name for name in names if name in header]
        place = _place(header, wanted[what][what]) if what in wanted else None
        if place is not None:
            named[what] = place
        elif spoken:
            named[what] = header.index(spoken[0])
            used.add(spoken[0])
    twice = sorted(name for name in used if header.count(name) > 1)
    if twice:
        raise BadFile.because(_("two columns have the name %(names)s"), line, names=", ".join(twice))
    items = {
        code: {item: place for item, name in columns.items() if (place := _place(header, name)) is not None}
        for code, columns in wanted.items()
        if code in INSTRUMENTS
    }
    return Columns(header, named, items)

"""A screening file: map columns to items, and name every bad cell by line and column. Pure.

A missing answer stays missing. A file with one bad row is refused as a whole, so the rows are read to the end before
anything is written (cases/actions/stage_screening.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.instruments import INSTRUMENTS
from wellbeing import sheets
from wellbeing.vault.blind_index import student_number

MISSING = frozenset({"", "NA", "N/A", "NULL", "."})
# Names of the columns that are no answers, as files of schools and platforms have them.
NAMED = {
    "number": ("student_no", "student_number", "学号", "学籍号", "seqn", "id"),
    "name": ("name", "姓名", "学生姓名"),
    "grade": ("grade", "年级"),
    "class": ("class", "班级", "班"),
    "school": ("school", "school_code", "学校代码", "学校编码", "学校"),
    "day": ("date", "day", "测评日期", "施测日期", "日期"),
}
NATIONAL = re.compile(r"[GL]\d{17}[\dX]")  # 学籍号: the letter, and a number that is the same in every school
HEADER_WITHIN = 10  # a title over merged cells may stand above the header
Line = tuple[int, tuple[str, ...]]


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


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
class Row:
    """One student: the number, what else the file says of her, and the answers per instrument by item code.

    `day` is the ISO date of answering, empty where the file has none.
    """

    line: int
    number: str
    answers: Mapping[str, Mapping[str, int | None]]
    name: str = ""
    grade: str = ""
    klass: str = ""
    school: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands: the header, the named columns, and per instrument the column of each item."""

    header: tuple[str, ...]
    named: Mapping[str, int]
    items: Mapping[str, Mapping[str, int]]


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


def find_columns(lines: Iterator[Line], mapping: str) -> Columns:
    """Take the lines up to the header and say where everything stands, by a mapping such as `phq9=q1-q9,gad7=A1-A7`.

    The header is the first line that names every column of the mapping; a title may stand above it. Raises BadFile.
    """
    wanted = wanted_columns(mapping)
    names = [name for columns in wanted.values() for name in columns.values()]
    lost: list[str] | None = None
    for seen, (line, cells) in enumerate(lines):
        header = tuple(cells)
        missing = [name for name in names if name not in header]
        if not missing:
            return _columns(line, header, wanted)
        if lost is None or len(missing) < len(lost):
            lost = missing
        if seen + 1 >= HEADER_WITHIN:
            break
    if lost is None:
        raise BadFile.because(_("the file is empty"))
    raise BadFile.because(_("no column %(names)s"), 1, names=", ".join(lost))


def wanted_columns(mapping: str) -> dict[str, dict[str, str]]:
    """Per instrument, the name of the column of each item. `q1-q9` are the columns named q1 to q9. Raises BadFile."""
    found: dict[str, dict[str, str]] = {}
    for part in mapping.split(","):
        match = re.fullmatch(r"(\w+)=(.*?)(\d+)-\2(\d+)", part.strip())
        if not match or match[1] not in INSTRUMENTS:
            raise BadFile.because(_("the mapping %(part)r is not of the form phq9=q1-q9"), part=part.strip())
        code, prefix, low, high = match[1], match[2], int(match[3]), int(match[4])
        names = [f"{prefix}{number}" for number in range(low, high + 1)]
        items = INSTRUMENTS[code].items
        if len(names) != len(items):
            raise BadFile.because(
                _("%(code)s has %(items)s items, the mapping names %(names)s columns"),
                code=code,
                items=len(items),
                names=len(names),
            )
        found[code] = dict(zip(items, names, strict=True))
    return found


def _columns(line: int, header: tuple[str, ...], wanted: Mapping[str, Mapping[str, str]]) -> Columns:
    used = {name for columns in wanted.values() for name in columns.values()}
    named: dict[str, int] = {}
    for what, names in NAMED.items():
        spoken = [name for name in names if name in header]
        if spoken:
            named[what] = header.index(spoken[0])
            used.add(spoken[0])
    twice = sorted(name for name in used if header.count(name) > 1)
    if twice:
        raise BadFile.because(_("two columns have the name %(names)s"), line, names=", ".join(twice))
    items = {code: {item: header.index(name) for item, name in columns.items()} for code, columns in wanted.items()}
    return Columns(header, named, items)


def read_rows(
    lines: Iterable[Line],
    columns: Columns,
    *,
    schools: Collection[str] | None = None,
    today: date | None = None,
) -> Iterator[Row | Fault]:
    """Every line below the header as a row, or what is wrong with it. With `schools` each row must name one of them.

    The same student number twice is a fault of the second line; only a national one counts across schools.
    """
    read = _Reader(columns, schools, today)
    known: dict[str, int] = {}
    for line, cells in lines:
        while len(cells) > len(columns.header) and not cells[-1]:  # blanks behind the last column
            cells = cells[:-1]
        if len(cells) != len(columns.header):
            more = {"found": len(cells), "wanted": len(columns.header)}
            yield Fault(line, "", _("%(found)s columns, %(wanted)s expected"), more)
            continue
        row, faults = read.row(line, cells)
        number = student_number(row.number)
        first = known.setdefault(number if NATIONAL.fullmatch(number) else f"{row.school}/{number}", line)
        if first != line:
            faults.append(Fault(line, "", _("the same student number as in line %(first)s"), {"first": first}))
        if faults:
            yield from faults
        else:
            yield row


class _Reader:
    """Reads lines of one file: what is the same for every line is worked out once."""

    def __init__(self, columns: Columns, schools: Collection[str] | None, today: date | None) -> None:
        self.columns, self.schools, self.today = columns, schools, today
        self.days: dict[str, str] = {}
        self.scales = [
            (code, tuple(items), tuple(items.values()), _scale(code)) for code, items in columns.items.items()
        ]

    def row(self, line: int, cells: tuple[str, ...]) -> tuple[Row, list[Fault]]:
        faults: list[Fault] = []
        answers: dict[str, dict[str, int | None]] = {}
        for code, items, places, scale in self.scales:
            values = [scale.get(cells[place], BAD) for place in places]
            if BAD in values:
                values = [self._answer(cells[place], line, place, code, scale, faults) for place in places]
            answers[code] = dict(zip(items, values, strict=True))
        said = {what: cells[place] for what, place in self.columns.named.items()}
        number = said.get("number", f"row-{line - 1}")
        if not number:
            faults.append(self._fault(line, "number", _("no student number")))
        school = said.get("school", "") if self.schools is not None else ""
        if self.schools is not None and school not in self.schools:
            faults.append(self._fault(line, "school", _("no school of this name or code")))
        day = self._day(line, said.get("day", ""), faults)
        row = Row(
            line, number, answers, said.get("name", ""), said.get("grade", ""), said.get("class", ""), school, day
        )
        return row, faults

    def _fault(self, line: int, what: str, words: str) -> Fault:
        place = self.columns.named.get(what)
        return Fault(line, "" if place is None else self.columns.header[place], words)

    def _day(self, line: int, text: str, faults: list[Fault]) -> str:
        if text not in self.days:
            self.days[text] = _iso(text)
        day = self.days[text]
        if text and not day:
            faults.append(self._fault(line, "day", _("not a date")))
        elif day and self.today and day > self.today.isoformat():
            faults.append(self._fault(line, "day", _("a day that is still to come")))
        return day

    def _answer(
        self, cell: str, line: int, place: int, code: str, scale: Mapping[str, int | None], faults: list[Fault]
    ) -> int | None:
        column, instrument = self.columns.header[place], INSTRUMENTS[code]
        if cell in scale or cell.upper() in MISSING:
            return scale.get(cell)
        if sheets.is_formula(cell):
            faults.append(Fault(line, column, _("a formula, not an answer")))
        elif not re.fullmatch(r"\d+(\.0+)?", cell):
            faults.append(Fault(line, column, _("not a number")))
        elif instrument.least <= int(float(cell)) <= instrument.most:
            return int(float(cell))
        else:
            words = _("out of range (%(least)s to %(most)s)")
            faults.append(Fault(line, column, words, {"least": instrument.least, "most": instrument.most}))
        return None


BAD = -1  # no instrument has an answer below 0


def _scale(code: str) -> dict[str, int | None]:
    """The cells that are an answer at first sight."""
    instrument = INSTRUMENTS[code]
    whole = {str(value): value for value in range(instrument.least, instrument.most + 1)}
    return {**whole, **dict.fromkeys(MISSING)}


def _iso(text: str) -> str:
    """A day as YYYY-MM-DD; empty when it is none. Spreadsheets and people write it in many ways."""
    match = re.match(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat() if match else ""
    except ValueError:
        return ""

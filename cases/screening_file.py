"""The rows of a screening file: every student's answers, and every bad cell by line and column. Pure.

A missing answer stays missing. A file with one bad row is refused as a whole, so the rows are read to the end before
anything is written (cases/actions/stage_screening.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cases.instruments import INSTRUMENTS, PAPERS
from cases.screening_columns import Columns, Fault, Line
from wellbeing import sheets
from wellbeing.translatable import _
from wellbeing.vault.blind_index import student_number

MISSING = frozenset({"", "NA", "N/A", "NULL", "."})
NATIONAL = re.compile(r"[GL]\d{17}[\dX]")  # 学籍号: the letter, and a number that is the same in every school


OUT_OF_RANGE = _("out of range (%(least)s to %(most)s)")


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
            (code, tuple(items), tuple(items.values()), _scale(code, code in columns.from_one))
            for code, items in columns.items.items()
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
        column, instrument, off = self.columns.header[place], INSTRUMENTS[code], code in self.columns.from_one
        if cell in scale or cell.upper() in MISSING:
            return scale.get(cell)
        if sheets.is_formula(cell):
            faults.append(Fault(line, column, _("a formula, not an answer")))
        elif not re.fullmatch(r"\d+(\.0+)?", cell):
            faults.append(Fault(line, column, _("not a number")))
        elif instrument.least <= int(float(cell)) - off <= instrument.most:
            return int(float(cell)) - off
        else:
            range_ = {"least": instrument.least + off, "most": instrument.most + off}
            faults.append(Fault(line, column, OUT_OF_RANGE, range_))
        return None


BAD = -1  # no instrument has an answer below 0


def _scale(code: str, off: bool) -> dict[str, int | None]:
    """The cells that are an answer at first sight: its number, one `off` where the file counts from 1, or its words in
    either language."""
    instrument = INSTRUMENTS[code]
    whole = {str(value + off): value for value in range(instrument.least, instrument.most + 1)}
    choices = PAPERS[code].questions[0].choices
    said = {word: value for value, text in choices for word in text if isinstance(value, int)}
    return {**said, **whole, **dict.fromkeys(MISSING)}


def _iso(text: str) -> str:
    """A day as YYYY-MM-DD; empty when it is none. Spreadsheets and people write it in many ways."""
    match = re.match(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat() if match else ""
    except ValueError:
        return ""

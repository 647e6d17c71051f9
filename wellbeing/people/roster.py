"""A roster (师资花名册): one line per teacher and school, columns by their headings, every fault by its cell.

A line without a staff number reports a school without teachers. Columns with other headings are not read: a name that
stands in the file is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing import sheets
from wellbeing.people.returned import Line, Qualification
from wellbeing.people.words import FIELD_TEXT, code_of

NEEDED = ("school", "number", "full_time")
OF_SCHOOL = ("school_name", "stage", "enrolment", "boarding")  # the same on every line of a school
DATES = ("valid_until", "leave_from", "leave_to")
NUMBERS = ("weekly_hours", "fte", "supervision_hours", "training_hours")
LIMITS = sheets.Limits(size=5 * 2**20, rows=20_000, columns=60, cells=1_200_000)
SHOWN = 20
HEADING = 20  # letters of a heading that are shown


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong, and in which cell."""

    place: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        said = _(self.text) % self.values
        return f"{self.place}: {said}" if self.place else said


class BadRoster(Exception):
    """The file cannot be taken over: `faults` says why, by cell."""

    def __init__(self, faults: list[CellFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults

    def lines(self) -> list[str]:
        """The first faults in the language of the page, and how many more there are."""
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            shown.append(_("and %(n)s more") % {"n": len(self.faults) - SHOWN})
        return shown


@dataclass(slots=True)
class RosterSchool:
    """What the file says of one school; `values` only what it names, `rows` where its teachers stand."""

    code: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    teachers: list[Line] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Roster:
    """The schools of a file by code, and its columns by field, for the place of a fault."""

    columns: dict[str, int]
    schools: dict[str, RosterSchool] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)  # headings of the columns that nothing is taken from

    def place(self, name: str, row: int) -> str:
        """The cell of a field in a row; the staff number's where the file has no such column."""
        return f"{sheets.column_name(self.columns.get(name, self.columns['number']))}{row}"


def read(content: bytes, name: str) -> Roster:
    """The roster in a CSV or XLSX file. Raises BadRoster with every fault that needs no look at the city."""
    try:
        sheet = sheets.read(content, name, limits=LIMITS)
        header = next((n for n, row in enumerate(sheet.rows[:5]) if code_of_column(row.cells)), 0)
        body = sheet.below(header)
    except sheets.BadSheet as bad:
        raise BadRoster([CellFault(fault.place, fault.text, fault.values) for fault in bad.faults]) from None
    columns: dict[str, int] = {}
    unread: list[str] = []
    faults: list[CellFault] = []
    for column, cell in enumerate(sheet.rows[header].cells):
        code = code_of(cell, "field")
        if code in columns:
            place = f"{sheets.column_name(column)}{sheet.rows[header].line}"
            faults.append(CellFault(place, gettext_noop("This column stands here twice.")))
        elif code:
            columns[code] = column
        elif cell:
            unread.append(cell[:HEADING])
    for code in NEEDED:
        if code not in columns:
            text = gettext_noop("No column is headed %(heading)s.")
            faults.append(CellFault("", text, {"heading": _(FIELD_TEXT[code])}))
    if faults:
        raise BadRoster(faults)
    roster = Roster(columns, unread=unread)
    for row in body:
        faults += _take(roster, row)
    if faults:
        raise BadRoster(faults)
    return roster


def code_of_column(cells: tuple[str, ...]) -> bool:
    """Whether a row is the one with the headings; a title may stand above it."""
    return any(code_of(cell, "field") == "school" for cell in cells)


def _take(roster: Roster, row: sheets.Row) -> Iterator[CellFault]:
    """Add one row to its school. Yields what is wrong with it."""
    given: dict[str, Any] = {}
    wrong = False
    for name, column in roster.columns.items():
        try:
            given[name] = PARSERS[name](row.cells[column])
        except (ValueError, InvalidOperation):
            wrong = True
            yield CellFault(roster.place(name, row.line), WANTED[name])
    code = given.get("school", "")
    if not code:
        yield CellFault(roster.place("school", row.line), gettext_noop("No school code."))
        return
    school = roster.schools.setdefault(code, RosterSchool(code, row.line))
    for name in OF_SCHOOL:
        value = given.get(name)
        if value is not None and school.values.setdefault(name, value) != value:
            text = gettext_noop("Row %(row)s says something else of the school with this code.")
            yield CellFault(roster.place(name, row.line), text, {"row": school.row})
    if wrong or not given["number"]:
        return
    if given["full_time"] is None:
        yield CellFault(roster.place("full_time", row.line), WANTED["full_time"])
        return
    line = {name: given[name] for name in Line.__dataclass_fields__ if given.get(name) is not None}
    school.teachers.append(Line(**line))
    school.rows.append(row.line)


def _text(most: int) -> Callable[[str], str | None]:
    def parse(cell: str) -> str | None:
        if len(cell) > most or sheets.is_formula(cell):
            raise ValueError
        return cell or None

    return parse


def _code(table: str) -> Callable[[str], str | None]:
    def parse(cell: str) -> str | None:
        found = code_of(cell, table) if cell else None
        if cell and found is None:
            raise ValueError
        return found

    return parse


def _date(cell: str) -> date | None:
    return date.fromisoformat(cell.replace("/", "-").replace(".", "-")) if cell else None


def _number(cell: str) -> Decimal | None:
    if not cell:
        return None
    found = Decimal(cell)
    if not found.is_finite() or abs(found) >= 10_000 or found != round(found, 2):
        raise ValueError
    return found


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def _post(cell: str) -> bool | None:
    code = _code("full_time")(cell)
    return None if code is None else code == "full"


def _yes(cell: str) -> bool | None:
    code = _code("boarding")(cell)
    return None if code is None else code == "yes"


def _paper(cell: str) -> Qualification | None:
    code = _code("qualification")(cell)
    return None if code is None else Qualification(code)


PARSERS: dict[str, Callable[[str], Any]] = {
    "school": _text(32),
    "school_name": _text(80),
    "stage": _code("stage"),
    "enrolment": _whole,
    "boarding": _yes,
    "number": _text(32),
    "full_time": _post,
    "qualification": _paper,
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(NUMBERS, _number),
}
WANTED: dict[str, str] = {
    "school": gettext_noop("A school code of at most 32 letters and digits."),
    "school_name": gettext_noop("A name of at most 80 characters."),
    "stage": gettext_noop("No stage has this name."),
    "enrolment": gettext_noop("A whole number of pupils."),
    "boarding": gettext_noop("Yes or no."),
    "number": gettext_noop("A staff number of at most 32 letters and digits."),
    "full_time": gettext_noop("Full-time or part-time."),
    "qualification": gettext_noop("No qualification has this name."),
    **dict.fromkeys(DATES, gettext_noop("A date such as 2026-09-01.")),
    **dict.fromkeys(NUMBERS, gettext_noop("A number with two decimals at most.")),
}

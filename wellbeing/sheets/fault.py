"""What can be wrong with a table somebody sent: codes, places and numbers, never what a cell holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wellbeing.translatable import _

REPORTED = 200  # faults of one file: enough to mend it, few enough to read
Line = tuple[int, tuple[str, ...]]  # the number of a row in the spreadsheet, and its cells as text


class Trouble(StrEnum):
    """What can be wrong with a file before anybody asks what is in it."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NAME = "name"
    NO_TABLE = "no_table"
    OLD = "old"
    ENCODING = "encoding"
    BROKEN = "broken"
    BOMB = "bomb"
    MACRO = "macro"
    HIDDEN = "hidden"
    SHEETS = "sheets"
    FORMULA = "formula"
    ROWS = "rows"
    COLUMNS = "columns"
    CELL = "cell"
    RAGGED = "ragged"
    DIGITS = "digits"
    ERROR = "error"


TROUBLE_TEXT: dict[Trouble, str] = {
    Trouble.EMPTY: _("The file is empty."),
    Trouble.TOO_LARGE: _("The file is larger than %(most)s MB."),
    Trouble.NAME: _("The name of the file does not say CSV or XLSX, or the file is something else than its name says."),
    Trouble.NO_TABLE: _("The file is no table: save it as CSV or XLSX."),
    Trouble.OLD: _("An old Excel file (.xls), or one with a password: save it as XLSX without a password."),
    Trouble.ENCODING: _("The text is neither UTF-8 nor GB18030."),
    Trouble.BROKEN: _("The file is damaged: open it in your spreadsheet program and save it once more as XLSX."),
    Trouble.BOMB: _("Unpacked, the file would be far larger than a table is."),
    Trouble.MACRO: _("The file holds macros: save it as XLSX without macros."),
    Trouble.HIDDEN: _("The file has hidden sheets: delete them, or show them."),
    Trouble.SHEETS: _("The file has %(found)s sheets with data: leave one."),
    Trouble.FORMULA: _("A formula: paste its value instead."),
    Trouble.ROWS: _("The file has more than %(most)s rows."),
    Trouble.COLUMNS: _("The file has more than %(most)s columns."),
    Trouble.CELL: _("More than %(most)s characters in one cell; perhaps a quotation mark is not closed."),
    Trouble.RAGGED: _("%(found)s columns, %(expected)s expected."),
    Trouble.DIGITS: _("A number of more than 15 digits lost its end: format the column as text and type it again."),
    Trouble.ERROR: _("The spreadsheet shows an error here."),
}


def column_name(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    while column >= 0:
        name, column = chr(65 + column % 26) + name, column // 26 - 1
    return name


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code, where (row from 1, column from 0; neither is the whole file), and numbers."""

    trouble: Trouble
    line: int | None = None
    column: int | None = None
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The cell as a spreadsheet names it (C7), or its row alone."""
        letters = "" if self.column is None else column_name(self.column)
        return f"{letters}{self.line or ''}"

    @property
    def text(self) -> str:
        """The English sentence, to be translated and filled with `values`."""
        return TROUBLE_TEXT[self.trouble]


class BadSheet(Exception):
    """The file cannot be read: `faults` says why, in the order of the file, REPORTED at most."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)[:REPORTED]
        super().__init__(", ".join(f"{fault.trouble} {fault.place}".strip() for fault in self.faults[:5]))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may measure: bytes as sent and unpacked, their ratio, rows, columns, cells, characters of a cell."""

    size: int = 20 * 2**20
    unpacked: int = 200 * 2**20
    ratio: int = 100
    rows: int = 200_000
    columns: int = 200
    cells: int = 8_000_000
    characters: int = 2_000

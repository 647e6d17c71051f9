"""A table of text from whatever file somebody sent. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wellbeing.sheets import delimited, workbook
from wellbeing.sheets.fault import BadSheet, Fault, Limits, Trouble


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: its number in the spreadsheet, and its cells as text without blanks around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table in their order."""

    rows: tuple[Row, ...]

    def below(self, header: int) -> tuple[Row, ...]:
        """The rows below the one at this index, each as wide as it. Raises BadSheet where one is wider or narrower."""
        head, *body = self.rows[header:]
        width = len(head.cells)
        fitted = [Row(row.line, _without_tail(row.cells, width)) for row in body]
        ragged = [
            Fault(Trouble.RAGGED, row.line, values={"found": len(row.cells), "expected": width})
            for row in fitted
            if len(row.cells) != width
        ]
        if ragged:
            raise BadSheet(ragged)
        return tuple(fitted)


LIMITS = Limits()


def read(content: bytes, name: str = "", *, limits: Limits = LIMITS) -> Sheet:
    """The one table of a CSV (UTF-8 with or without a mark, GB18030; comma, semicolon or tab) or XLSX file.

    Merged cells all hold what their first one holds, dates are ISO text, leading zeros of text stay. Raises BadSheet:
    anything that is not plainly a table of values is refused as a whole.
    """
    if len(content) > limits.size:
        raise BadSheet([Fault(Trouble.TOO_LARGE, values={"most": limits.size // 2**20})])
    packed = content.startswith(b"PK")
    if name and not name.lower().endswith((".xlsx", ".xlsm") if packed else (".csv", ".txt", ".tsv", ".xls")):
        raise BadSheet([Fault(Trouble.NAME)])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet([Fault(Trouble.OLD)])
    lines = workbook.lines if packed else delimited.lines
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in lines(content, limits):
        if len(rows) >= limits.rows:
            raise BadSheet([Fault(Trouble.ROWS, line, values={"most": limits.rows})])
        if any(cells):
            rows.append(Row(line, cells))
            faults += _faults(line, cells, limits)
    if faults:
        raise BadSheet(faults)
    if not rows:
        raise BadSheet([Fault(Trouble.EMPTY)])
    return Sheet(tuple(rows))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this text (CSV injection); a negative number it would not."""
    return cell[:1] in ("=", "@", "+") or (cell[:1] == "-" and not re.fullmatch(r"-(\d+(\.\d+)?)?", cell))


def _without_tail(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Without the empty cells that a spreadsheet program writes after the last column."""
    end = len(cells)
    while end > width and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _faults(line: int, cells: tuple[str, ...], limits: Limits) -> Iterator[Fault]:
    if (
        len(cells) <= limits.columns
        and max(map(len, cells)) <= limits.characters
        and "\0=" not in "\0".join(("", *cells))
    ):
        return
    if len(cells) > limits.columns:
        yield Fault(Trouble.COLUMNS, line, limits.columns, {"most": limits.columns})
    for column, cell in enumerate(cells):
        if cell.startswith("="):
            yield Fault(Trouble.FORMULA, line, column)
        elif len(cell) > limits.characters:
            yield Fault(Trouble.CELL, line, column, {"most": limits.characters})

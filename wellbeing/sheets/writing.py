"""Write a table as CSV or XLSX, marked with who took it and when: in the sheet, and as a property of the file. Pure.

A cell that a spreadsheet would calculate is defused (OWASP, CSV injection); XLSX writes every text as text. This is
the one place where a file for a spreadsheet is written; tests/rules/test_exports.py holds every writer to it.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import IO, Any, Protocol
from unicodedata import east_asian_width

import xlsxwriter

Cell = str | int | None
CHUNK = 2_000
LOOKED_AT = 200  # rows by which the columns of XLSX are made as wide as they are
WIDEST = 48
# Of full width too: where Chinese is written, Excel reads them as the others.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANK = " \u3000\u00a0\u200b\ufeff"
BOM = "\ufeff"  # by which Excel knows UTF-8


class Written(Protocol):
    """A title, a head, and rows that may be made while they are written."""

    @property
    def title(self) -> str: ...
    @property
    def head(self) -> Sequence[str]: ...
    def rows(self) -> Iterable[Sequence[Cell]]: ...


def defused(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula, with a quote before it; also behind blanks, which some of
    them skip."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(BLANK).startswith(FORMULA) else cell


class _Echo:
    """What csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: Written, mark: str) -> Iterator[str]:
    """The table as CSV, some thousand rows at a time; its first lines are the title and the mark."""
    writer = csv.writer(_Echo())
    waiting = [BOM + writer.writerow([defused(table.title)]), writer.writerow([defused(mark)])]
    waiting.append(writer.writerow([defused(word) for word in table.head]))
    for row in table.rows():
        waiting.append(writer.writerow([defused(cell) for cell in row]))
        if len(waiting) >= CHUNK:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def xlsx_into(file: IO[Any], table: Written, mark: str, **how: bool) -> None:
    """The table as XLSX; `how` says where it is kept while it is made. The mark stands in the second
    line, at the foot of every printed page, and among the document's properties."""
    given = {
        **how,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(file, given)
    book.set_properties({"title": table.title, "comments": mark})
    page, bold = book.add_worksheet(), book.add_format({"bold": True})
    page.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N")
    page.set_paper(9)
    page.freeze_panes(3, 0)  # the head stays in sight, and stands on every printed page
    page.repeat_rows(2)
    rows = iter(table.rows())
    first = list(islice(rows, LOOKED_AT))
    for place, wide in enumerate(_widths([table.head, *first])):
        page.set_column(place, place, wide)
    page.write_string(0, 0, table.title, bold)
    page.write_string(1, 0, mark)
    page.write_row(2, 0, table.head, bold)
    for number, row in enumerate(chain(first, rows), 3):
        page.write_row(number, 0, row)
    book.close()


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """How wide each column of XLSX is, in signs of Latin: its longest cell of these rows, within reason."""
    columns = zip_longest(*rows, fillvalue=None)
    return [min(max(*map(_signs, column), 8) + 2, WIDEST) for column in columns]


def _signs(cell: Cell) -> int:
    return 0 if cell is None else sum(2 if east_asian_width(sign) in "WF" else 1 for sign in str(cell))


def xlsx_file(table: Written, mark: str) -> IO[Any]:
    """The table as XLSX in a file of its own, written row by row, so that memory does not follow its length; read from
    its beginning, and closed by whoever sends it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    xlsx_into(file, table, mark, constant_memory=True)
    file.seek(0)
    return file


def xlsx_bytes(table: Written, mark: str) -> bytes:
    """The table as XLSX in memory alone: for what must never lie on a disk."""
    held = io.BytesIO()
    xlsx_into(held, table, mark, in_memory=True)
    return held.getvalue()

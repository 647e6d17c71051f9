"""XLSX: unpacked within limits, looked through, and only its XML handed on to the parser (SECURITY.md, T11). Pure.

Neither a bomb nor a macro nor a far-away cell reaches the parser, which makes room for all cells up to the last one.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from wellbeing.sheets import formats
from wellbeing.sheets.fault import REPORTED, BadSheet, Fault, Limits, Line, Trouble, column_name

EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; a longer one is no longer what was typed
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CELLS = (re.compile(rb"<c[\s/>]"), re.compile(rb"<\w+:c[\s/>]"))
_NO_VALUES = {
    re.compile(rb"<f[\s/>]"): Trouble.FORMULA,
    re.compile(rb"<\w+:f[\s/>]"): Trouble.FORMULA,
    re.compile(rb' t="e"[^<>]*>'): Trouble.ERROR,
}
_OTHER_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\A(?:\xff\xfe|\xfe\xff|<\?xml[^>]*encoding=(?![\"']utf-8)|\x00)", re.I)


def lines(content: bytes, limits: Limits) -> Iterator[Line]:
    """The rows of the one sheet with data, from the first row of the spreadsheet on. Raises BadSheet."""
    parts = _parts(content, limits)
    if "xl/workbook.xml" not in parts:
        raise BadSheet([Fault(Trouble.NO_TABLE)])
    faults = [fault for part in parts.values() if b"sheetData" in part for fault in _vetted(part, limits)]
    try:
        with CalamineWorkbook.from_object(_repacked(parts)) as book:
            sheet = _only(book)
            if faults:
                raise BadSheet(faults)
            yield from _cells(sheet, limits, _wide(parts))
    except (CalamineError, OSError):
        raise BadSheet([Fault(Trouble.BROKEN)]) from None


def _parts(content: bytes, limits: Limits) -> dict[str, bytes]:
    """The XML parts of the archive, unpacked within the limits; whatever it claims of itself is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if any(one.filename.lower().endswith(("vbaproject.bin", "vbadata.xml")) for one in entries):
                raise BadSheet([Fault(Trouble.MACRO)])
            odd = any(one.flag_bits & 1 or one.compress_type not in _METHODS for one in entries)
            if odd or len({one.filename for one in entries}) < len(entries):
                raise BadSheet([Fault(Trouble.BROKEN)])
            left = min(limits.unpacked, limits.ratio * len(content))
            parts = {}
            for one in entries:
                if not one.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(one) as stream:
                    parts[one.filename] = stream.read(left + 1)
                left -= len(parts[one.filename])
                if left < 0 or one.file_size > limits.unpacked:
                    raise BadSheet([Fault(Trouble.BOMB)])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise BadSheet([Fault(Trouble.BROKEN)]) from None
    if any(_OTHER_XML.search(part) for part in parts.values()):
        raise BadSheet([Fault(Trouble.BROKEN)])
    return parts


def _vetted(part: bytes, limits: Limits) -> list[Fault]:
    """The formulas and errors of one sheet. Raises BadSheet for cells farther out than a table goes: a parser makes
    room for all that lies between. Searches begin with fixed bytes: a sheet has millions of cells."""
    begin, end = part.find(b"sheetData"), part.rfind(b"sheetData")  # what follows has formulas of its own
    prefix = part[part.rfind(b"<", 0, begin) + 1 : begin]
    cell = re.compile(b"<" + re.escape(prefix) + rb'c r="([A-Z]{1,3})(\d{1,7})"')
    columns, lines, known = set(), set(), 0
    for found in cell.finditer(part, begin, end):
        columns.add(found[1])
        lines.add(found[2])
        known += 1
    if known != sum(1 for any_cell in _CELLS for _found in any_cell.finditer(part, begin, end)):
        raise BadSheet([Fault(Trouble.BROKEN)])  # there is one that does not say where it stands
    last, widest = max(map(int, lines), default=0), max(map(_column_number, columns), default=0)
    if last > limits.rows:
        raise BadSheet([Fault(Trouble.ROWS, last, values={"most": limits.rows})])
    if widest >= limits.columns:
        raise BadSheet([Fault(Trouble.COLUMNS, last, widest, {"most": limits.columns})])
    if last * (widest + 1) > limits.cells:
        raise BadSheet([Fault(Trouble.ROWS, last, values={"most": limits.cells // (widest + 1)})])
    faults = []
    for search, trouble in _NO_VALUES.items():
        for found in islice(search.finditer(part, begin, end), REPORTED):
            inside = cell.match(part, part.rfind(b"<" + prefix + b"c ", begin, found.end()))
            if inside:
                faults.append(Fault(trouble, int(inside[2]), _column_number(inside[1])))
    return sorted(faults, key=lambda fault: (fault.line, fault.column))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _repacked(parts: Mapping[str, bytes]) -> io.BytesIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    copy.seek(0)
    return copy


def _only(book: CalamineWorkbook) -> CalamineSheet:
    """The one sheet that holds something; hidden ones, and those that are no tables, are refused."""
    if any(one.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for one in book.sheets_metadata):
        raise BadSheet([Fault(Trouble.MACRO)])
    if any(one.visible != SheetVisibleEnum.Visible for one in book.sheets_metadata):
        raise BadSheet([Fault(Trouble.HIDDEN)])
    tables = [n for n, one in enumerate(book.sheets_metadata) if one.typ == SheetTypeEnum.WorkSheet]
    full = [sheet for sheet in map(book.get_sheet_by_index, tables) if sheet.height]
    if len(full) > 1:
        raise BadSheet([Fault(Trouble.SHEETS, values={"found": len(full)})])
    if not full:
        raise BadSheet([Fault(Trouble.EMPTY)])
    return full[0]


def _wide(parts: Mapping[str, bytes]) -> dict[tuple[int, str], int]:
    """Cells that show their number with leading zeros, and how many digits they show."""
    styles = formats.widths(parts.get("xl/styles.xml", b""))
    found: dict[tuple[int, str], int] = {}
    for part in parts.values():
        if styles and b"sheetData" in part:
            found |= formats.padded(part, styles)
    return found


def _cells(sheet: CalamineSheet, limits: Limits, wide: Mapping[tuple[int, str], int]) -> Iterator[Line]:
    """The rows from the first one of the spreadsheet on, each beginning at column A."""
    assert sheet.start is not None and sheet.end is not None
    indent, last = ("",) * sheet.start[1], sheet.end
    merged = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, last[0]) + 1):
            for column in range(left, min(right, last[1]) + 1):
                merged[row, column] = top, left
            if len(merged) > limits.cells:
                raise BadSheet([Fault(Trouble.BROKEN)])
    first: dict[tuple[int, int], str] = {}  # what the first cell of each merged range holds
    origins = set(merged.values())
    for row, values in enumerate(sheet.iter_rows()):
        cells: list[Any] = [*indent, *values]
        for column, value in enumerate(values, len(indent)):
            if value.__class__ is float and value.is_integer() and -EXACT < value < EXACT:  # nearly all of them
                cells[column] = str(int(value))
                if wide and value >= 0:
                    cells[column] = cells[column].zfill(wide.get((row + 1, column_name(column)), 0))
            else:
                cells[column] = value.strip() if value.__class__ is str else _words(value, row, column)
        if merged:
            first.update({(row, column): cells[column] for column in range(len(cells)) if (row, column) in origins})
            cells = [
                first.get(merged[row, column], cell) if (row, column) in merged else cell
                for column, cell in enumerate(cells)
            ]
        yield row + 1, tuple(cells)


def _words(value: Any, row: int, column: int) -> str:
    """A cell that is neither text nor a whole number, as text: dates as ISO. Raises BadSheet for digits lost."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if abs(value) >= EXACT:
            raise BadSheet([Fault(Trouble.DIGITS, row + 1, column)])
        return repr(value)
    if isinstance(value, datetime):
        to = "seconds" if value.second else "minutes"
        return value.isoformat(" ", to) if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat("minutes") if isinstance(value, time) else str(value)

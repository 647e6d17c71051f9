"""CSV as people send it: UTF-8 with or without a mark, GB18030; a comma, semicolon or tab between columns. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from wellbeing.sheets.fault import BadSheet, Fault, Limits, Line, Trouble

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def lines(content: bytes, limits: Limits) -> Iterator[Line]:
    """The rows as a spreadsheet would number them: a line break inside a cell begins no row. Raises BadSheet."""
    text = _decoded(content)
    if _NO_TEXT.search(text) or text.lstrip()[:5].lower().startswith(("<", "%pdf", "{")):
        raise BadSheet([Fault(Trouble.NO_TABLE)])
    delimiter = max(DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            yield line, tuple(cell.strip() for cell in cells)
    except csv.Error:  # the only one left: a cell longer than the module's own limit
        raise BadSheet([Fault(Trouble.CELL, line + 1, values={"most": limits.characters})]) from None


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet([Fault(Trouble.ENCODING)])

"""Builds small XLSX files by hand, also those that no spreadsheet program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from wellbeing.sheets import column_name

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATION = f'<Relationships xmlns="{PACKAGE}/relationships">'
# Styles by number: 1 a date, 2 a date with a time, 3 a time.
STYLES = (
    f'<styleSheet {MAIN}><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    '<xf numFmtId="20"/></cellXfs></styleSheet>'
)


def table(rows: Sequence[Sequence[object]], *, first: int = 1) -> str:
    """The XML of rows of cells: text, numbers, or (style, number)."""
    lines = []
    for line, cells in enumerate(rows, first):
        written = "".join(_cell(f"{column_name(column)}{line}", cell) for column, cell in enumerate(cells))
        lines.append(f'<row r="{line}">{written}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _cell(place: str, cell: object) -> str:
    if cell in ("", None):
        return ""
    if isinstance(cell, tuple):
        return f'<c r="{place}" s="{cell[0]}"><v>{cell[1]}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def xlsx(
    *sheets: str,
    hidden: Sequence[int] = (),
    extra: Mapping[str, bytes | str] | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of these sheets (the XML inside their `worksheet`); `extra` parts are added or replace ours."""
    numbers = range(1, len(sheets) + 1)
    states = ["hidden" if n - 1 in hidden else "visible" for n in numbers]
    named = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}" state="{state}"/>'
        for n, state in zip(numbers, states, strict=True)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{RELATION}<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{RELATION}{targets}<Relationship Id="rId0" Type="{OFFICE}/styles"'
        ' Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{
            f"xl/worksheets/sheet{n}.xml": f"<worksheet {MAIN}>{sheet}</worksheet>" for n, sheet in enumerate(sheets, 1)
        },
        **(extra or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()

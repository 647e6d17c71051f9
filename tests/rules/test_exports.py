"""What leaves as a file: every writer is known, marks what it writes, and defuses what a spreadsheet would calculate."""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest

from cases.export_access import Rows
from cases.screening_columns import Fault
from cases.screening_faults import _Faults
from tests.pdf.reading import reader, text
from tests.rules.test_doors import imported, sources
from wellbeing.reports.platform import Row, to_csv
from wellbeing.reports.sheets import Sheet, pdf_bytes
from wellbeing.sheets.writing import WIDEST, Written, csv_lines, xlsx_bytes, xlsx_file

# Whoever writes a table for other programs. The platform's file holds codes and numbers of a closed grammar, checked
# before it is signed; the inventory names columns, never what is in them.
WRITERS = {
    "wellbeing/sheets/writing.py",
    "wellbeing/reports/platform.py",
    "wellbeing/custody/management/commands/crypto_inventory.py",
}
# Whoever answers with a file. Rows of persons or cases: the first alone. The others: published counts, one paper that
# somebody attached, and sheets of paper of one case or of none.
ANSWERS = {
    "cases/export_views.py",
    "wellbeing/reports/sheets.py",
    "cases/attachment_views.py",
    "wellbeing/pdf/engine.py",
}
BAD = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u3000=1",
    "\u200b=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "=cmd|' /C calc'!A0",
)


def no_writer_beside_the_known(path: str, source: str) -> bool:
    return path not in WRITERS and bool(
        {"xlsxwriter", "openpyxl"} & imported(ast.parse(source)) or re.search(r"\bcsv\.(writer|DictWriter)\(", source)
    )


def no_file_beside_the_known(path: str, source: str) -> bool:
    return path not in ANSWERS and "Content-Disposition" in source


@pytest.mark.parametrize("rule", [no_writer_beside_the_known, no_file_beside_the_known])
def test_the_house_keeps_it(rule: Callable[[str, str], bool]) -> None:
    assert [path for path, source in sources() if rule(path, source)] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (no_writer_beside_the_known, "import csv\ncsv.writer(file).writerow(row)"),
        (no_writer_beside_the_known, "import xlsxwriter"),
        (no_file_beside_the_known, "answer['Content-Disposition'] = 'attachment'"),
    ],
)
def test_a_planted_violation_is_found(rule: Callable[[str, str], bool], source: str) -> None:
    assert rule("cases/views.py", source)


@dataclass(frozen=True)
class _Naive:
    """The planted fault: a writer that does not defuse."""

    title: str = "t"
    head: Sequence[str] = ("h",)

    def lines(self, mark: str) -> Iterable[str]:
        out = io.StringIO()
        csv.writer(out).writerows([[self.title], [mark], self.head, *([cell] for cell in BAD)])
        return [out.getvalue()]


def runs(lines: Iterable[str]) -> list[str]:
    """The cells that a spreadsheet would calculate."""
    cells = [cell for row in csv.reader(io.StringIO("".join(lines).lstrip("\ufeff"))) for cell in row]
    return [cell for cell in cells if cell.lstrip(" \u3000\t\r\n")[:1] in ("=", "+", "-", "@")]


def tables() -> list[Written]:
    """A table of each kind that the house writes, every cell of it bad."""
    cells = [[bad, bad] for bad in BAD]
    faults = [Fault(1, bad, bad.replace("%", ""), {}) for bad in BAD]
    return [Rows(BAD[0], BAD[:2], cells), Sheet(BAD[0], BAD[:2], lambda: cells), _Faults(BAD[0], BAD[:3], faults)]


@pytest.mark.parametrize("table", tables(), ids=lambda table: type(table).__name__)
def test_no_cell_runs_and_the_mark_is_there(table: Written) -> None:
    mark = "=由 周宁 & 罗 取走 DC-2222-2222"
    lines = list(csv_lines(table, mark))
    assert runs(lines) == [] and f"'{mark}" in "".join(lines) and runs(_Naive().lines(mark))
    for content in (xlsx_bytes(table, mark), xlsx_file(table, mark).read()):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
        shown = mark.replace("&", "&amp;")
        assert shown in texts["docProps/core.xml"] and not any("<f>" in part for part in texts.values())
        assert sum(part.count(shown) for part in texts.values()) >= 2, "in the sheet, and as a property"
        assert "&amp;&amp;" in texts["xl/worksheets/sheet1.xml"], "at the foot of a printed page"


def test_a_table_stands_in_its_file_as_a_reader_expects_it() -> None:
    """Title, mark, head, rows; texts stay texts; the head in sight and on every page; columns as wide as what they hold."""
    rows = [["007", 1, "http://a", None], ["=x", 2.5, "长" * 90, "123456789"]]
    table = Sheet("题", ["甲乙丙丁戊", "b", "c", "d"], lambda: rows)
    said = "题\r\n印\r\n甲乙丙丁戊,b,c,d\r\n007,1,http://a,\r\n'=x,2.5," + "长" * 90 + ",123456789\r\n"
    assert "".join(csv_lines(table, "印")) == "\ufeff" + said
    for content in (xlsx_bytes(table, "印"), xlsx_file(table, "印").read()):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            page, book = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "workbook"))
            assert "<dc:title>题</dc:title>" in parts.read("docProps/core.xml").decode()
        widths = [int(float(wide)) for wide in re.findall(r'<col min="\d" max="\d" width="([\d.]+)"', page)]
        assert widths == [12, 10, WIDEST, 11] and "<hyperlink" not in page
        assert re.search(r'<pane ySplit="3" topLeftCell="A4"', page) and 'paperSize="9"' in page and "$3:$3" in book
        numbers = re.findall(r'<c r="(\w+)"(?: s="\d")?><v>([\d.]+)</v>', page)
        assert numbers == [("B4", "1"), ("B5", "2.5")], "a number that was written as a text stays one"
        bold = re.findall(r'<c r="(\w+)" s="1"', page)
        assert bold == ["A1", "A3", "B3", "C3", "D3"]


def test_a_pdf_carries_the_mark_on_its_pages_and_as_a_property() -> None:
    pdf = pdf_bytes(Sheet("t", ["h"], lambda: [["1"]]), "DC-2222-2222")
    assert "DC-2222-2222" in text(pdf) and "DC-2222-2222" in str(reader(pdf).metadata)


def test_the_platform_file_holds_nothing_to_calculate() -> None:
    assert runs([to_csv([Row("2026-11-24", "2026-10", "330902", "calls", "count", 5)]).decode()]) == []

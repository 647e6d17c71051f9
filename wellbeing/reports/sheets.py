"""Exports: one sheet of rows as CSV or XLSX, streamed, marked with who took it and when, and recorded.

A cell that a spreadsheet would calculate is defused (OWASP, CSV injection); XLSX writes every text as text.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import Forbidden, Stale
from wellbeing.moments import absolute
from wellbeing.pdf.engine import render
from wellbeing.reports.models import MonthFigure
from wellbeing.reports.months import last
from wellbeing.reports.words import measure_text, month_text
from wellbeing.workdays import now

Row = Sequence[str | int | None]
CHUNK = 2_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class Sort(StrEnum):
    """What was exported: a subject's published months, or the hotline's year."""

    DANGER = "danger"
    HOTLINE = "hotline"
    REFERRALS = "referrals"
    SCREENING = "screening"
    CENTRE = "centre"
    INCIDENTS = "incidents"
    YEAR = "year"
    OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a printed page: a table, or with `bars` columns of (name, height, words) instead."""

    title: str
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    bars: Sequence[tuple[str, float, str]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title, a head, and rows that are made while they are sent. The PDF shows `blocks`, as the page does; without
    any, the rows."""

    title: str
    head: Sequence[str]
    rows: Callable[[], Iterable[Row]]
    blocks: Callable[[], Iterable[Block]] | None = None


TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEAD = (
    gettext_noop("Month"),
    gettext_noop("Division"),
    gettext_noop("Name"),
    gettext_noop("Measure"),
    gettext_noop("What it counts"),
    gettext_noop("Amount"),
)


def export(actor: Actor, sheet: Sheet, form: Form, sort: Sort, facts: dict[str, int] | None = None) -> HttpResponseBase:
    """The answer with the sheet; the export is an event of the reader's own stream. Forbidden without the right, Stale
    where the second factor was not shown within the last minutes."""
    if not may(actor, P.FIGURES_EXPORT):
        raise Forbidden
    if not actor.fresh:
        raise Stale
    at = now()
    record(
        stream=user_stream(actor.id),
        act=P.FIGURES_EXPORT,
        actor=actor,
        facts={"sort": sort, "form": form, **(facts or {})},
    )
    mark = watermark(actor, at)
    answer: HttpResponseBase
    if form == Form.CSV:
        answer = StreamingHttpResponse(csv_lines(sheet, mark), content_type=TYPES[form])
    elif form == Form.PDF:
        answer = HttpResponse(pdf_bytes(sheet, mark), content_type=TYPES[form])
    else:
        answer = FileResponse(xlsx_file(sheet, mark), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{sort}-{at:%Y%m%d-%H%M}.{form}"'
    return answer


def watermark(actor: Actor, at: datetime) -> str:
    """Who took it and when, as the first line of every export and of every printed page."""
    return _("Taken by %(name)s (account %(id)s) on %(at)s. Counts are rounded to fives.") % {
        "name": actor.name,
        "id": actor.id,
        "at": absolute(at),
    }


def published(
    actor: Actor, title: str, measures: Sequence[str], names: dict[str, str], latest: date | None, months: int = 120
) -> Sheet:
    """Everything that was published of these measures in so many months, the oldest first."""

    def rows() -> Iterator[Row]:
        if latest is None:
            return
        for month in last(latest, months):
            with identity(actor):  # each month by itself: nothing stays open while a slow reader takes it
                found = MonthFigure.objects.filter(month=month, measure__in=measures).order_by("measure", "division_id")
                chunk = list(found.values_list("division_id", "measure", "value"))
            for division, measure, value in chunk:
                yield month_text(month), division, names.get(division, ""), measure, measure_text(measure), value

    return Sheet(title, [_(word) for word in HEAD], rows)


def defused(cell: str | int | None) -> str | int | None:
    """A text that a spreadsheet would take for a formula, with a quote before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class _Echo:
    """What csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(sheet: Sheet, mark: str) -> Iterator[str]:
    """The sheet as CSV, some thousand rows at a time: UTF-8 with a mark by which Excel knows it."""
    writer = csv.writer(_Echo())
    waiting = [BOM + writer.writerow([defused(sheet.title)]), writer.writerow([defused(mark)])]
    waiting.append(writer.writerow([defused(word) for word in sheet.head]))
    for row in sheet.rows():
        waiting.append(writer.writerow([defused(cell) for cell in row]))
        if len(waiting) >= CHUNK:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def pdf_bytes(sheet: Sheet, mark: str) -> bytes:
    """The sheet for the meeting, A4. Raises Unavailable without fonts."""
    rows = [["" if cell is None else str(cell) for cell in row] for row in (() if sheet.blocks else sheet.rows())]
    blocks = list(sheet.blocks()) if sheet.blocks else [Block("", sheet.head, rows)]
    data = {
        "title": sheet.title,
        "mark": mark,
        "blocks": [asdict(block) for block in blocks],
        "note": _("Every count is rounded to fives; a dash stands where nothing is held, or too little for a share."),
        "page": _("Page {page} of {pages}"),
        "language": (get_language() or "zh")[:2],
    }
    return render("pdf/figures.typ", data)


def xlsx_file(sheet: Sheet, mark: str) -> IO[Any]:
    """The sheet as XLSX, written to a file of its own row by row, so that memory does not follow its length."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it is sent
    given = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, given)
    page, bold = book.add_worksheet(), book.add_format({"bold": True})
    page.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N")
    page.set_paper(9)
    page.set_column(0, len(sheet.head) - 1, 16)
    page.write_string(0, 0, sheet.title, bold)
    page.write_string(1, 0, mark)
    page.write_row(2, 0, sheet.head, bold)
    for number, row in enumerate(sheet.rows(), 3):
        page.write_row(number, 0, row)
    book.close()
    file.seek(0)
    return file

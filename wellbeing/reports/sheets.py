"""Exports of figures: a sheet as CSV, XLSX or PDF, streamed, marked with who took it, when and under which reference,
and recorded. They hold published counts and no row of a person or a case; what does goes out sealed
(cases/export_access.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

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
from wellbeing.sheets.writing import Cell, csv_lines, xlsx_file
from wellbeing.workdays import now

Row = Sequence[Cell]


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
    event = record(
        stream=user_stream(actor.id),
        act=P.FIGURES_EXPORT,
        actor=actor,
        facts={"sort": sort, "form": form, **(facts or {})},
    )
    mark = watermark(actor, at, event)
    answer: HttpResponseBase
    if form == Form.CSV:
        answer = StreamingHttpResponse(csv_lines(sheet, mark), content_type=TYPES[form])
    elif form == Form.PDF:
        answer = HttpResponse(pdf_bytes(sheet, mark), content_type=TYPES[form])
    else:
        answer = FileResponse(xlsx_file(sheet, mark), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{sort}-{at:%Y%m%d-%H%M}.{form}"'
    return answer


def watermark(actor: Actor, at: datetime, event: UUID | None = None) -> str:
    """Who took it and when, as the first line of every export and of every printed page; of an export also the event
    of the audit that it is."""
    said = _("Taken by %(name)s (account %(id)s) on %(at)s. Counts are rounded to fives.") % {
        "name": actor.name,
        "id": actor.id,
        "at": absolute(at),
    }
    return f"{said} {_('Audit event')} {event}" if event else said


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

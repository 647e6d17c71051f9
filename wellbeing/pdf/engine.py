"""Sets sheets with typst, in this process: no network, no file but our templates, no word that could be markup."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, cast

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wellbeing.pdf.fonts import Faces, drawable, faces
from wellbeing.pdf.sheet import Sheet

FORM = "pdf/form.typ"
ROOT = settings.BASE_DIR / "templates"
STANDARD: Final = "ua-1"  # tagged, with its language, and refused by typst itself if a character had no picture
_mine = threading.local()


class NotSet(RuntimeError):
    """A template is wrong. Says which; what typst says of it may hold the words that were to be set."""


def render(template: str, data: Mapping[str, Any], code: str = "") -> bytes:
    """A template under templates/ with its data, as PDF/UA. The data reach it as JSON: texts, never markup; `code` are
    pictures of our own (for the forms, a JSON list of SVG).

    The same data give the same bytes: no date, no name of this machine. Raises Unavailable without fonts.
    """
    found = faces()
    given = {
        "data": json.dumps(drawable(data, found.drawn), ensure_ascii=False),
        "code": code,
        "serif": found.serif,
        "sans": found.sans,
    }
    try:
        made = _compiler(found).compile(ROOT / template, sys_inputs=given, pdf_standards=STANDARD, timestamp=0)
    except typst.TypstError:
        raise NotSet(template) from None
    return cast(bytes, made)


def _compiler(found: Faces) -> typst.Compiler:
    """One per thread, kept: it may be used by one caller at a time, and a new one reads the fonts again."""
    if getattr(_mine, "faces", None) is not found:
        _mine.faces = found
        _mine.compiler = typst.Compiler(root=ROOT, font_paths=found.fonts, ignore_system_fonts=True)
    return cast(typst.Compiler, _mine.compiler)


def sheets_pdf(sheets: Sequence[Sheet]) -> bytes:
    """Sheets as one PDF, A4, in the language of the reader, each with pages of its own. Raises Unavailable without
    fonts."""
    words = {
        "reference": _("Reference"),
        "printed": _("Printed"),
        "page": _("Page {page} of {pages}"),
        "date": _("Date: ____ / __ / __"),
        "code": _("Opens only for somebody who may"),
    }
    given = [{**asdict(sheet), "code": ""} for sheet in sheets]
    data = {"sheets": given, "words": words, "language": (get_language() or "zh")[:2]}
    return render(FORM, data, json.dumps([sheet.code for sheet in sheets]))


def sheet_pdf(sheet: Sheet) -> bytes:
    """One sheet as PDF."""
    return sheets_pdf([sheet])


def pdf_answer(sheet: Sheet, name: str) -> HttpResponse:
    """A sheet as the answer to a request, shown in the browser; `name` holds a reference and a code, nothing else."""
    return batch_answer([sheet], name)


def batch_answer(sheets: Sequence[Sheet], name: str) -> HttpResponse:
    """The same for several sheets in one file."""
    answer = HttpResponse(sheets_pdf(sheets), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer

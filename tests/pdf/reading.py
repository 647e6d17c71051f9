"""Reads a PDF back as a stranger would: its text, its fonts, what it says of itself."""

from __future__ import annotations

import io
from typing import Any

from fontTools.cffLib import CFFFontSet
from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    """All the text, page by page, without the white space that lines and columns bring."""
    return "".join("".join(page.extract_text().split()) for page in reader(pdf).pages)


def fonts(pdf: bytes) -> dict[str, bytes]:
    """The program of every font that a page uses, by its name. KeyError where one is not embedded."""
    found: dict[str, bytes] = {}
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor: Any = inner.get_object()["/FontDescriptor"].get_object()
            found[descriptor["/FontName"]] = descriptor["/FontFile3"].get_object().get_data()
    return found


def pictures(program: bytes) -> int:
    """How many characters a font program draws, without the box that stands for none."""
    font = CFFFontSet()
    font.decompile(io.BytesIO(program), None)
    return len(font[0].CharStrings) - 1


def own_words(pdf: bytes) -> str:
    """What the file says of itself, outside its pages: information, metadata, outline, language."""
    read = reader(pdf)
    root: Any = read.trailer["/Root"]
    outline = [str(entry.title) for entry in read.outline if not isinstance(entry, list)]
    return " ".join(
        [str(read.metadata), root["/Metadata"].get_object().get_data().decode(), str(root["/Lang"]), *outline]
    )

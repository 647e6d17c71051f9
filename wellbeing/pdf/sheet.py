"""What stands on a sheet of paper, whoever prints it: the page and the PDF are drawn from the same one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; `note` in small letters below."""

    label: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """What is filled in by hand: boxes to tick when there are `choices`, else as many lines as `lines`."""

    label: str
    choices: tuple[str, ...] = ()
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """Texts in the language of the reader, from top to bottom; what is empty does not stand on the sheet.

    `code` is an SVG (see `address_code`). `columns` (label, share of the width) and `empty`
    rows make a table that is filled in by hand. The title and
    the reference become the title of the file: neither may hold a name.
    """

    title: str
    house: str = ""
    reference: str = ""
    number: str = ""
    printed: str = ""
    code: str = ""
    lead: tuple[str, ...] = ()
    steps: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    blanks: tuple[Blank, ...] = ()
    columns: tuple[tuple[str, int], ...] = ()
    empty: int = 0
    signers: tuple[str, ...] = ()
    foot: str = ""

    @property
    def empty_rows(self) -> range:
        """To go over in a template."""
        return range(self.empty)


@lru_cache(maxsize=256)
def address_code(address: str) -> str:
    """An address as a QR code (SVG) that fills the place it is given. One mask for all: choosing the prettiest of eight
    takes six times as long, and every reader takes any of them."""
    code = segno.make(address, error="m", micro=False, mask=3)
    # its size would stand in the place of a viewBox, without which nothing scales: both are wanted
    drawn: str = code.svg_inline(scale=3, svgclass=None, lineclass=None, omitsize=True)
    wide, high = code.symbol_size(scale=3)
    # a page needs no namespace, typst does
    return drawn.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}"', 1)

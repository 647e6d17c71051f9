"""Numbers that a spreadsheet shows with leading zeros only by the format of their cells: how wide they are. Pure.

A student number typed as 0012345 into a cell of the format 0000000 is stored as 12345; what everybody saw was 0012345.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ZEROS = re.compile(rb"0{2,40}(?:;.*)?")  # its first section counts: the one of numbers above nothing
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^<>]*>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.S)
_STYLE = re.compile(rb"<(?:\w+:)?xf[\s/>][^<>]*")


def widths(styles: bytes) -> dict[bytes, int]:
    """The styles of a workbook (`xl/styles.xml`) that are nothing but so many digits, by their number."""
    formats = {}
    for found in _FORMAT.finditer(styles):
        code = _attribute(found[0], b"formatCode")
        if _ZEROS.fullmatch(code):
            formats[_attribute(found[0], b"numFmtId")] = len(code.split(b";")[0])
    named = _STYLES.search(styles)
    if not formats or not named:
        return {}
    every = (_attribute(found[0], b"numFmtId") for found in _STYLE.finditer(named[0]))
    return {b"%d" % number: formats[id_] for number, id_ in enumerate(every) if id_ in formats}


def padded(part: bytes, wide: Mapping[bytes, int]) -> dict[tuple[int, str], int]:
    """The cells of a sheet that show so many digits, by line and column letters; every cell says where it stands."""
    if not wide:
        return {}
    styles = b"|".join(sorted(wide))
    cell = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^<>]*? s="(' + styles + rb')"')
    return {(int(found[2]), found[1].decode()): wide[found[3]] for found in cell.finditer(part)}


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\s" + name + rb"=[\"']([^\"']*)", tag)
    return found[1] if found else b""

"""The two Chinese fonts of our papers, where they are, and which characters they draw.

Serif (宋体) is for what is said, sans (黑体) for labels, as on official forms. They come with a wheel of
requirements.txt; without it the system's are taken, and without those nothing is printed: boxes in place of a name are
worse than no paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from fontTools.ttLib import TTFont

from wellbeing.errors import Unavailable

WHEEL = "pylopdf_fonts_zh_cn"
SERIF = ("Noto Serif SC", "Noto Serif CJK SC")
SANS = ("Noto Sans SC", "Noto Sans CJK SC")
# Rare characters of names and places that a font for everyday text lacks: the font must draw them (GB 18030-2022).
RARE = "\u36c3\u4dae\u5586\u5803\u9555\U00020164\u9f98"
LONGEST = 30  # letters without a break; a longer run may be broken anywhere, or it would leave the sheet
BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts as typst holds them, the two families, and the code points that both of them draw."""

    fonts: typst.Fonts
    serif: str
    sans: str
    drawn: frozenset[int]


def faces() -> Faces:
    """The fonts, looked for once. Raises Unavailable where one is missing or lacks the rare characters."""
    found = _found(settings.PDF_FONT_FOLDER)
    if found is None:
        raise Unavailable(missing_text())
    return found


def missing_text() -> str:
    """What a reader is told; the check says the same to whoever starts the server."""
    from django.utils.translation import gettext as _

    return _("This machine has no font for Chinese names, so no PDF is made. Use the print page instead.")


@cache
def _found(folder: str) -> Faces | None:
    spec = find_spec(WHEEL)
    wheel = [str(Path(spec.origin).parent)] if spec and spec.origin else []
    for folders in ([folder],) if folder else (wheel, []):
        fonts = typst.Fonts(include_system_fonts=not folders, include_embedded_fonts=False, font_paths=list(folders))
        serif, sans = (_regular(fonts, families) for families in (SERIF, SANS))
        if serif and sans:
            drawn = _draws(serif) & _draws(sans)
            if drawn.issuperset(map(ord, RARE)):
                return Faces(fonts, serif.family, sans.family, drawn)
    return None


def _regular(fonts: typst.Fonts, families: Sequence[str]) -> typst.FontInfo | None:
    regular = {one.family: one for one in fonts.fonts() if one.weight == 400 and one.style == "normal"}
    return next((regular[family] for family in families if family in regular), None)


def _draws(info: typst.FontInfo) -> frozenset[int]:
    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(value: Any, drawn: frozenset[int]) -> Any:
    """The same value with every text made printable: what no font draws stands as its code ([U+1F62D]), marks
    without a picture of their own (direction, joiners, variants) are left out, and a run without a break may break."""
    if isinstance(value, str):
        return _broken(value if drawn.issuperset(map(ord, value)) else "".join(_shown(one, drawn) for one in value))
    if isinstance(value, Mapping):
        return {key: drawable(one, drawn) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [drawable(one, drawn) for one in value]
    return value


def _shown(one: str, drawn: frozenset[int]) -> str:
    if one == "\n":
        return one
    kind, code = unicodedata.category(one), ord(one)
    if kind == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or one == "\r":
        return ""
    if code in drawn and kind != "Cc":
        return one
    return " " if kind in ("Zs", "Zl", "Zp", "Cc") else f"[U+{code:04X}]"


def _broken(text: str) -> str:
    if len(text) <= LONGEST or all(len(run) <= LONGEST for run in text.split()):
        return text
    found, run = [], 0
    for one in text:
        run = 0 if one.isspace() or one > "\u2e7f" else run + 1
        found.append(BREAK + one if run > LONGEST else one)
    return "".join(found)


def check_fonts(app_configs: Any, *, deploy: bool = False, **kwargs: Any) -> list[CheckMessage]:
    """System check: a warning at start, an error where it is asked about a deployment."""
    if _found(settings.PDF_FONT_FOLDER):
        return []
    hint = f"Install requirements.txt again (it brings {WHEEL}), or Debian's fonts-noto-cjk, or set PDF_FONT_FOLDER."
    text = "No font draws Chinese names, so papers cannot be made as PDF."
    return [(Error if deploy else Warning)(text, hint=hint, id="pdf.E001" if deploy else "pdf.W001")]

"""The fonts: found in the wheel, the system's without it, and never silently missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Error, Warning

from wellbeing.errors import Unavailable
from wellbeing.pdf import fonts
from wellbeing.pdf.sheet import Sheet


@pytest.fixture
def no_font(settings: Any, tmp_path: Path) -> None:
    """A machine without fonts: the only folder that is looked into is empty."""
    settings.PDF_FONT_FOLDER = str(tmp_path)


def test_both_fonts_are_there_and_draw_rare_names_and_everyday_text() -> None:
    found = fonts.faces()
    assert (found.serif, found.sans) == (fonts.SERIF[0], fonts.SANS[0])
    assert found.drawn.issuperset(map(ord, fonts.RARE + "舟山市岱山县衢山镇“□”·——…℃①"))
    assert found.drawn.issuperset(range(0x4E00, 0x9FA6)), "the unified ideographs of GB 13000"
    assert fonts.check_fonts(None) == [] and fonts.check_fonts(None, deploy=True) == []


@pytest.mark.usefixtures("no_font")
def test_a_machine_without_them_warns_at_start_and_fails_a_deployment() -> None:
    (warning,), (error,) = fonts.check_fonts(None), fonts.check_fonts(None, deploy=True)
    assert isinstance(warning, Warning) and isinstance(error, Error)
    with pytest.raises(Unavailable):
        fonts.faces()


@pytest.mark.usefixtures("no_font")
def test_nothing_is_set_without_them() -> None:
    from wellbeing.pdf.engine import sheet_pdf

    with pytest.raises(Unavailable):
        sheet_pdf(Sheet(title="转介单"))


def test_a_font_that_lacks_rare_names_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "RARE", fonts.RARE + "\U0001f62d")
    fonts._found.cache_clear()
    try:
        assert [one.id for one in fonts.check_fonts(None)] == ["pdf.W001"]
    finally:
        fonts._found.cache_clear()


def test_the_fonts_of_the_system_serve_where_the_wheel_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    if not list(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc")):
        pytest.skip("the system has no Noto CJK")
    monkeypatch.setattr(fonts, "WHEEL", "a_wheel_that_is_not_there")
    fonts._found.cache_clear()
    try:
        assert fonts.faces().serif == fonts.SERIF[1]
    finally:
        fonts._found.cache_clear()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("小渔\n灯塔", "小渔\n灯塔"),
        ("灯" * 100, "灯" * 100),
        ("a" * 31, "a" * 30 + fonts.BREAK + "a"),
        (["x", {"y": "😭"}, 1, None], ["x", {"y": "[U+1F62D]"}, 1, None]),
    ],
)
def test_a_text_is_made_printable(words: object, shown: object) -> None:
    assert fonts.drawable(words, fonts.faces().drawn) == shown

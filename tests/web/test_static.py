"""What pages load: nothing from outside, nothing inline, and no pointer to files that are not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "wellbeing/web/static/web").rglob("*.css"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|hx-vals=.js:")


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_a_template_has_nothing_inline_and_nothing_foreign(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not INLINE.findall(text)
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)


@pytest.mark.parametrize("path", SHEETS, ids=ids)
def test_a_sheet_loads_nothing_from_outside(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "sourceMappingURL" not in text
    assert "@import" not in text
    assert all(target.startswith("data:") for target in re.findall(r"""url\(["']?([^"')]+)""", text))


def test_the_planted_inline_style_is_found() -> None:
    assert INLINE.findall('<p style="color:red">')
    assert INLINE.findall("<script>x()</script>")

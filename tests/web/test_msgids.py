"""Extraction without gettext tools: what counts as a text, in Python and in templates."""

from pathlib import Path

from wellbeing.web.msgids import Message, collect, in_python, in_template


def test_python_calls_of_every_kind() -> None:
    source = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("One " "text")
B = ngettext("a case", "%(n)s cases", 3)
C = pgettext("clock", "late")
D = _(name)
E = obj.gettext("by attribute")
"""
    assert set(in_python(source)) == {
        Message("One text"),
        Message("a case", plural="%(n)s cases"),
        Message("late", context="clock"),
        Message("by attribute"),
    }


def test_template_tags_of_every_kind() -> None:
    source = (
        '{% load i18n %}{% translate "It\'s here" %}{% translate "late" context "clock" %}{{ _("in a variable") }}'
        "{% blocktranslate count n=n %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}"
        "{% blocktranslate trimmed with a=b %}\n  two\n  {{ a }} lines\n{% endblocktranslate %}{# not this #}"
    )
    assert set(in_template(source)) == {
        Message("It's here"),
        Message("late", context="clock"),
        Message("in a variable"),
        Message("%(n)s case", plural="%(n)s cases"),
        Message("two %(a)s lines"),
    }


def test_plain_words_are_no_texts() -> None:
    assert list(in_template('<p>gettext of "nothing"</p>{{ value }}')) == []


def test_a_text_is_listed_with_every_file_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('_("Both")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "b.html").write_text('{% load i18n %}{% translate "Both" %}')
    found = collect([tmp_path / "a.py", tmp_path / "templates" / "b.html"], tmp_path)
    assert found[("", "Both")][1] == ["a.py", "templates/b.html"]

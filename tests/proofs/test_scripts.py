"""The corpus of WB-1 is no list of dead words: in pages that do not escape, Chromium brings it to life."""

from __future__ import annotations

import base64
import binascii
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import unquote

import pytest
from django.template import Context, Template, TemplateSyntaxError
from playwright.sync_api import Browser

from tests.proofs.screen import screen
from tests.proofs.scripts import CORPUS, Script

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHORT = os.environ.get("LEVEL", "short") == "short"
OPEN = ("", '<p title="', "<p title='", "<p title=", "<!-- ", "<textarea>", "<title>", "<style>", "<script>", "<select>", "<noscript>", "<xmp>", "<template>", "<iframe>", "<noembed>", "<svg>", "<math>", "<svg><![CDATA[", "<?", "<select><option>")  # fmt: skip
STRINGS = ("<script>var a = '{}'</script>", '<script>var a = "{}"</script>', "<script>var a = `{}`</script>", "<script>/* {} */</script>", "<script>// {}\n</script>", "<script>String({{a: '{}'}})</script>", '<script>String({{a: "{}"}})</script>', "<script>String(['{}'])</script>", "<script>String('{}')</script>", "<button class=try onclick=\"String('{}')\"></button>")  # fmt: skip
STYLES = ("<style>p {{ color: {} }}</style><p>x</p>", '<p style="color: {}">x</p>', '<style>p {{ content: "{}" }}</style>', "<style>p {{ content: '{}' }}</style>")  # fmt: skip
ESCAPES = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})")
AGAIN = "<script>for (let n = 0; n < 2; n++) document.body.innerHTML = document.body.innerHTML</script>"


def _decoded(text: str) -> Iterator[str]:
    """What programs between a form and a page make of an encoded text."""
    yield from (text, unescape(text), unescape(unescape(text)), unquote(text), unquote(unquote(text)))
    yield unicodedata.normalize("NFKC", text)
    yield ESCAPES.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    for decode in (lambda: base64.b64decode(text, validate=True).decode(), lambda: text.encode().decode("utf-7")):
        try:
            yield decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            continue


def _rendered(text: str) -> str:
    try:
        return Template(text).render(Context({}))
    except TemplateSyntaxError:
        return text


def _marked(text: str) -> list[str]:
    return [before + text for before in OPEN]


PAGES: dict[str, Callable[[str], list[str]]] = {
    "text": lambda text: [text],
    "attribute": lambda text: [f"<input value={mark}{text}{mark}>" for mark in ('"', "'", "")],
    "closed": _marked,
    "address": lambda text: [f'<a href="{escape(text)}">x</a>', f'<a href="{text}">x</a>'],
    "string": lambda text: [page.format(text) for page in STRINGS],
    "style": lambda text: [page.format(text) for page in STYLES],
    "template": lambda text: [text, _rendered(text)],
    "mutation": lambda text: [*_marked(text), f"<body>{text}</body>{AGAIN}"],
    "polyglot": lambda text: [*_marked(text), *(page.format(text) for page in STRINGS)],
    "encoded": lambda text: [before + one for one in dict.fromkeys(_decoded(text)) for before in OPEN[:7]],
}


def test_most_of_the_corpus_comes_alive_where_nothing_is_escaped_and_none_where_it_is(chromium: Browser) -> None:
    scripts: list[Script] = list(CORPUS[::24] if SHORT else CORPUS)
    assert len(CORPUS) >= 700 and len({one.text for one in CORPUS}) == len(CORPUS)
    alive = set[Script]()
    with screen(chromium) as shown:
        documents = [(one, page) for one in scripts for page in PAGES[one.context](one.text)]
        for at in range(0, len(documents), 150):
            part = documents[at : at + 150]
            alive |= {
                one for (one, _page), lives in zip(part, shown.tried([page for _, page in part]), strict=True) if lives
            }
        quiet = [page.format(escape(one.text)) for one in scripts for page in ('<p title="{0}">{0}</p>',)]
        assert not any(lives for at in range(0, len(quiet), 150) for lives in shown.tried(quiet[at : at + 150]))
    dead = sorted({one.text for one in scripts} - {one.text for one in alive})
    # The rest waits for engines of templates that this house has not, or for browsers of other days.
    assert len(alive) >= len(scripts) * 0.8, dead
    for context in {one.context for one in scripts} - {"template", "string", "style", "address"}:
        assert any(one.context == context for one in alive), context

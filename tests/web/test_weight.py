"""What a browser gets at a first load: little, all of it ours, nothing inline. Every page: tests/journeys/test_every_page."""

from __future__ import annotations

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

MOST = 300 * 1024  # bytes, compressed: the page and every file it asks for
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
EVENT = re.compile(r"on[a-z]+|hx-on.*")


class Page(HTMLParser):
    """The files a page loads, the hosts it leads to or loads from, and what stands inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.files: set[str] = set()
        self.faults: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._script = tag == "script" and "src" not in given
        if tag == "style" or self._script:
            self.faults.append(f"<{tag}> inline")
        self.faults += [f"<{tag} {name}>" for name in given if name == "style" or EVENT.fullmatch(name)]
        for name in ("src", "href", "action", "srcset", "poster", "data"):
            address = given.get(name, "")
            if re.match(r"(?:[a-z]+:)?//|javascript:", address, re.I):
                self.faults.append(f"<{tag} {name}> leads outside")
            elif address.startswith(settings.STATIC_URL):
                self.files.add(address)


@cache
def weight(address: str) -> int:
    """The compressed size of a static file."""
    found = finders.find(HASH.sub("", address.removeprefix(settings.STATIC_URL)))
    assert found, address
    return len(gzip.compress(Path(found).read_bytes()))


def loaded(content: bytes) -> int:
    """The compressed bytes of a page and of every file that it asks for."""
    return len(gzip.compress(content)) + sum(map(weight, Page(content.decode()).files))


def faults(content: bytes) -> list[str]:
    """What is wrong with a first load: what is too heavy, not ours, or inline."""
    size = loaded(content)
    return Page(content.decode()).faults + ([f"{size} bytes"] if size > MOST else [])


def test_what_is_planted_is_found() -> None:
    planted = b'<p style="a"><script>x()</script><img src="//else.where/x"><a onclick="y()" href="https://else.where">'
    assert len(faults(planted)) == 5

"""What a browser gets at the first load of every page a role may enter: little, all of it ours, and nothing inline."""

from __future__ import annotations

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.rules.test_matrix import PAGES
from tests.stage import scene
from wellbeing.access.routes import routes
from wellbeing.demo.city import CAST
from wellbeing.people.models import User

MOST = 300 * 1024  # bytes, compressed: the page and every file it asks for (issue 6)
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


def test_what_is_planted_is_found() -> None:
    planted = Page(
        '<p style="a"><script>x()</script><img src="//else.where/x"><a onclick="y()" href="https://else.where">'
    )
    assert len(planted.faults) == 5


def test_every_first_load_is_light_and_all_ours(db: None) -> None:
    scene()
    needs = {route.name for address, route in routes() if "<" in address}
    roles: dict[str, str] = {}
    for member in CAST:
        post = User.objects.get(username=member.username).posts.order_by("pk").first()
        roles.setdefault(post.desk.role if post else "", member.username)
    faults, heaviest, seen = [], 0, set()
    for name in roles.values():
        client = Client()
        client.force_login(User.objects.get(username=name))
        mine = {route for route, who in PAGES.items() if name in who}
        for route in sorted(mine - needs - seen):  # each page once, by the first role that may enter
            answer = client.get(reverse(route))
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            page = Page(answer.content.decode())
            size = len(gzip.compress(answer.content)) + sum(map(weight, page.files))
            faults += [f"{name} {route}: {fault}" for fault in page.faults]
            faults += [f"{name} {route}: {size} bytes"] if size > MOST else []
            heaviest = max(heaviest, size)
            seen.add(route)
    assert faults == []
    assert len(seen) > 40 and heaviest > 20_000  # that it looked, and weighed the files too


@pytest.mark.parametrize("address", ["/sign-in/", "/answer/"])
def test_so_are_the_pages_before_signing_in(db: None, address: str) -> None:
    page = Page((answer := Client().get(address)).content.decode())
    assert page.faults == [] and page.files
    assert len(gzip.compress(answer.content)) + sum(map(weight, page.files)) <= MOST

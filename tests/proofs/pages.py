"""What a browser finds on a page: links, forms with their fields, and the ids it could send elsewhere."""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve

from wellbeing.ids import ALPHABET
from wellbeing.people.models import User
from wellbeing.web.middleware import NoStore

ID = re.compile(
    rf"\b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b|\b[A-Z]{{2}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b"
)
# What is new on every page: tokens against forgery, the key of a form, the hour, where signing in leads back to.
NEW = re.compile(
    r'(name="(?:csrfmiddlewaretoken|key|next)" value=|name="server-time" content=|data-token=)"[^"]*"'
    r"|<time[^>]*>[^<]*</time>|\d\d:\d\d(?::\d\d)?"
)
LEAVES = ("/sign-out/", "/static/", "/language/")  # not followed


@dataclass
class Field:
    """One thing that a form sends; `kind` is the input's type, `textarea` or `select`; `most` letters, 0: no bound."""

    kind: str
    value: str = ""
    most: int = 0
    choices: list[str] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether a person types words into it."""
        return self.kind in ("text", "textarea", "search", "tel", "email", "url")


@dataclass
class Form:
    """A form by what it sends and where to."""

    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)


class Page(HTMLParser):
    """One page, read."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.links, self.forms = address, set[str](), list[Form]()
        self.text = unescape(text)
        self.answer: Any = None  # as it came, where somebody has crawled to it
        self.ids = set(ID.findall(self.text))
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "hx-get", "hx-post", "data-address"):
            if given.get(name, "").startswith(("/", "?")):
                self.links.add(urljoin(self.address, given[name]).partition("#")[0])
        if tag == "form":
            self._form = Form(given.get("method", "get").lower(), urljoin(self.address, given.get("action", "")))
            self.forms.append(self._form)
        elif self._form is not None and given.get("name") and tag in ("input", "textarea", "select"):
            self._field(tag, given)
        elif tag == "option" and self._form is not None and self._select:
            self._form.fields[self._select].choices.append(given.get("value", ""))

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._form is not None
        kind = given.get("type", "text") if tag == "input" else tag
        found = self._form.fields.setdefault(given["name"], Field(kind, most=int(given.get("maxlength") or 0)))
        if kind in ("radio", "checkbox"):
            found.choices.append(given.get("value", "on"))
        else:
            found.value = given.get("value", "")
        self._select = given["name"] if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


class Browsers:
    """A browser for each person, signed in; anew after some minutes, because idle sessions end."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Client, float]] = {}

    def of(self, who: str) -> Client:
        """Hers; that of somebody who has not signed in for an empty name."""
        client, since = self._kept.get(who) or (Client(HTTP_HOST="127.0.0.1", raise_request_exception=False), 0.0)
        if who and time.monotonic() - since > 300:
            client.force_login(User.objects.get(username=who))
            since = time.monotonic()
        self._kept[who] = client, since
        return client


@contextmanager
def answering(more: Callable[[Any, Any], object]) -> Iterator[None]:
    """A planted fault: every answer, with its request, passes `more` on its way out."""
    answers = NoStore.__call__

    def says(self: NoStore, request: Any) -> Any:
        answer = answers(self, request)
        more(answer, request)
        return answer

    with mock.patch.object(NoStore, "__call__", says):
        yield


def asked(client: Client, method: str, address: str, data: Any = None, **more: Any) -> Any:
    """One request, of which nothing stays: who is signed out by it has her session still, and so her cookie."""
    kept = dict(client.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(address, data, **more)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)
    return answer


def text_of(answer: Any) -> str:
    """The body as text; whatever is no text, byte by byte."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode("utf-8", "replace"))


def plain(answer: Any, *said: str) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """Status, headers and body without what is new on every page and what the asker has said herself."""

    def without(text: str) -> str:
        for one in sorted(filter(None, said), key=len, reverse=True):  # what holds another goes whole
            text = text.replace(one, "…")
        return text

    headers = tuple(sorted((name, without(value)) for name, value in answer.items() if name != "Content-Length"))
    return answer.status_code, headers, NEW.sub(r"\1", without(text_of(answer)))


def nameless(answer: Any, *said: str) -> tuple[int, str, str]:
    """The same without any id: one's own new row has another each time."""
    status, headers, body = plain(answer, *said)
    return status, ID.sub("…", repr(headers)), ID.sub("…", body)


def crawl(client: Client, starts: Iterable[str], most: int) -> dict[str, Page]:
    """The pages that somebody reaches by links from these, each route three times at most, by their addresses."""
    queue, found, times = deque(starts), dict[str, Page](), dict[str, int]()
    seen = set(queue)
    while queue and len(found) < most:
        address = queue.popleft()
        route = route_of(address)
        if route is None or times.get(str(route.url_name), 0) >= 3:
            continue
        times[str(route.url_name)] = times.get(str(route.url_name), 0) + 1
        answer = asked(client, "get", address)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        page = found[address] = Page(text_of(answer), address)
        page.answer = answer
        new = {link for link in page.links if not link.startswith(LEAVES)} - seen
        seen |= new
        queue.extend(sorted(new))
    return found


def route_of(address: str) -> ResolverMatch | None:
    """The route of an address, None for a page that does not exist."""
    try:
        return resolve(urlsplit(address).path)
    except Resolver404:
        return None


def ids_of(pages: Iterable[Page]) -> set[str]:
    """Everything on somebody's pages that names a row: ids, references, and what stands in addresses."""
    found = set[str]()
    for page in pages:
        found |= page.ids
        for link in page.links:
            found |= {value for _name, value in parse_qsl(urlsplit(link).query) if ID.fullmatch(value)}
    return found


def like(value: str) -> str:
    """Another value of the same shape that is nobody's, also within a longer one (`roll-ID`). One that begins a page
    begins it at its own place in the order of all values, so that a cursor's other has the same place: only its end
    differs."""
    if ID.search(value):
        return ID.sub(_another, value)
    if value.isdigit():
        return "9" * max(len(value), 7)
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in value)


def _another(found: re.Match[str]) -> str:
    if len(found[0]) == 36:
        return found[0][:-12] + secrets.token_hex(6)
    return found[0][:3] + "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2))

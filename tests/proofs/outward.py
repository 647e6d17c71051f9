"""WB-5: nothing that anybody writes makes the house ask an address for it.

Addresses of the inside (the cloud's metadata, loopback in its spellings, files, other protocols) and of a server of the
proof's own are written into every field of the forms that people's pages show them, into headers, and into workbooks and
papers. The ways out that an operator sets up go where he said: they follow nobody elsewhere, take no proxy from the
environment, and open no file. Every connection and every name that this process looks up is heard by Python's audit hook;
besides, the server must have heard nothing.
"""

from __future__ import annotations

import io
import os
import random
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.files import PDF
from tests.proofs.pages import Browsers, Form, Page, asked, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.proofs.sending import Sender, asks
from tests.proofs.uploads import takers
from tests.rules.test_matrix import addresses_on, set_stage
from wellbeing.outbox.channels import http

INSIDE = (
    *("http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/latest/meta-data/", "http://metadata/computeMetadata/v1/"),
    *("http://localhost:{port}/", "http://127.1:{port}/", "http://0x7f000001:{port}/", "http://2130706433:{port}/"),
    *("http://0:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://127.0.0.1:{port}/%2f.."),
    *("http://x@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@gov.cn/", "//127.0.0.1:{port}/", "ＨＴＴＰ://127.0.0.1:{port}/"),
    *("https://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/x"),
    *("ftp://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}!/", "\\\\\\\\127.0.0.1\\\\x"),
)  # fmt: skip
HEADERS = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "Referer", "Origin", "HX-Current-URL", "Forwarded", "Via", "X-Wap-Profile", "True-Client-IP")  # fmt: skip
WORKERS = ("lin", "zhou", "chen", "luo", "fang", "su", "ding", "shen", "sun", "an")
HEARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "http.client.connect", "ftplib.connect", "subprocess.Popen")  # fmt: skip
_EARS: list[list[str]] = []


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if not _EARS or event not in HEARD:
        return
    to = given[1] if event == "socket.connect" else given[:2]
    if isinstance(to, tuple) and to[:2] not in _engines():  # a path on this machine is no address
        _EARS[-1].append(f"{event} {str(to)[:60]}")


def _engines() -> set[Any]:
    """Where the broker and the cache are; the database's own library is no part of Python."""
    found = {urlsplit(settings.BROKER_URL)} | {
        urlsplit(str(one.get("LOCATION", ""))) for one in settings.CACHES.values()
    }
    return {(one.hostname, one.port) for one in found if one.hostname}


@cache
def _has_ears() -> None:
    """For good, since one cannot be taken away: from then on every id() of the process costs five times as much, so
    only where somebody listens, and not wherever this module is read."""
    sys.addaudithook(_hear)


@contextmanager
def listening() -> Iterator[list[str]]:
    """What this process asks elsewhere while the block runs."""
    _has_ears()
    _EARS.append([])
    try:
        yield _EARS[-1]
    finally:
        _EARS.pop()


class Server(ThreadingHTTPServer):
    """Notes whoever asks; what `leads` is set to is where its answers lead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[str] = []
        self.leads = ""


class Asked(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(302 if self.server.leads else 200)
        if self.server.leads:
            self.send_header("Location", self.server.leads)
        self.end_headers()

    do_GET = do_POST = do_HEAD = _answer

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Written(Sender):
    """Writes addresses into everything."""

    chance: random.Random
    port: int
    tried: int = 0
    names: set[str] = field(default_factory=set)

    def word(self, where: str) -> str:
        self.tried += 1
        return self.chance.choice(INSIDE).replace("{port}", str(self.port))

    def _filled(self, form: Form, name: str) -> Any:
        if form.fields[name].kind == "file":
            self.names.add(name)
            content, ending, kind = self.chance.choice((_book(self.word(name)), _paper(self.word(name))))
            return SimpleUploadedFile(f"x.{ending}", content, kind)
        return super()._filled(form, name)


def _book(address: str) -> tuple[bytes, str, str]:
    """A workbook that names an address as an entity, as a link outward and as a picture."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("xl/workbook.xml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><workbook>&e;</workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships><Relationship Id="r1" Type="externalLink" TargetMode="External" Target="{address}"/></Relationships>')  # fmt: skip
    return packed.getvalue(), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _paper(address: str) -> tuple[bytes, str, str]:
    return (
        PDF.replace(b"%%EOF", f"9 0 obj<</Type/Action/S/URI/URI({address})>>endobj\n%%EOF".encode()),
        "pdf",
        "application/pdf",
    )


def outward(tries: int, seed: int, _city: SimpleNamespace, *, first: bool = False) -> Found:
    """The ways out, then forms and headers by chance until so many addresses were written, or the `first` was asked."""
    chance, browsers, faults = random.Random(seed), Browsers(), list[str]()
    with served() as server, transaction.atomic():
        writer, listed = Written(chance, server.server_port), addresses_on(set_stage())
        pages = [(name, address, who) for name, (address, members) in sorted(listed.items()) for who in sorted(members & set(WORKERS))]  # fmt: skip
        with listening() as heard:

            def goes_on() -> bool:
                return writer.tried < tries and not (first and (heard or server.asked))

            while goes_on():
                chance.shuffle(pages)
                for _name, address, who in sorted(pages, key=lambda page: page[0] not in takers()):
                    _written(writer, browsers, who, address)
                    if not goes_on():
                        break
        faults += [f"asked {one}" for one in dict.fromkeys(heard)] + [f"heard {one}" for one in server.asked]
        transaction.set_rollback(True)
    faults += channels()
    return Found(writer.tried, len(faults), f"{len(writer.names)} fields for files {faults[:2] or ''}".strip())


def _written(writer: Written, browsers: Browsers, who: str, address: str) -> None:
    """One page with addresses in its headers, and its forms with addresses in their fields; nothing of it stays."""
    said = dict.fromkeys(HEADERS, writer.word("header").encode("ascii", "ignore").decode())
    answer = asked(browsers.of(who), "get", address, headers=said)
    for form in filter(asks, Page(text_of(answer), address).forms if answer.status_code == 200 else []):
        with transaction.atomic():
            writer.send(browsers, who, form)
            transaction.set_rollback(True)


def channels() -> list[str]:
    """What a way out does beyond the address that an operator has set."""
    faults = []
    with served() as server, served() as elsewhere:
        here, there = (f"http://127.0.0.1:{one.server_port}/" for one in (server, elsewhere))
        server.leads = there
        with mock.patch.dict(
            os.environ,
            dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), there) | {"no_proxy": ""},
        ):
            with suppress(OSError):
                http.post_json(here, {"text": "x"})
        faults += ["a notice never left"] if not server.asked and not elsewhere.asked else []
        faults += ["a notice followed elsewhere"] if elsewhere.asked else []
    for address in ("file:///etc/passwd", "ftp://127.0.0.1/", "data:application/json,{}"):
        try:
            http.post_json(address, {})
        except OSError:
            continue
        faults.append(f"a notice to {address[:5]}")
    return faults


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: a field that looks whether its address is there, a way out that follows, one that takes proxies."""
    plants = {}
    with looking():
        plants["a field that looks"] = outward(tries, seed, city, first=True)
    for name, handlers in {
        "a way that follows": (urllib.request.ProxyHandler({}),),
        "a way by proxies": (_Late(), http._Stay()),
    }.items():
        with mock.patch.object(http, "WAYS", handlers):
            faults = channels()
        plants[name] = Found(1, len(faults), "; ".join(faults))
    return each_caught(plants)


class _Late(urllib.request.ProxyHandler):
    """Asks the environment for a proxy when a request is made."""

    def http_open(self, request: urllib.request.Request) -> None:
        if proxy := os.environ.get("http_proxy"):
            request.set_proxy(urlsplit(proxy).netloc, "http")


@contextmanager
def looking() -> Iterator[None]:
    clean = forms.CharField.clean

    def looks(self: forms.CharField, value: Any) -> Any:
        if "://" in str(value):
            with suppress(OSError, ValueError):
                urllib.request.urlopen(str(value), timeout=0.2)
        return clean(self, value)

    with mock.patch.object(forms.CharField, "clean", looks):
        yield


PROOF = Proof("WB-5", "written addresses that are asked for", outward, planted, 80, 2_000, 60_000, 160, city=True)

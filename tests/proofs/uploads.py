"""WB-7: hostile files under hostile names and false types, sent to every page that takes a file: refused, or, where the
content is a paper or a picture after all, kept sealed and given back so that no browser runs anything of it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.models import Attachment
from tests.files import JPEG, PDF, PNG
from tests.proofs.pages import Browsers, answering, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.rules.test_matrix import addresses_on, set_stage
from tests.stage import actor
from tests.wellbeing.test_content import HOSTILE
from wellbeing.access.actor import identity
from wellbeing.access.routes import routes
from wellbeing.content import Kind


def _archive(*parts: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return packed.getvalue()


BOOK = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
ARCHIVES = {
    "a bomb": _archive(("xl/workbook.xml", BOOK), ("xl/worksheets/sheet1.xml", b"<" * 60_000_000)),
    "a workbook with a macro": _archive(("xl/workbook.xml", BOOK), ("xl/vbaProject.bin", b"Attribute VB_Name")),
    "a path out of an archive": _archive(("../../etc/cron.d/x", b"x"), ("xl/workbook.xml", BOOK)),
    "an entity from elsewhere": _archive(("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')),
    "archives in an archive": _archive(("xl/workbook.xml", _archive(("a", b"0" * 1_000_000)))),
}  # fmt: skip
BAD = {name: content for name, (content, _fault) in HOSTILE.items()} | ARCHIVES
GOOD = {"a PDF": PDF, "a PNG": PNG, "a JPEG": JPEG}
NAMES = ("a.pdf", "../../etc/passwd", "..\\..\\x.exe", "a.pdf.html", 'a".svg', "<script>x</script>.png", "a\u202efdp.exe", "con.pdf", "x" * 300 + ".pdf", ".htaccess", "a;b.pdf", "%2e%2e%2fx.pdf", "a.xlsx", "a.csv")  # fmt: skip
TYPES = ("application/pdf", "image/svg+xml", "text/html", "image/png", "application/octet-stream", "x/y", "text/csv")
SAFE = {"nosniff": "X-Content-Type-Options", "sandbox": "Content-Security-Policy"}


@dataclass
class Sender:
    """One run over a stage."""

    chance: random.Random
    stage: SimpleNamespace
    browsers: Browsers = field(default_factory=Browsers)
    tried: int = 0
    kept: int = 0
    faults: list[str] = field(default_factory=list)

    def send(self, route: str, address: str, who: str, what: str, content: bytes) -> None:
        """One file; what is kept is fetched again as a browser would."""
        self.tried += 1
        name, kind = self.chance.choice(NAMES), self.chance.choice(TYPES)
        data: dict[str, Any] = {"key": uuid4(), "what": "signed_consent", "note": "", "whole": "yes"}
        data["content" if route == "attach" else "file"] = SimpleUploadedFile(name, content, kind)
        client = self.browsers.of(who)  # signed in before what is rolled back
        with transaction.atomic():
            answer = client.post(address, data)
            taken = answer.status_code == 302
            if taken and route == "attach":
                self.kept += 1
                self.fetch(f"{what} as {name[:20]!r}", client, who)
            transaction.set_rollback(True)
        if (taken and what in BAD) or answer.status_code >= 500 or "root:x:0" in text_of(answer):
            self.faults.append(f"{route} {what} as {name[:20]!r}: {answer.status_code}")

    def fetch(self, what: str, client: Client, who: str) -> None:
        with identity(actor(who)):
            entry = Attachment.objects.latest("pk").entry_id
        for more in ("", "?show"):
            answer = client.get(reverse("attachment", args=[self.stage.case.reference, entry]) + more)
            way, _semicolon, name = answer.get("Content-Disposition", "").partition(";")
            wrong = [header for value, header in SAFE.items() if value not in answer.get(header, "")]
            if answer.get("Content-Type") not in set(Kind) or (way != "attachment" and not more):
                wrong.append("Content-Type")
            if any(sign in name for sign in ("/", "\\", "<", "\r", "\n", "%2F", "%5C", "%3C")):
                wrong.append("a name")
            self.faults += [f"attachment {more} of {what}: {header}" for header in wrong]


def takers() -> set[str]:
    """The routes that take a file."""
    return {str(route.name) for _address, route in routes() if getattr(route.callback, "takes_file", False)}


def sent(tries: int, seed: int, _city: SimpleNamespace, *, first: bool = False) -> Found:
    """Every page that takes a file, by somebody who may, until so many were sent, or the `first` was a fault."""
    chance = random.Random(seed)
    takes = takers()
    with transaction.atomic():
        stage = set_stage()
        run, listed = Sender(chance, stage), addresses_on(stage)
        deck = [
            (route, what, content) for route in sorted(takes & set(listed)) for what, content in (BAD | GOOD).items()
        ]
        chance.shuffle(deck)
        deck.sort(key=lambda one: one[1] not in GOOD or one[0] != "attach")  # that something is kept, first
        while run.tried < tries and not (first and run.faults):
            route, what, content = deck[run.tried % len(deck)]
            address, members = listed[route]
            run.send(route, address, "zhou" if route == "attach" else chance.choice(sorted(members)), what, content)
        transaction.set_rollback(True)
    run.faults += [] if run.kept or first else ["nothing was ever kept"]
    said = f"{len(BAD)} files on {len(takes)} pages, {run.kept} kept {run.faults[:1] or ''}"
    return Found(run.tried, len(run.faults), said.strip())


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: whatever is called a PDF is taken for one, and a browser may guess what a file is."""
    plants = {}
    with believing():
        plants["kept"] = sent(tries, seed, city, first=True)
    with answering(to_be_guessed):
        plants["run"] = sent(tries, seed, city, first=True)
    return each_caught(plants)


def to_be_guessed(answer: Any, _request: Any) -> None:
    if "Content-Disposition" in answer:
        answer.headers["X-Content-Type-Options"] = ""


@contextmanager
def believing() -> Iterator[None]:
    with mock.patch("wellbeing.upload.look", return_value=Kind.PDF):
        yield


PROOF = Proof("WB-7", "hostile files that are kept, or run", sent, planted, 40, 500, 20_000, 12, city=True)

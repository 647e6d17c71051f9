"""AZ-5: nobody learns that something exists which she may not see.

Four ways to ask. A *pair* is the same request for what exists and is forbidden and for what does not exist, on every
detail address of the matrix and in every search: status, headers, length and body are one, but for tokens and what the
asker has said herself. *Filed*: somebody writes into a form of hers who is known elsewhere, by name, telephone and student
number, and then somebody who is not; what comes back, and the page that it leads to, are one. *Unseen*: a county's pages are read, things happen elsewhere, and they are read again: no count,
list, number or notice has changed. *Time*: both halves of a pair take as long (timing.py), which longer runs ask of many
pages. Each way by itself has a planted fault.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import transaction
from django.urls import reverse

from cases import actions
from cases.action_views import open_case
from cases.concern_views import reported
from cases.models import Case, Person
from cases.session_forms import ConcernForm
from tests.proofs.pages import Browsers, Form, Page, answering, asked, crawl, like, nameless, plain, route_of, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.proofs.sending import Sender, asks
from tests.proofs.swapped_ids import CHANGES
from tests.proofs.timing import Ask, Bound, apart, looking
from tests.rules.test_matrix import EVERYBODY, addresses_on, set_stage
from tests.stage import RED, actor, call, fresh, referred, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid
from wellbeing.vault.blind_index import index

STRANGERS = ("wu", "ye", "tao", "mallory", "ding", "sun", "an")  # no part in anything on the stage but their own post
SEARCHERS = ("wu", "ye", "he", "tao")
NAMES = tuple(str(RED[code]) for code in ("name", "school", "contact", "guardian_contact", "caller_number"))
STUDENT = "G330902201201010019"  # a pupil of Chen's school by the number that is the same in every school
KNOWN = {"name": str(RED["name"]), "contact": str(RED["contact"]), "number": STUDENT}
NOBODY = {"name": "岑汐", "contact": "00000000008", "number": "G330902201207070079"}
TIMED = 1_000  # tries from which pages are timed
APART, SAMPLES, FEW = 0.05, 240, 4
# New for each visit: a secret of hers, how long ago she signed in, and what machines did last.
CHANGING = ("/account/", "/sign-in/", "/health/")


@dataclass(kw_only=True)
class Filer(Sender):
    """Fills forms with the particulars of one person."""

    about: Mapping[str, str]
    refused: list[str] = field(default_factory=list)

    def mend(self, data: dict[str, Any], errors: Any, form: Form) -> bool:
        """As every sender; what was refused on the way is told too."""
        self.refused.append(repr(errors))
        return super().mend(data, errors, form)

    def word(self, where: str) -> str:
        return self.about["name"]

    def number(self, where: str) -> str:
        return self.about["number" if where.endswith(".number") else "contact"]


@dataclass
class Oracle:
    """One run over a stage."""

    chance: random.Random
    listed: dict[str, tuple[str, Any]]
    browsers: Browsers = field(default_factory=Browsers)
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def pair(self, who: str, what: str, requests: tuple[Any, Any], said: tuple[str, str]) -> None:
        """Ask for both; length counts, because what differs by design has the same length in both."""
        self.tried += 1
        there, nowhere = (asked(self.browsers.of(who), *request) for request in requests)
        longer = (len(text_of(there)) - len(text_of(nowhere))) if len(said[0]) == len(said[1]) else 0
        if plain(there, said[0]) != plain(nowhere, said[1]) or longer:
            self.faults.append(f"{who} {what}: {there.status_code} there, {nowhere.status_code} nowhere")

    def details(self) -> list[tuple[str, str, str]]:
        """Every (person, address, the same address of nothing) whose person the table does not let in."""
        found = []
        for address, who in self.listed.values():
            route = route_of(address)
            if route is None or not route.kwargs:
                continue
            nowhere = address
            for value in route.kwargs.values():
                nowhere = nowhere.replace(f"/{value}", f"/{like(str(value))}", 1)
            found += [(name, address, nowhere) for name in sorted(EVERYBODY - set(who))]
        return found

    def search(self, who: str) -> None:
        words = self.chance.choice([*NAMES, self.listed["case"][0].split("/")[2]])
        other = like(words) if words.isascii() else "".join(self.chance.choice("岑峤沄汐滢澜岚屿") for _letter in words)
        self.pair(who, "search", (("post", reverse("search"), {"words": words}), ("post", reverse("search"), {"words": other})), (words, other))  # fmt: skip

    def filed(self, who: str, address: str = "") -> None:
        """What one form of hers answers to somebody who is known elsewhere, and to nobody."""
        mine = sorted(address for address, members in self.listed.values() if who in members)
        address = address or self.chance.choice(mine)
        page = Page(text_of(asked(self.browsers.of(who), "get", address)), address)
        for form in filter(asks, page.forms):
            if CHANGES.search(form.action):
                continue
            self.tried += 1
            known, nobody = (self._taken(who, form, about) for about in (KNOWN, NOBODY))
            if known != nobody:
                self.faults.append(f"{who} {form.action} tells of whom it is about: {known[0][0]} and {nobody[0][0]}")

    def _taken(self, who: str, form: Form, about: Mapping[str, str]) -> list[Any]:
        """The answer to a form about somebody, where it leads, and what was refused before; nothing of it stays."""
        client, filer = self.browsers.of(who), Filer(about=about)
        with transaction.atomic():
            answers = [filer.send(self.browsers, who, form)]
            answers += [client.get(answer["Location"]) for answer in answers if answer.status_code == 302]
            said = sorted(about.values(), key=len, reverse=True)
            found = [*(nameless(answer, *said) for answer in answers), filer.refused]
            transaction.set_rollback(True)
        return found

    def unseen(self, who: str, most: int = 30) -> None:
        """What she reads, on so many pages, before and after something that is none of hers."""
        starts = [reverse("home"), reverse("notices"), *(a for a, members in self.listed.values() if who in members)]
        pages = [a for a in crawl(self.browsers.of(who), starts, most) if not a.startswith(CHANGING)]
        before = {address: plain(asked(self.browsers.of(who), "get", address)) for address in pages}
        with transaction.atomic():
            referred()
            call(by="gao", division="330921")
            for address, known in before.items():
                self.tried += 1
                if plain(asked(self.browsers.of(who), "get", address)) != known:
                    self.faults.append(f"{who} get {address}: changed by what is none of hers")
            transaction.set_rollback(True)

    def slow(self, who: str, there: str, nowhere: str, samples: int = SAMPLES) -> str:
        """How much longer one half takes; a fault when it is much, and twice over (timing.py)."""

        def ask(address: str) -> Ask:
            return lambda: self.browsers.of(who).get(address)

        found, differs = apart(ask(there), ask(nowhere), samples, Bound(4, APART), self.chance)
        self.tried += 1
        if differs:
            self.faults.append(f"{who} {there}: {found.share:+.0%} time")
        return f"time {found.share:+.1%}"


def _staged(seed: int) -> Oracle:
    """The stage of the matrix, on which a pupil has been screened."""
    run = Oracle(random.Random(seed), addresses_on(set_stage()))
    batch = staged(f"{STUDENT},222222221").batch
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    actions.import_screening(actor=Actor.machine("import"), batch=fresh(batch))
    return run


def told(tries: int, seed: int, _city: SimpleNamespace) -> Found:
    """Pages before and after, so many pairs, one in five of them searches and one in twenty forms, and the clock."""
    with transaction.atomic():
        run = _staged(seed)
        details = run.details()
        run.chance.shuffle(details)
        timed = tries >= TIMED
        for who in STRANGERS if timed else run.chance.sample(STRANGERS[:2], 1):
            run.unseen(who)
            run.filed(who)
        run.filed("ding", reverse("report_concern"))
        while run.tried < tries:
            who, there, nowhere = details[run.tried % len(details)]
            if (way := run.chance.random()) < 0.25:
                run.search(run.chance.choice(SEARCHERS)) if way < 0.2 else run.filed(run.chance.choice(STRANGERS))
                continue
            method = run.chance.choice(("get", "post"))
            run.pair(who, f"{method} {there}", ((method, there), (method, nowhere)), (there, nowhere))
        first = _timed(run, details[:40]) if timed else ""
        transaction.set_rollback(True)
    return Found(run.tried, len(run.faults), f"{len(details)} pairs {first} {run.faults[:1] or ''}".strip())


def _timed(run: Oracle, details: list[tuple[str, str, str]]) -> str:
    case = run.listed["case"][0]
    mine = [("ye", case, f"/cases/{like(case.split('/')[2])}/"), *details]
    return [run.slow(*one) for one in mine][0]  # noqa: RUF015  every one is timed


def planted(tries: int, seed: int, _city: SimpleNamespace) -> Found:
    """Each way by itself: a sentence of the door's own, of a search's, of a form's, a count on every page, a tag that counts, an answer
    that is longer where nothing else differs, one that takes longer."""
    with transaction.atomic():
        run = _staged(seed)
        case = run.listed["case"][0]
        nowhere = f"/cases/{like(case.split('/')[2])}/"
        reference = case.split("/")[2]

        def pairs() -> None:
            for _n in range(2):
                run.pair("ye", "get", (("get", case), ("get", nowhere)), (case, nowhere))

        def searches() -> None:
            said = (reference, like(reference))
            run.pair("ye", "search", tuple(("post", reverse("search"), {"words": one}) for one in said), said)

        plants = {
            "another sentence": (talkative("cases.views.open_case"), pairs),
            "a search": (talkative("cases.search.open_case"), searches),
            "a form": (knowing(), lambda: run.filed("wu", reverse("report_concern"))),
            "a count": (answering(lambda answer, _asked: _append(answer, f"<p>{_all_cases()}</p>")), lambda: run.unseen("wu", FEW)),
            "a tag": (answering(lambda answer, _asked: answer.headers.setdefault("ETag", f'"{_all_cases()}"')), lambda: run.unseen("wu", FEW)),
            "a length": (answering(lambda answer, request: request.path == case and _append(answer, "<time>now</time>")), pairs),
            "a while": (looking(), lambda: run.slow("ye", case, nowhere, 2 * tries)),
        }  # fmt: skip
        found = {}
        for name, (fault, ask) in plants.items():
            before = run.tried, len(run.faults)
            with fault:
                ask()
            found[name] = Found(run.tried - before[0], len(run.faults) - before[1])
        transaction.set_rollback(True)
    return each_caught(found)


@contextmanager
def talkative(place: str) -> Iterator[None]:
    """The door to a case says another sentence to whoever may not enter."""

    def opened(actor: Actor, reference: str, *more: Any) -> Case:
        try:
            return open_case(actor, reference, *more)
        except Forbidden:
            with identity(Actor.machine("test")):
                if Case.objects.filter(reference=reference).exists():
                    raise Invalid("reference", "Ask the desk that owns it.") from None
            raise

    with mock.patch(place, opened):
        yield


@contextmanager
def knowing() -> Iterator[None]:
    """Whoever reports a concern about a pupil who is known is told so."""

    def says(by: Actor, form: ConcernForm) -> None:
        with identity(Actor.machine("test")):
            if Person.objects.filter(student_index=index("student_number", f"330902/{form.data['number']}")).exists():
                raise Invalid("number", "There is a file already.")
        reported(by, form)

    with mock.patch("cases.concern_views.reported", says):
        yield


def _append(answer: Any, text: str) -> None:
    if not answer.streaming:
        answer.content += text.encode()


def _all_cases() -> int:
    with identity(Actor.machine("test")):
        return Case.objects.count()


PROOF = Proof("AZ-5", "answers that tell what exists", told, planted, 40, 1_000, 50_000, 20, city=True)

"""AZ-2: every id on one person's pages, sent by another who has no part in it: nothing of hers comes back.

The ids are those that a crawl of her pages finds. They are sent in the path, in the query, in every field of the
other's own forms, and in the headers that htmx sends; each time beside an id of the same shape that is nobody's, and
the two answers must be one. No answer may hold her words, or an id of hers that was not sent.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.models import Case
from referrals.models import Referral
from tests.proofs.pages import Browsers, Form, Page, asked, crawl, ids_of, like, nameless, route_of, text_of
from tests.proofs.proof import Found, Proof
from tests.rules.test_matrix import addresses_on, set_stage
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import tables
from wellbeing.access.rights import RIGHTS
from wellbeing.demo.red_case import CANARIES
from wellbeing.errors import Forbidden
from wellbeing.people.models import User

OWNERS = ("zhou", "chen", "lin", "fang", "he", "shen", "sun")
OTHERS = ("wu", "ye", "tao", "mallory", "ding", "jian", "gao", "shen", "sun")
ELSEWHERE = ("query", "headers", "field")
ENOUGH = 1_000  # tries from which everybody's pages are crawled whole
# An emergency opens a case by its reference to whoever is within reach, and says so (tests/cases/test_glass.py).
BY_DESIGN = {("gao", "break_glass")}
NO_ID = ("/help/", "/cases/paper-sheets/check/")  # what stands in their path names no row
# A new secret on every page; each try of a password counts.
CHANGES = re.compile(r"/sign-in/|/sign-out/|/account/|/password/|/accounts/new/|/link/|/api/tokens/new/")


@dataclass
class Person:
    """Somebody and what her pages show her."""

    name: str
    pages: dict[str, Page]
    browsers: Browsers
    ids: set[str]

    @classmethod
    def of(cls, name: str, listed: dict[str, tuple[str, Any]], browsers: Browsers, most: int) -> Person:
        """Her pages, begun at everything on the stage that she may open."""
        starts = [reverse("home"), *(address for address, who in listed.values() if name in who)]
        pages = crawl(browsers.of(name), starts, most)
        return cls(name, pages, browsers, ids_of(pages.values()))

    @cached_property
    def words(self) -> set[str]:
        """Those of the story that stand on her own pages: a call of hers may tell the same."""
        return {word for word in CANARIES if any(word in page.text for page in self.pages.values())}

    @cached_property
    def actor(self) -> Actor:
        return Actor.of(User.objects.get(username=self.name))

    @property
    def client(self) -> Client:
        return self.browsers.of(self.name)


@dataclass
class Swaps:
    """One run over a stage."""

    chance: random.Random
    listed: dict[str, tuple[str, Any]]
    tried: int = 0
    faults: list[str] = field(default_factory=list)
    known: dict[Any, bool] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)  # ids, and where in a request

    def foreign(self, owner: Person, other: Person) -> list[str]:
        """Addresses with an id that the owner's pages lead to and that are no business of the other's."""
        links = {link for page in owner.pages.values() for link in page.links} | set(owner.pages)
        return sorted(link for link in links - set(other.pages) if self.none_of_hers(other, link))

    def none_of_hers(self, other: Person, address: str) -> bool:
        """By the matrix where it lists this very address; by the grants on what it names; else by her role alone."""
        route = route_of(address)
        if route is None or not route.kwargs or address.startswith(NO_ID):
            return False
        listed = self.listed.get(str(route.url_name), ("", ()))
        if urlsplit(address).path == listed[0]:
            return other.name not in listed[1]
        right, reference = RIGHTS[route.func.permission], str(route.kwargs.get("reference", ""))  # type: ignore[attr-defined]
        if right.hold is None:
            return not right.signed_in and not right.roles & other.actor.roles
        return not any(self.held(other.actor, model, reference) for model in (Case, Referral))

    def held(self, actor: Actor, model: Any, reference: str) -> bool:
        """Whether there is any grant of hers, or of a desk of hers, on the object of a reference."""
        asked = actor.id, model, reference
        if asked not in self.known:
            self.known[asked] = self._held(actor, model, reference)
        return self.known[asked]

    def _held(self, actor: Actor, model: Any, reference: str) -> bool:
        of_user, of_desk = tables(model)
        with identity(Actor.machine("test")):
            mine = of_user.objects.filter(content_object__reference=reference, user_id=actor.id).exists()
            return (
                mine or of_desk.objects.filter(content_object__reference=reference, group_id__in=actor.desks).exists()
            )

    def compare(self, owner: Person, other: Person, what: str, pairs: tuple[Any, Any], said: tuple[list[str], list[str]]) -> None:  # fmt: skip
        """The answers to hers and to nobody's are one, and hold nothing of hers; `said` are the ids in either."""
        self.tried += 1
        hers, nobodys = pairs
        text = text_of(hers)
        if any(word in text for word in set(CANARIES) - other.words):
            self.faults.append(f"{other.name} {what}: words of {owner.name}'s")
        elif any(one in text for one in owner.ids - other.ids if not any(one in sent for sent in said[0])):
            self.faults.append(f"{other.name} {what}: another id of {owner.name}'s")
        # Both ids go from both answers: a short number also stands in drawings.
        elif nameless(hers, *said[0], *said[1]) != nameless(nobodys, *said[0], *said[1]):
            self.faults.append(f"{other.name} {what}: {hers.status_code}, unlike {nobodys.status_code} for nobody's")

    def path(self, owner: Person, other: Person, address: str, method: str) -> None:
        route = route_of(address)
        assert route is not None
        swapped, values = address, [str(value) for value in route.kwargs.values()]
        others = [like(value) for value in values]
        for value, another in zip(values, others, strict=True):
            swapped = swapped.replace(f"/{value}", f"/{another}", 1)
        forms = [form for page in owner.pages.values() for form in page.forms if form.action == address]
        body = _filled(forms[0]) if forms else {}
        more = self.chance.choice(({}, _htmx(address)))
        answers = [
            asked(other.client, method, one, body if method == "post" else None, **more) for one in (address, swapped)
        ]
        self.compare(owner, other, f"{method} {route.url_name}", tuple(answers), (values, others))  # type: ignore[arg-type]

    def deck(self, pairs: list[tuple[Person, Person]]) -> list[tuple[Person, Person, str, str]]:
        """Every address that is foreign to somebody, both ways, and every id in every other place, each by one before any by another;
        taken from its end."""
        found = [
            (owner, other, method, one)
            for owner, other in pairs
            for one in self.foreign(owner, other)
            for method in ("get", "post")
        ]
        found += [
            (owner, other, place, one)
            for owner, other in pairs
            for one in sorted(owner.ids - other.ids)
            for place in ELSEWHERE
        ]
        self.chance.shuffle(found)
        times = Counter[tuple[str, str]]()
        turns = [times.update([one[2:]]) or times[one[2:]] for one in found]
        return [one for _turn, one in sorted(zip(turns, found, strict=True), key=lambda both: -both[0])]

    def swap(self, owner: Person, other: Person, place: str, one: str) -> None:
        self.sent.add((one, place))
        if place in ELSEWHERE:
            self.elsewhere(owner, other, one, place)
        else:
            self.path(owner, other, one, place)

    def elsewhere(self, owner: Person, other: Person, one: str, place: str) -> None:
        """Her id in the query, a field or the headers of a page of the other's own."""
        address, page = self.chance.choice([item for item in other.pages.items() if not CHANGES.search(item[0])])
        route, another = route_of(address), like(one)
        forms = [form for form in page.forms if form.fields and not CHANGES.search(form.action)]
        if (other.name, route and route.url_name) in BY_DESIGN:
            return
        if place == "field" and forms:
            form = self.chance.choice(forms)
            name = self.chance.choice(sorted(set(form.fields) - {"csrfmiddlewaretoken"}) or ["id"])
            pairs = [asked(other.client, form.method, form.action, {**_filled(form), name: x}) for x in (one, another)]
            what = f"{form.method} {urlsplit(form.action).path} field {name}"
        elif place == "headers":
            pairs = [asked(other.client, "get", address, **_htmx(x)) for x in (one, another)]
            what = f"get {address} headers"
        else:
            names = [
                "before",
                "after",
                "reference",
                "case",
                "id",
                "next",
                "q",
                "ring",
                "person",
                "desk",
                "paper",
                "whom",
            ]
            more = [f"{urlsplit(address).path}?{urlencode(dict.fromkeys(names, x))}" for x in (one, another)]
            pairs = [asked(other.client, "get", x) for x in more]
            what = f"get {address} query"
        self.compare(owner, other, what, tuple(pairs), ([one], [another]))  # type: ignore[arg-type]


def _filled(form: Form) -> dict[str, str]:
    """What the form would send as it stands, with something in every field."""
    return {
        name: one.value or next((choice for choice in one.choices if choice), "x")
        for name, one in form.fields.items()
        if one.kind != "file"
    }


def _htmx(value: str) -> dict[str, Any]:
    """The headers of htmx, each with the id."""
    names = ("HX-Request", "HX-Current-URL", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "HX-Prompt", "Referer")
    return {"headers": {name: "true" if name == "HX-Request" else value for name in names}}


def swapped(tries: int, seed: int, _city: SimpleNamespace, *who: tuple[str, ...], first: bool = False) -> Found:
    """So many swaps, or until the `first` fault, between pairs of people on the stage of the matrix: owners of ids and
    others as given, or a few by chance, or everybody."""
    chance, whole = random.Random(seed), tries >= ENOUGH
    with transaction.atomic():
        run = Swaps(chance, addresses_on(set_stage()))
        owners, others = who or (
            (OWNERS, OTHERS) if whole else (chance.sample(OWNERS[:4], 1), chance.sample(OTHERS, 2))
        )
        browsers, most = Browsers(), 400 if whole else 14
        people = {name: Person.of(name, run.listed, browsers, most) for name in {*owners, *others}}
        pairs = [(people[a], people[b]) for a in owners for b in others if a != b]
        deck, every = list[tuple[Person, Person, str, str]](), 0
        while run.tried < tries and not (first and run.faults):
            deck = deck or run.deck(pairs)
            every = every or len({one[2:] for one in deck})
            run.swap(*deck.pop())
        transaction.set_rollback(True)
    ids, pages = len(set().union(*(p.ids for p in people.values()))), sum(len(p.pages) for p in people.values())
    said = f"{ids} ids, {pages} pages, {len(run.sent)} of {every} ids and addresses sent {run.faults[:1] or ''}"
    return Found(run.tried, len(run.faults), said.rstrip())


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where the page of a case opens whatever is asked for, sent by two who may open some."""
    with forgetful():
        return swapped(tries, seed, city, ("zhou",), ("wu", "ye"), first=True)


@contextmanager
def forgetful() -> Iterator[None]:
    def opened(_actor: Actor, reference: str, *_more: Any) -> Case:
        with identity(Actor.machine("test")):
            case = Case.objects.select_related("division", "manager", "owner_desk").filter(reference=reference).first()
        if case is None:
            raise Forbidden
        return case

    with mock.patch("cases.action_views.open_case", opened), mock.patch("cases.views.open_case", opened):
        yield


PROOF = Proof("AZ-2", "another's ids that give away a byte", swapped, planted, 40, 1_500, 60_000, 70, city=True)

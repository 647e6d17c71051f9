"""WB-1: texts that would be scripts (scripts.py) in every field of the forms that people's pages show them; then every
page that shows one is opened in a browser, and nothing of it may be more than a text.

A form's own bound on length is lifted, so that one record carries a hundred of them; where a column or a door holds to
its length, the field gets one that fits. The page's policy (CSP) stops nothing here, it only reports: what is shown is
that escaping alone holds, and that there was nothing to stop. What a form gives back after a refusal is opened too.

A run through all pages judges what it reached: a field into which texts were written, and of which a browser was never
shown one, neither where it is read nor given back, is a finding, unless `UNSHOWN` says why it cannot be. From ROUNDS
rounds on, so is a field with room of which a browser was shown fewer than ENOUGH texts.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.core.validators import MaxLengthValidator
from django.db import transaction
from playwright.sync_api import Browser

from tests.proofs.canaries import CLEAR
from tests.proofs.city import may_stand_idle
from tests.proofs.further import further
from tests.proofs.pages import Browsers, Form, Page, asked, crawl, text_of
from tests.proofs.proof import Found, Proof
from tests.proofs.screen import Screen, screen
from tests.proofs.scripts import CORPUS
from tests.proofs.sending import LAST, NUMBERS, Sender, asks, name_of
from tests.visits import Places

TEXTS = [one.text for one in CORPUS]
TAG = re.compile(r"tq\d{5}")
ROOM = 3_700  # letters of one record: a hundred texts
ENOUGH, ROUNDS = 500, 5  # texts that each field with room is shown with, and the rounds that this takes
# Fields of which no page shows what was written, each for its reason.
FILE = "the name of a file that is refused is not given back"
COMPARED = "is compared with what it must be, and not given back"
UNSHOWN: dict[str, str] = {
    **dict.fromkeys(("attach.content", "import_roster.file", "roll.file", "screenings.file"), FILE),
    **dict.fromkeys(("drop_draft.typed", "enter_referral.paper"), COMPARED),
}
WORKERS = ("lin", "zhou", "chen", "fang", "luo", "su", "ding", "shen", "sun", "an", "jian", "ye")


@dataclass
class Writer(Sender):
    """Fills forms with the corpus; remembers under a tag what stands in which field."""

    chance: random.Random
    sent: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    tight: dict[str, int] = field(default_factory=dict)

    def word(self, where: str) -> str:
        """A tag, and as many texts as the field takes, from where its last record ended."""
        room, tag = self.tight.get(where, ROOM), f"tq{len(self.sent):05}"
        at = self.begun.setdefault(where, self.chance.randrange(len(TEXTS)))
        chosen, used, seen = list[str](), len(tag), 0
        while seen < len(TEXTS):
            text = TEXTS[(at + seen) % len(TEXTS)]
            if used + len(text) + 1 > room and room >= ROOM:
                break
            if used + len(text) + 1 <= room:
                chosen.append(text)
                used += len(text) + 1
            seen += 1
        self.begun[where] = at + (seen if room >= ROOM else 1)
        self.sent[tag] = where, tuple(chosen)
        return " ".join((tag, *chosen))

    def send(self, browsers: Browsers, who: str, form: Form) -> Any:
        """As every sender; where a column is narrower than a form without bounds, once more within its bounds."""
        if name_of(form) in CLEAR:
            self.hold(form)
        answer = super().send(browsers, who, form)
        if answer.status_code < 500:
            return answer
        self.hold(form)
        return super().send(browsers, who, form)

    def hold(self, form: Form) -> None:
        """From now on its fields take no more than the form says."""
        for name, given in form.fields.items():
            self.tight.setdefault(f"{name_of(form)}.{name}", given.most or 60)

    def mend(self, data: dict[str, Any], errors: Any, form: Form) -> bool:
        """What was refused is written shorter, then as a number; other things as always."""
        wrong, rest = set(errors) & set(data), dict(errors)
        for name in wrong:
            where, given = f"{name_of(form)}.{name}", form.fields[name]
            if not given.written:
                continue
            rest.pop(name)
            if where not in self.tight:
                self.tight[where] = given.most or 60
                data[name] = self.word(where)
            else:
                data[name] = "13900000000" if NUMBERS.search(name) else given.value
        return super().mend(data, rest, form) or bool(wrong)


@dataclass
class Shown:
    """One run: the pages that a browser was shown, and which texts of which fields stood in them."""

    writer: Writer
    screen: Screen
    pairs: set[tuple[str, str]] = field(default_factory=set)
    pages: int = 0
    faults: list[str] = field(default_factory=list)

    def look(self, what: str, address: str, answer: Any, page: Page) -> None:
        """Open a page in the browser if a text of ours stands on it."""
        tags = set(TAG.findall(page.text)) & set(self.writer.sent)
        if not tags:
            return
        self.pages += 1
        for tag in tags:
            where, texts = self.writer.sent[tag]
            self.pairs |= {(where, text) for text in texts if text in page.text}
        self.faults += [f"{what}: {sign}" for sign in dict.fromkeys(self.screen.show(address, answer))]

    def unseen(self, route: str = "", enough: int = 1) -> list[str]:
        """The fields, of one route or of all, of which fewer texts were shown yet than should be; of one without room,
        one is enough."""
        times = Counter(where for where, _text in self.pairs)
        return sorted(
            where
            for where in self.writer.begun.keys() - UNSHOWN.keys()
            if where.startswith(f"{route}." if route else "")
            and times[where] < (1 if where in self.writer.tight else enough)
        )

    def fewest(self) -> str:
        """The fields with room, and the fewest texts that one of them was shown with."""
        times = Counter(where for where, _text in self.pairs)
        roomy = self.writer.begun.keys() - UNSHOWN.keys() - self.writer.tight.keys()
        return f"{len(roomy)} with room, each with {min((times[where] for where in roomy), default=0)} texts or more"


def browsed(tries: int, seed: int, _city: SimpleNamespace, chromium: Browser) -> Found:
    """So many forms are sent, round by round; after each round the pages are opened."""
    chance = random.Random(seed)
    writer, left, fields = Writer(chance), tries, set[str]()
    with (
        transaction.atomic(),
        endless(),
        screen(chromium) as tab,
    ):
        may_stand_idle()
        run, places = Shown(writer, tab), Places()
        whole, enough = tries >= len(places.listed), ENOUGH if tries >= ROUNDS * len(places.listed) else 1
        again = 2 * ROUNDS if whole else 0  # rounds that ask only for what is still shown too little
        while left > 0 or (again > 0 and run.unseen("", enough)):
            most = min(left, len(places.listed))
            with transaction.atomic():  # and whoever signs in within a round is signed out with it
                left -= _round(run, Browsers(), places, most, chance, enough)
                transaction.set_rollback(True)
            again -= most <= 0
        transaction.set_rollback(True)
    fields = {where for where, _text in run.pairs}
    run.faults += [f"shown too little: {where}" for where in run.unseen("", enough)] if whole else []
    said = f"{len(TEXTS)} texts, {len(fields)} of {len(writer.begun)} fields shown, {run.fewest()}, {run.pages} pages opened"
    return Found(len(run.pairs), len(run.faults), f"{said} {list(dict.fromkeys(run.faults))[:5] or ''}".strip())


def _round(run: Shown, browsers: Browsers, places: Places, most: int, chance: random.Random, enough: int) -> int:
    """The forms of so many pages, each sent by one who may, then all that people find; how many pages it was. A round
    that is not whole is one person's, of pages with something to write, and looks at those nearest to what she sent.
    One of no page at all asks only for what is still shown too little."""
    listed, again = places.listed, most <= 0
    whole, last = again or most >= len(listed), chance.random() < 0.3
    members = WORKERS if whole else ("zhou",)
    pages = [(name, address, chance.choice(sorted(who & set(members)))) for name, (address, who) in listed.items() if who & set(members)]  # fmt: skip
    chance.shuffle(pages)
    pages = sorted((one for one in pages if last or one[0] not in LAST), key=lambda one: one[0] in LAST)
    pages = [] if again else pages
    starts: dict[str, list[str]] = {} if again else {who: [] for who in members}
    filled = 0
    for name, address, who in pages:
        known = len(run.writer.sent)
        starts[who] += _sent(run, browsers, name, address, who)
        filled += len(run.writer.sent) > known
        if filled == most:
            break
    for name, place in further(places, lambda route: run.unseen(route, enough)) if whole else ():
        run.writer.given = place.given
        starts.setdefault(place.who, []).extend(_sent(run, browsers, name, place.address, place.who))
        run.writer.given = {}
    for who, near in starts.items():
        if whole:
            near += [address for address, finders in listed.values() if who in finders]
        found = crawl(browsers.of(who), dict.fromkeys(near), 60 if whole else 6)
        run.screen.kept = {address: page.answer for address, page in found.items()}
        for address, page in found.items():
            run.look(f"{who} {address}", address, page.answer, page)
    return 0 if again else max(1, len(pages) if whole else filled)


def _sent(run: Shown, browsers: Browsers, name: str, address: str, who: str) -> list[str]:
    """The forms of one page, sent spoiled and whole; where they lead to."""
    answer, found = asked(browsers.of(who), "get", address), list[str]()
    forms = Page(text_of(answer), address).forms if answer.status_code == 200 else []
    for form in filter(asks, forms):
        for back in (run.writer.spoil(browsers, who, form), run.writer.send(browsers, who, form)):
            if back.status_code == 302:
                found.append(back["Location"])
            elif "html" in back.get("Content-Type", ""):
                run.look(f"given back by {name}", form.action, back, Page(text_of(back), form.action))
    return found


@contextmanager
def endless() -> Iterator[None]:
    """A form takes a text of any length."""
    with mock.patch.object(MaxLengthValidator, "compare", return_value=False):
        yield


def planted(tries: int, seed: int, city: SimpleNamespace, chromium: Browser) -> Found:
    """The same where templates do not escape."""
    with mock.patch("django.template.base.conditional_escape", str):
        return browsed(tries, seed, city, chromium)


PROOF = Proof("WB-1", "texts of a field that come alive in a browser", browsed, planted, 6, 1_000, 4_000, 3, city=True, browser=True)  # fmt: skip

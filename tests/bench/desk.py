"""The hotline desk: keystrokes until a call is logged, how fast and how surely they are saved.

A real Chromium drives the real product; every key is pressed and counted. Latin letters stand for the letters that
somebody types on a Chinese keyboard. A crash is a closed tab or a browser that is killed, with the line up or
down; a keystroke is lost when it is not there after the sheet was opened again.
"""

from __future__ import annotations

import os
import random
import signal
import string
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from django.db import connection
from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests import product
from tests.bench import crowd
from tests.bench.figure import Figure, percentile
from tests.bench.telephone import concern
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.city import PASSWORD
from wellbeing.outbox.models import InboxItem
from wellbeing.people.models import Desk, Role

CRASHES = {"full": 200, "small": 8}
BURSTS = {"full": 60, "small": 10}
INTERVAL = 1.5  # seconds between autosaves (web/draft.js)
TALK = "kaoshi qian shui bu zhao, xiang zhao ren shuoshuo"
NAMED = {"Enter", "Tab", "F2"}
SAVED = "() => document.getElementById('sheet').dataset.state === 'saved'"


def figures(scale: str) -> Iterator[Figure]:
    """Four figures of the browser, and one of a telephone."""
    database = crowd.database(1000)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in this thread; nothing here is concurrent
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + database
        with product.running(url, "bench_desk", Path(folder)) as city:
            seat = Seat(playwright, city, Path(folder))
            yield Figure("an ordinary call, keystrokes until it is logged", seat.ordinary(), "keys", 120)
            yield Figure("a red call, keystrokes until the duty desk has it", seat.red(), "keys", 40)
            yield Figure(
                "typed until saved, p95 ÷ the autosave interval", seat.saving(BURSTS[scale]) / INTERVAL, "times", 1.5
            )
            ding = concern(playwright, city)
            counted = f"a concern on a telephone, {ding.taps} taps and {ding.letters} letters"
            yield Figure(f"{counted}: by the model", ding.seconds, "s", 30)
            lost, rounds = seat.crashes(CRASHES[scale])
            yield Figure(f"keystrokes lost in {rounds} crashes", lost, "keys", 0)


class Seat:
    """Lin at her desk, with a browser that lasts and one that dies."""

    def __init__(self, playwright: Playwright, city: SimpleNamespace, folder: Path) -> None:
        self.playwright, self.city, self.folder, self.keys = playwright, city, folder, 0
        self.context = self._browser()

    def _browser(self) -> BrowserContext:
        self.profile = self.folder / "profile"
        context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=product.chromium_path(), args=list(product.QUIET), base_url=self.city.url
        )
        page = context.new_page()
        page.goto("/sign-in/")
        if page.locator("input[name=username]").count():
            page.fill("input[name=username]", "lin")
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button.btn-primary")
            page.wait_for_url(lambda url: "sign-in" not in url)
        page.close()
        return context

    def _sheet(self, address: str = "/cases/calls/new/") -> Page:
        page = self.context.new_page()
        page.goto(address)
        page.wait_for_load_state()
        return page

    def _press(self, page: Page, *keys: str) -> None:
        """Press and count; a chord counts each of its keys, a text each of its letters."""
        for key in keys:
            for one in [key] if key in NAMED or "+" in key else list(key):
                page.keyboard.press(one)
                self.keys += one.count("+") + 1

    def ordinary(self) -> int:
        """From the ring to the logged case: every part of the sheet, nothing but keys."""
        page, self.keys = self._sheet(), 0
        self._press(page, "13912345678", "Enter", "1", "1", "1", "1", "1", "1")
        self._press(page, "40", "Enter", "60", "Enter", "0", "Enter", "1", "8", "Enter", TALK, "Tab")
        self._press(page, "2", "1", "2", "Enter", "2", "2", "2", "1", "1", "2", "2", "1")
        self._press(page, "Control+Enter")
        page.wait_for_url(lambda url: "/calls/" not in url)
        assert "ZS-" in page.locator("h1").inner_text()
        page.close()
        return self.keys

    def red(self) -> int:
        """From the ring to the notice in the inbox of the desk on duty."""
        duty = Desk.objects.get(role=Role.CITY_DUTY).pk
        before = self._warnings(duty)
        page, self.keys = self._sheet(), 0
        self._press(page, "13912345679", "Enter", "F2", "1", "3", "1", "1", "1")
        assert page.locator("#alarm").get_attribute("data-tier") == "red"
        self._press(page, "Control+Enter")
        until = time.monotonic() + 30
        while self._warnings(duty) == before:
            assert time.monotonic() < until, "no notice"
            time.sleep(0.1)
        page.close()
        return self.keys

    def _warnings(self, desk: int) -> int:
        connection.close()
        with identity(Actor.machine("ticker")):
            return InboxItem.objects.filter(desk_id=desk, kind="warning", tier="red").count()

    def saving(self, bursts: int) -> float:
        """Seconds from the last key of a burst until the page says that everything is saved, p95."""
        page, waits = self._sheet(), []
        page.locator("#id_narrative").focus()
        for _burst in range(bursts):
            page.keyboard.type("".join(random.choices(string.ascii_lowercase, k=8)), delay=random.uniform(20, 120))
            typed = time.monotonic()
            page.wait_for_function(SAVED, timeout=20_000)
            waits.append(time.monotonic() - typed)
        page.close()
        return percentile(waits, 0.95)

    def crashes(self, rounds: int) -> tuple[int, int]:
        """Letters that were typed and are not there after the crash, over all rounds."""
        lost = 0
        for turn in range(rounds):
            how, offline = ("tab", "browser")[turn % 2], random.random() < 0.5
            page = self._sheet()
            address = page.locator("#sheet").get_attribute("data-here") or ""
            said = "".join(random.choices(string.ascii_lowercase, k=random.randint(5, 30)))
            page.locator("#id_narrative").focus()
            self.context.set_offline(offline)
            page.keyboard.type(said, delay=random.uniform(5, 60))
            time.sleep(random.uniform(0.1, 2.5))
            self._crash(page, how)
            page = self._sheet(address)
            with suppress(Error):  # nothing was left to save: the server had it all
                page.wait_for_function(SAVED, timeout=6_000)
            there = page.locator("#id_narrative").input_value()
            lost += sum(a != b for a, b in zip(said, there.ljust(len(said)), strict=False))
            page.close()
        return lost, rounds

    def _crash(self, page: Page, how: str) -> None:
        if how == "tab":
            page.close()
        else:
            self._kill()
            self.context = self._browser()
        self.context.set_offline(False)

    def _kill(self) -> None:
        """The browser that we started, by its own profile folder."""
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
            except OSError:
                continue
            if f"--user-data-dir={self.profile}".encode() in words and not any(w.startswith(b"--type=") for w in words):
                os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        (self.profile / "SingletonLock").unlink(missing_ok=True)

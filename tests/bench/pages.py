"""What a browser has to do with each page a desk works on: how soon it answers, what moves, and how much it loads.

The processor is slowed four times. A page answers when it has been painted, its own scripts have run and nothing holds
the line of the browser for longer than a blink: the first paint of its content, or the end of the last long task before
it is still where that comes later (time to interactive as Lighthouse defined it until its version 9). It stands against its static twin:
the same content, styles and scripts as a file, from the same server and origin, under the same policy, in which no
script finds anything to do. Both are timed from their first byte on: what the server looks up before is no work of the
browser, and the other figures count it; a line tells what comes out with it.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from tests import product
from tests.bench import crowd
from tests.bench.figure import Figure
from tests.bench.twinned import TWINS
from tests.stage import call, signed_in
from tests.visits import SHIFTED, SHIFTS, Visit, walk
from tests.web.test_weight import loaded

# The pages that people have open all day, by desk.
DESKS = {
    "hotline": ("new_call", "case_list", "call_backs", "rings", "live_desks"),
    "school": ("steps", "log_session", "screenings", "person_file", "report_concern"),
    "case": ("case", "case_file", "assess_risk", "plan_safety"),
    "triage": ("board", "referral_list", "referral", "open_channel"),
    "oversight": ("oversight", "oversight_subject", "staffing", "audit"),
}
APP = "tests.bench.twinned"  # the product, and its pages' twins
HOOKS = re.compile(r' (hx-[\w:-]+|data-[\w-]+|id(?!="page-end"))="[^"]*"')  # a page is painted at its end (base.html)
ROWS = 50  # more than a list shows at once
TIMES = {"full": 9, "small": 5}
SLOWED = 4
STILL_MS = 400  # without a long task
ANSWERS = """(still) => new Promise((done) => {
  const page = performance.getEntriesByType("navigation")[0], long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  const look = () => {
    const painted = performance.getEntriesByName("first-contentful-paint").map((one) => one.startTime);
    const last = Math.max(page.domContentLoadedEventEnd, ...painted, ...long.map((one) => one.startTime + one.duration));
    if (performance.now() - last > still) { done([last - page.responseStart, last]); } else { setTimeout(look, 50); }
  };
  setTimeout(look, still);
})"""


def figures(scale: str) -> Iterator[Figure]:
    """For each page a ratio; over all of them what moved; and the heaviest first load of every page there is."""
    database = _city()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with translation.override("zh-hans"):
        for _row in range(ROWS):
            call()
        seen = walk().pages
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + database
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TWINS_FOLDER"] = folder
        with product.web(url, "bench_pages", Path(folder), app=APP) as city, sync_playwright() as playwright:
            path, switches = product.chromium_path(), list(product.QUIET)
            browser = playwright.chromium.launch(executable_path=path, args=switches)
            moved, wholes = 0.0, list[float]()
            for desk, names in DESKS.items():
                for name in names:
                    twin = _twin(seen[name], city.logs)
                    ratio, whole, shift = _measured(browser, city.url, seen[name], twin, TIMES[scale])
                    moved = max(moved, shift)
                    wholes.append(whole)
                    yield Figure(f"{desk} desk, {name}: answers ÷ its static twin", ratio, "times", 1.5)
            print(f"  with the server's part {min(wholes):.2f} to {max(wholes):.2f} times")
            yield Figure("layout shift, the most of these pages", moved, "", 0)
            browser.close()
    heaviest = max(loaded(one.answer.content) for one in seen.values())
    yield Figure(f"first load, the heaviest of {len(seen)} pages", heaviest / 1024, "KB", 300)


def _city() -> str:
    """A fresh copy of a city with its cast and no case."""
    empty, name = crowd.database(0, "city_", lambda _url, _cases: None), "bench_pages"
    crowd.use("postgres")
    with psycopg.connect(settings.SUPERUSER_DATABASE_URL, autocommit=True) as admin:
        for order in ("DROP DATABASE IF EXISTS {0} WITH (FORCE)", "CREATE DATABASE {0} TEMPLATE {1}"):
            admin.execute(sql.SQL(order).format(sql.Identifier(name), sql.Identifier(empty)))
    crowd.use(name)
    return name


def _measured(browser: Browser, url: str, visit: Visit, twin: str, times: int) -> tuple[float, float, float]:
    """The time until the page answers by that of its twin, in turns, the quickest of each: whatever else the machine does
    only adds to it. The same with the server's part. And the most that ever moved on the page."""
    context = browser.new_context(base_url=url)
    context.add_init_script(SHIFTS)
    session = signed_in(visit.who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    ours, twins, moved = [], [], 0.0
    for turn in range(times + 1):  # the first fills the browser's cache
        twins.append(_answers(page, twin))
        ours.append(_answers(page, visit.address))
        if not turn:
            ours.clear()
            twins.clear()
        moved = max(moved, sum(share for share, _names in page.evaluate(SHIFTED)))
    context.close()
    of_browser, whole = (
        min(a) / min(b) for a, b in zip(zip(*ours, strict=True), zip(*twins, strict=True), strict=True)
    )
    return of_browser, whole, moved


def _answers(page: Page, address: str) -> list[float]:
    """Milliseconds until the page answers: from its first byte, and from when it was asked for."""
    page.goto(address)
    found: list[float] = page.evaluate(ANSWERS, STILL_MS)
    return found


def _twin(visit: Visit, folder: Path) -> str:
    """The address of this page as a file with its headers: nothing in it has a name by which a script would find it."""
    head, end, body = visit.answer.content.decode().partition("</head>")
    body = head + end + HOOKS.sub("", body)
    headers = {**visit.answer.headers, "Content-Length": str(len(body.encode()))}
    (folder / visit.route).write_text(json.dumps({"headers": headers, "body": body}))
    return TWINS + visit.route

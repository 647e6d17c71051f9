"""What a browser has to do with each page a desk works on: how soon it answers, what moves, and how much it loads.

The processor is slowed four times. A page answers when its own scripts have run and nothing holds the line of the
browser for longer than a blink (the end of the last long task before it is still). It stands against its static twin:
the same styles and scripts round a single heading. Both are timed from their first byte on: what the server looks up
before it is no work of the browser, and the other figures count it.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from tests import product
from tests.bench import crowd
from tests.bench.figure import Figure
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
ROWS = 50  # more than a list shows at once
TIMES = {"full": 9, "small": 5}
SLOWED = 4
STILL_MS = 400  # without a long task
ANSWERS = """(still) => new Promise((done) => {
  const page = performance.getEntriesByType("navigation")[0], long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  const look = () => {
    const last = Math.max(page.domContentLoadedEventEnd, ...long.map((one) => one.startTime + one.duration));
    if (performance.now() - last > still) { done(last - page.responseStart); } else { setTimeout(look, 50); }
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
    with tempfile.TemporaryDirectory() as folder, product.running(url, "bench_pages", Path(folder)) as city:
        with sync_playwright() as playwright:
            path, switches = product.chromium_path(), list(product.QUIET)
            browser = playwright.chromium.launch(executable_path=path, args=switches)
            moved = 0.0
            for desk, names in DESKS.items():
                for name in names:
                    ratio, shift = _measured(browser, city.url, seen[name], TIMES[scale])
                    moved = max(moved, shift)
                    yield Figure(f"{desk} desk, {name}: answers ÷ its static twin", ratio, "times", 1.5)
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


def _measured(browser: Browser, url: str, visit: Visit, times: int) -> tuple[float, float]:
    """The time until the page answers by that of its twin, in turns, the quickest of each: whatever else the machine does
    only adds to it. And the most that ever moved on the page."""
    context = browser.new_context(base_url=url)
    context.add_init_script(SHIFTS)
    session = signed_in(visit.who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    ours, twins, moved = [], [], 0.0
    with _twin(visit.answer.content.decode(), url) as twin:
        for turn in range(times + 1):  # the first fills the browser's cache
            twins.append(_answers(page, twin))
            ours.append(_answers(page, visit.address))
            if not turn:
                ours.clear()
                twins.clear()
            moved = max(moved, sum(share for share, _names in page.evaluate(SHIFTED)))
    context.close()
    return min(ours) / min(twins), moved


def _answers(page: Page, address: str) -> float:
    """Milliseconds from the first byte until the page answers."""
    page.goto(address)
    found: float = page.evaluate(ANSWERS, STILL_MS)
    return found


@contextmanager
def _twin(text: str, url: str) -> Iterator[str]:
    """The address of a page with the head of this one and a heading for a body."""
    head = re.sub(r'(src|href)="/', rf'\1="{url}/', text[: text.index("</head>")])
    body = f"{head}</head><body><main><h1>.</h1></main></body></html>".encode()

    class Twin(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Twin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()

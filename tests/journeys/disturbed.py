"""What disturbs a day's work, each in one piece, and who meets it where (x: in the journey of that name).

| who | slow | no line | two clicks | way back | two tabs | session ends |
|---|---|---|---|---|---|---|
| hotline counsellor, at the sheet (hotline_desk) | x | x, a minute | x | x | x | x |
| hotline supervisor, on a telephone (roles) | x | x | x | x | x | x |
| county triage (roles, board) | x | x | x | x | x | x |
| hospital liaison, on a telephone (roles) | x | x | x | x | x | x |
| hospital without an account (roles) | x | x | x | x | one browser | its code |
| education administrator (roles) | x | x | x | x | x | x |
| school counsellor (roles, school_desk) | x | x, a minute | x | x | x | x |
| form teacher, on a telephone (roles) | x | x, a minute | x | x | x | x |
| school's crisis lead, on a telephone (roles) | x | x, a minute | x | x | x | x |
| city's duty (roles) | x | x, a minute | x | x | x | x |
| student with a code, pages without scripts (roles) | - | - | x | - | - | no session |
| system, security administrator (roles) | x | x | x | x | x | x |
| audit administrator, who only looks (roles) | x | x | x | x | - | x |

The minute is one in `make prove`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
from playwright.sync_api import Locator, Page, expect

from wellbeing.demo.city import PASSWORD

A_MINUTE = os.environ.get("LEVEL", "short") != "short"  # without a line for as long, in `make prove`

# A page that is being left answers no question: it writes down itself what it said meanwhile.
SAID = """() => new MutationObserver((_all, seen) => {
  const busy = document.getElementById("busy");
  if (!busy.hidden) { sessionStorage.setItem("said", busy.textContent); seen.disconnect(); }
}).observe(document.getElementById("busy"), { attributes: true, subtree: true, childList: true })"""


def said(page: Page) -> str:
    """What a page said of its work since `SAID`, and on the page after it."""
    text: str = page.evaluate("() => sessionStorage.getItem('said') || ''")
    return text


@contextmanager
def slow(page: Page, *, latency_ms: int = 400) -> Iterator[None]:
    """A line as on an outer island, until the block ends: for a step or two, since a journey has many pages."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    given = {"latency": latency_ms, "downloadThroughput": 60_000, "uploadThroughput": 30_000}
    line.send("Network.emulateNetworkConditions", {"offline": False, **given})
    yield
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    line.detach()


def without_a_line(page: Page, *, seconds: int = 0) -> None:
    """Send, and go elsewhere, while the line is away: the page says so, and stays with what was typed."""
    page.context.set_offline(True)
    page.wait_for_timeout(seconds * 1000)
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator("#busy")).to_contain_text("内容没有发出")
    page.locator("a.help-link").click()
    expect(page.locator("#busy")).to_contain_text("页面没有打开")
    page.context.set_offline(False)
    expect(page.locator("#busy")).to_be_hidden()


def two_clicks(button: Locator) -> None:
    """As a finger does it: the first is with the server when the second one comes. Two at once a browser makes one of, and
    whose answer is quicker than the finger was clicked once: on a slow line both count."""
    button.evaluate("(button) => { button.click(); setTimeout(() => button.click(), 150); }")


def stopped_and_sent(button: Locator) -> None:
    """Stopped on its way (Escape, which the page hears too), a form can be sent again, and two clicks send it once."""
    stop = """window.stop(); document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));"""
    again = "button.click(); setTimeout(() => button.click(), 150);"
    button.evaluate(f"(button) => {{ button.click(); setTimeout(() => {{ {stop} {again} }}, 60); }}")


def end_sessions(running: SimpleNamespace) -> None:
    with psycopg.connect(running.city.superuser_url, autocommit=True) as admin:
        admin.execute("DELETE FROM signin_session")


def sign_in_beside(page: Page, name: str) -> None:
    """Sign in again in the window that the page opens, and close it."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    beside = opened.value
    beside.fill("input[name=username]", name)
    beside.fill("input[name=password]", PASSWORD)
    beside.click("main form button.btn-primary")
    expect(beside.locator("#inbox")).to_be_visible()
    beside.close()


def again(page: Page) -> None:
    """Send what was kept; where the new session has a new token, the page says so and is sent once more."""
    page.get_by_role("button", name="再次提交").click()
    page.wait_for_load_state()
    if page.locator("h1").inner_text() == "尚未提交":
        page.get_by_role("button", name="再次提交").click()

"""What is asked of a page's looks (tests/looks.py) finds each fault that is planted, and nothing on a page without one."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from tests.looks import AXE, COLOURS, FOCUS, MOMENTS, MOTION, PRINTED, TAPS
from tests.visits import SHIFTED, SHIFTS

GOOD = """<!doctype html><style>main > * { min-height: 44px; display: inline-block } :focus { outline: 3px solid #fb0 }
@media print { .btn, main > nav { display: none } }</style>
<main><a href="/x">x</a> <button class="btn">y</button><nav>z</nav><input><time title="2026-11-01 08:00">today</time>
<span class="tier is-red"><svg><path d="M0 0h9v9z"/></svg>red</span><p>2026-11-01</p></main>"""
PLANTED = {
    FOCUS: ("<style>a:focus { outline: 0 }</style>", "a shows no focus"),
    MOTION: ("<style>.btn { transition: color 1s }</style>", "button.btn glides"),
    COLOURS: ("<b class='is-orange'>7</b><b class='tier is-red'>red</b>", "b.is-orange says by its colour alone"),
    TAPS: ("<p><a href='/z'>alone</a></p><p>with <a href='/w'>others</a></p>", "a in p is "),
    MOMENTS: ("<p>2026-11-01 08:00</p>", "p says 2026-11-01 08:00"),
    PRINTED: ("<p class='wide'>…</p><style>.wide { width: 3000px }</style>", "p.wide ends "),
}
# Only what has been seen can move: a second frame begins when the first has been painted.
PAINTED = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"


@pytest.mark.browser
def test_each_question_finds_what_was_planted(chromium: Browser) -> None:
    page = chromium.new_page()
    for question, (fault, said) in PLANTED.items():
        page.emulate_media(media="print" if question == PRINTED else "screen")
        page.set_content(GOOD)
        page.keyboard.press("Tab")
        assert page.evaluate(question) == []
        page.set_content(GOOD.replace("</main>", f"{fault}</main>"))
        page.keyboard.press("Tab")
        assert any(one.startswith(said) for one in page.evaluate(question)), said
    page.emulate_media(media="screen")
    page.goto("about:blank")
    page.set_content(GOOD)
    page.evaluate(SHIFTS)
    page.evaluate(PAINTED)
    page.evaluate(
        "() => { const late = document.createElement('h1'); late.textContent = '.'; document.body.prepend(late) }"
    )
    page.wait_for_function(f"() => ({SHIFTED})().length")
    page.close()


CONTRAST = {"runOnly": ["color-contrast"]}


@pytest.mark.browser
def test_a_text_is_weighed_once_on_each_ground(chromium: Browser) -> None:
    page = chromium.new_page()

    def weighed(body: str, known: list[str]) -> tuple[list[str], list[str]]:
        page.set_content(f"<!doctype html><style>* {{ color: #333 }} .dark {{ background: #222 }}</style>{body}")
        page.evaluate(AXE_SCRIPT)
        new, faults = page.evaluate(AXE, [CONTRAST, known])
        return new, faults

    known, faults = weighed("<p id='a'>text</p><p>text again</p><p class='visually-hidden'>for the ear</p>", [])
    assert (len(known), faults) == (1, [])
    assert weighed("<main><p id='b'>elsewhere</p></main>", known) == ([], [])  # looks the same: nothing is new
    for ground in ("<div class='dark'><p id='c'>text</p></div>", "<div style='opacity: .3'><p id='c'>text</p></div>"):
        new, faults = weighed(ground, known)
        assert (len(new), faults) == (1, ["color-contrast at #c"])
        assert weighed(ground, [*known, *new]) == ([], [])  # it was weighed, and said
    for unweighed in (
        "<p class='dark'>x</p>",
        "<p class='dark visually-hidden'>for the ear</p>",
        "<p class='dark' hidden>y y</p>",
    ):
        assert weighed(unweighed, known)[0] == []  # makes nothing known for a text that is seen
    page.close()

"""A concern on a telephone of 390 points: what a form teacher touches and types from the open form until "received", and
the time that the keystroke-level model gives it.

The model (Card, Moran, Newell: The keystroke-level model, CACM 23(7), 1980, pp. 396-410) counts what a practised person
does without a fault: M 1.35 s to think before each step, P 1.10 s to point, here for a tap and for a swipe. A letter
costs 0.33 s: 36.2 words of five letters a minute on telephones (Palin and others, MobileHCI 2019, 37,370 people). It
knows no hesitation, no correction and no network: people who do this once a year take longer, and none was timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from types import SimpleNamespace

from playwright.sync_api import Locator, Page, Playwright

from tests import product
from wellbeing.demo.city import PASSWORD

THINK, POINT, LETTER = 1.35, 1.10, 60 / (36.2 * 5)
PHONE = {"width": 390, "height": 844}
SWIPE = 500  # points that one swipe moves a page
NAME = ("曾小雨", "zengxiaoyu")  # and how it is spelled; the word is then chosen with one tap


@dataclass
class Teacher:
    """Ding, signed in, on her telephone: what she does is counted."""

    page: Page
    taps: int = 0
    letters: int = 0
    thoughts: int = 0

    def tap(self, place: Locator) -> None:
        """Think, swipe until it is wholly in sight, tap."""
        self.thoughts += 1
        box = place.bounding_box()
        assert box is not None
        below = box["y"] + box["height"] - PHONE["height"]
        self.taps += ceil(max(0.0, below, -box["y"]) / SWIPE) + 1
        place.tap()

    def type(self, words: str, spelled: str) -> None:
        self.page.keyboard.insert_text(words)
        self.letters += len(spelled)
        self.taps += 1  # the word among those that the keyboard offers

    @property
    def seconds(self) -> float:
        return self.thoughts * THINK + self.taps * POINT + self.letters * LETTER


def concern(playwright: Playwright, city: SimpleNamespace) -> Teacher:
    """One sign, one name, sent; what the poster's address opens for whoever is signed in."""
    browser = playwright.chromium.launch(executable_path=product.chromium_path(), args=list(product.QUIET))
    context = browser.new_context(base_url=city.url, viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("input[name=username]", "ding")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/concern/")
    ding = Teacher(page)
    ding.tap(page.locator("#id_name"))
    ding.type(*NAME)
    ding.tap(page.get_by_text("孤僻、没有朋友"))
    ding.tap(page.get_by_role("button", name="上报"))
    page.wait_for_url("**/concern/received/")
    browser.close()
    return ding

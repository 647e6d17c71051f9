"""Every page there is, in both languages, on a desk, a laptop, a telephone and at twice the size: axe finds nothing,
nothing is wider than the screen, and nothing moves after it has come."""

from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.stage import signed_in
from tests.visits import SHIFTED, SHIFTS, Visit, walk
from tests.web.test_weight import faults
from wellbeing.web.help import BY_ROUTE

PARTS = 2  # two cores; each part sets the stage anew
# English words are the wider ones: they stand on the narrow screens. 683: a laptop at 200 %.
WIDTHS = {"zh-hans": (1440, 1366), "en": (390, 683)}
# The rules that words and widths decide. What else axe asks is of the structure, and that has one language.
WORDED = (
    *("html-has-lang", "html-lang-valid", "valid-lang", "document-title", "frame-title", "image-alt", "label"),
    *("link-name", "button-name", "input-button-name", "select-name", "summary-name", "label-title-only"),
    *("aria-command-name", "aria-input-field-name", "aria-toggle-field-name", "aria-progressbar-name"),
    *("aria-dialog-name", "empty-heading", "empty-table-header"),
    *("color-contrast", "scrollable-region-focusable"),
)
RULES = {"zh-hans": {}, "en": {"runOnly": {"type": "rule", "values": list(WORDED)}}}
# Of the screen. Half of what is called good (web.dev, Cumulative Layout Shift): on a busy machine a page is painted before
# its last line has come, and is no worse for it. `make bench ARGS=pages` counts all.
MOVED = 0.05
FOUND = """async (rules) => {
  const how = { ...rules, resultTypes: ["violations"], preload: false, elementRef: false };
  return (await axe.run(document, how)).violations.map((one) => one.id + " at " + one.nodes[0].target);
}"""
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.browser
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=pytest.mark.xdist_group(f"pages {part}")) for part in range(PARTS)]
)
def test_every_page_in_both_languages_at_every_size(running: SimpleNamespace, chromium: Browser, part: int) -> None:
    seen = walk(part, PARTS)
    found = list(seen.shut)
    for who, hers in groupby(sorted(seen.pages.values(), key=lambda one: one.who), key=lambda one: one.who):
        context = chromium.new_context(base_url=running.url)
        for script in (AXE_SCRIPT, SHIFTS):
            context.add_init_script(script)
        if who:
            session = signed_in(who).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": running.url}])
        page = context.new_page()
        for visit in hers:
            found += [f"{visit.route} {visit.address}: {fault}" for fault in _faults(page, visit, running.url)]
        context.close()
    assert found == []


def _faults(page: Page, visit: Visit, url: str) -> list[str]:
    """What is wrong with a page, with the language and the width."""
    found = faults(visit.answer.content)
    found += ["no screen's help speaks of it"] if visit.who and visit.route not in BY_ROUTE else []
    for language, widths in WIDTHS.items():
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])
        page.set_viewport_size({"width": widths[0], "height": 800})
        answer = page.goto(visit.address)
        wrong = [] if answer and answer.status == 200 else ["does not open"]
        wrong += page.evaluate(FOUND, RULES[language])
        wrong += [f"{names} move by {share:.4f}" for share, names in page.evaluate(SHIFTED) if share > MOVED]
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate(OVER)
            wrong += [f"{over} px wider than {width}"] if over > 0 else []
        found += [f"{language}: {fault}" for fault in wrong]
    return found

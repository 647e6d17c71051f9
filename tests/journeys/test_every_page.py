"""Every page there is, in both languages, on a desk, a laptop, a telephone and at twice the size: axe finds nothing,
nothing is wider than the screen or too low for a thumb, and nothing moves after it has come."""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests.looks import AXE, COLOURS, FOCUS, MOMENTS, MOTION, PRINTED, TAPS
from tests.stage import GREEN, YELLOW, signed_in
from tests.visits import FILES, SHIFTED, SHIFTS, Visit, walk
from tests.web.test_weight import faults
from wellbeing.demo.red_case import CANARIES
from wellbeing.web.help import BY_ROUTE

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
# Of the screen: nothing. A page is painted first when all of it has come (templates/base.html), so a busy machine shows it
# later, not otherwise. What lies below is no move: a pixel of the smallest of these screens, over its width and height.
MOVED = 0.00001
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of a page as it has come, in the language and at the width where it counts most: the wide words on the narrow screen, and
# what is no matter of words in the other. All in one question: each is a way to the browser and back.
COME = {
    language: f"async (given) => [...await ({AXE})(given), ({SHIFTED})(), ({OVER})(), {asked}]"
    for language, asked in {
        "zh-hans": f"[...({COLOURS})(), ...({MOMENTS})()]",
        "en": f"[...({MOTION})(), ...({TAPS})()]",
    }.items()
}
ON_PAPER = f"() => [({PRINTED})(), document.body.innerText]"
# What is made to hold sealed words on paper; no other page prints one.
PAPERS = {"handover", "leave_paper", "paper", "record_reply", "report_print", "safety_plan_print"}
SEALED = (*CANARIES, *(words[name] for words in (YELLOW, GREEN) for name in ("name", "narrative")))


@pytest.mark.browser
@pytest.mark.xdist_group("pages")
def test_every_page_in_both_languages_at_every_size(running: SimpleNamespace, chromium: Browser) -> None:
    seen = walk()
    found, met = list(seen.shut), set[str]()
    for who, hers in groupby(sorted(seen.pages.values(), key=lambda one: one.who), key=lambda one: one.who):
        context = chromium.new_context(base_url=running.url)
        for script in (AXE_SCRIPT, SHIFTS):
            context.add_init_script(script)
        if who:
            session = signed_in(who).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": running.url}])
        page, visits = context.new_page(), list(hers)
        found += [fault for visit in visits for fault in _answered(visit)]
        for language in WIDTHS:
            context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": running.url}])
            for visit in visits:
                found += [f"{visit.route} {visit.address}: {fault}" for fault in _seen(page, visit, language, met)]
        context.close()
    assert found == []


def _answered(visit: Visit) -> list[str]:
    """What is wrong with a page before a browser has it."""
    wrong = faults(visit.answer.content) + _unmarked(visit.answer.content.decode())
    wrong += ["no screen's help speaks of it"] if visit.who and visit.route not in BY_ROUTE else []
    return [f"{visit.route} {visit.address}: {fault}" for fault in wrong]


def _seen(page: Page, visit: Visit, language: str, met: set[str]) -> list[str]:
    """What is wrong with a page in a language: on its two screens, and in the one with the wider words on paper too.
    `met` grows by the looks of its texts."""
    first, second = WIDTHS[language]
    page.emulate_media(media="screen", reduced_motion="reduce" if language == "en" else "no-preference")
    page.set_viewport_size({"width": first, "height": 800})
    answer = page.goto(visit.address)
    wrong = [] if answer and answer.status == 200 else ["does not open"]
    new, axe, shifts, over, asked = page.evaluate(COME[language], [RULES[language], list(met)])
    met.update(new)
    wrong += [*axe, *(f"{names} move by {share:.6f}" for share, names in shifts if share > MOVED), *asked]
    if language != "en":
        page.keyboard.press("Tab")  # from here on a focus is a keyboard's
        wrong += page.evaluate(FOCUS)
    page.set_viewport_size({"width": second, "height": 800})
    for width, beyond in ((first, over), (second, page.evaluate(OVER))):
        wrong += [f"{beyond} px wider than {width}"] if beyond > 0 else []
    if language == "en":
        page.emulate_media(media="print")  # the last width is that of a sheet of paper
        printed, text = page.evaluate(ON_PAPER)
        wrong += [f"on paper: {fault}" for fault in printed]
        sealed = visit.route not in PAPERS and any(words in text for words in SEALED)
        wrong += ["on paper: what is sealed"] if sealed else []
    return [f"{language}: {fault}" for fault in wrong]


def _unmarked(text: str) -> list[str]:
    """Links and forms that a file answers, and that do not say so (web/live.js: the page would seem to wait for ever)."""
    found = []
    for attributes in re.findall(r"<(?:a|form) ([^>]*)>", text):
        address = re.search(r'(?:href|action)="(/[^"?#]*)', attributes)
        named = resolve(unescape(address[1])).url_name if address else ""
        if named in FILES and not re.search(r"\b(?:data-file|download)\b", attributes):
            found.append(f"{named} comes as a file, and its link does not say so")
    return found

"""Strings become HTML only as parts of a page that hold no script, and never become a script or its address."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# What an injected piece of code would try: each is a function body, and what the browser answers.
TRIES = {
    "document.body.insertAdjacentHTML('beforeend', '<p id=part>a part of a page</p>'); return 'done'": "done",
    "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>'); return 'done'": "TypeError",
    # a text that only speaks of scripts is a text: it may not stop a board from showing what is new
    """document.body.insertAdjacentHTML('beforeend', '<p title="x onclick=1 >">javascript: onload = 1</p>'); return 'done'""": "done",
    """document.body.insertAdjacentHTML('beforeend', '<p title=a"b onclick=alert(1)>x</p>'); return 'done'""": "TypeError",
    "document.body.insertAdjacentHTML('beforeend', '<a/href= javascript:alert(1)>x</a>'); return 'done'": "TypeError",
    """document.body.insertAdjacentHTML('beforeend', '<p aria-label="javascript:alert(1)" title=javascript:1>x</p>'); return 'done'""": "done",
    "document.body.insertAdjacentHTML('beforeend', '<p hx-vals=javascript:alert(1)>x</p>'); return 'done'": "TypeError",
    "document.body.innerHTML = '<iframe srcdoc=x></iframe>'; return 'done'": "TypeError",
    "new DOMParser().parseFromString('<script>alert(1)</script>', 'text/html'); return 'done'": "TypeError",
    "document.createElement('script').src = '/static/web/live.js'; return 'done'": "TypeError",
    "document.createElement('script').textContent = 'alert(1)'; return 'done'": "TypeError",
    "trustedTypes.createPolicy('mine', {createHTML: x => x}); return 'done'": "TypeError",
}


def test_only_parts_of_a_page_become_html(running: SimpleNamespace, chromium: Browser) -> None:
    context = chromium.new_context(base_url=running.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.wait_for_function("window.htmx")
    answers = {
        body: page.evaluate(f"() => {{ try {{ {body} }} catch (error) {{ return error.name }} }}") for body in TRIES
    }
    context.close()
    assert answers == TRIES

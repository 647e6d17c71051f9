"""A city as it runs: web server, Celery worker and ticker as processes, and a Chromium that people drive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import product
from tests.conftest import url_of
from wellbeing.demo.city import PASSWORD

# A browser, a server and two machines share few cores; and a save that gets no answer is given up after 15 s and sent
# again (web/draft.js): whoever waits less sees a fault of the machine's load and none of the page.
expect.set_options(timeout=45_000)


def enter_as(page: Page, name: str) -> None:
    """Sign one of the cast in on this page."""
    page.goto("/sign-in/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()


@pytest.fixture(scope="session")
def _web(city_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The web server of this worker's cities: it loads the product once."""
    with product.web(url_of("app", city_name), city_name, tmp_path_factory.mktemp("web"), "--preload") as found:
        yield found


@pytest.fixture
def running(committed: SimpleNamespace, _web: SimpleNamespace) -> SimpleNamespace:
    """The web server on a fresh city: `.url`, and `.city`. Who needs the worker and the ticker asks for `ticking` too."""
    product.renew(_web)
    return SimpleNamespace(**vars(_web), city=committed)


@pytest.fixture
def ticking(running: SimpleNamespace) -> Iterator[None]:
    """The Celery worker and the ticker on the same city."""
    with product.behind(running):
        yield


@pytest.fixture
def sign_in(chromium: Browser, running: SimpleNamespace) -> Iterator[Callable[..., Page]]:
    """Sign one of the cast in, each in a browser of her own; page errors and CSP violations fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def enter(name: str, *, locale: str = "zh-CN", **more: Any) -> Page:
        context = chromium.new_context(base_url=running.url, locale=locale, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda m: wrong.append(f"{page.url}: {m.text}") if "Content Security Policy" in m.text else None
        )
        enter_as(page, name)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert wrong == []

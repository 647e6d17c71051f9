"""A passkey in a real browser, with its virtual authenticator: forced set-up, sign-in, another device, and the pages of
accounts as they look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import product
from tests.looks import axe_faults
from wellbeing.demo.city import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
AUTHENTICATOR = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}


@pytest.fixture
def running(committed: SimpleNamespace, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A web server that asks everybody for a second factor."""
    with product.web(committed.app_url, committed.name, tmp_path, SECOND_FACTOR="required") as found:
        yield found


def enter(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")


def test_a_passkey_from_set_up_to_sign_in(running: SimpleNamespace, chromium: Browser) -> None:
    url, found = running.url.replace("127.0.0.1", "localhost"), []  # a passkey is bound to a name

    def look(page: Page, name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in axe_faults(page))
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{name}: wider than {width}")

    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda m: found.append(m.text) if "Content Security Policy" in m.text else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": True}})

    enter(page, url, "sun")
    expect(page).to_have_url(f"{url}/account/second-factor/")
    look(page, "choose")
    page.click("a[href$='/passkey/']")
    look(page, "set up")
    page.click("form[data-passkey] button")
    expect(page.locator(".key-codes li")).to_have_count(10)
    look(page, "codes")
    page.click("main a.btn-primary")
    expect(page).to_have_url(f"{url}/people/accounts/")
    look(page, "accounts")
    page.goto(f"{url}/people/accounts/1/")
    look(page, "account of somebody")
    page.goto(f"{url}/account/")
    look(page, "my account")

    page.goto(f"{url}/people/accounts/")
    page.locator(".frame-end details.pop").last.locator("summary").click()
    page.locator("form[action='/sign-out/'] button").click()
    enter(page, url, "sun")
    expect(page).to_have_url(f"{url}/sign-in/confirm/")
    look(page, "confirm")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": True})
    page.click("form[data-passkey] button")
    expect(page).to_have_url(f"{url}/people/accounts/")

    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": True}})
    page.goto("about:blank")  # her last page asks for its bell, and would lead to the sign-in by itself
    context.clear_cookies()
    enter(page, url, "sun")
    page.click("form[data-passkey] button")  # a device that does not have it
    expect(page.locator("[data-says]")).not_to_be_empty()
    page.goto(f"{url}/people/accounts/")
    expect(page).to_have_url(f"{url}/sign-in/confirm/")
    context.close()
    assert found == []

"""Pages that people work with all day: no finding of axe, nothing wider than the screen, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.cases.leave_stage import on_leave
from tests.stage import referred

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# Each language at one size: what may break is a word's width, and English is the wider one.
SIZES = {
    "desk": ({"width": 1280, "height": 900}, "zh-hans"),
    "phone": ({"width": 375, "height": 740}, "en"),
}


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(size: str, running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    referral = referred()
    case, sent, away = referral.case.reference, referral.reference, on_leave().reference
    addresses = {
        "lin": [
            "/cases/",
            "/cases/calls/new/",
            f"/cases/{case}/",
            f"/cases/{case}/file/",
            f"/cases/{case}/raise/",
            "/exchange/",
            "/cases/call-backs/",
            "/cases/shift/",
            "/cases/search/",
            "/help/call/",
            "/account/",
            "/cases/glass/",
            "/cases/glass/break/",
            "/cases/paper-sheets/",
        ],
        "zhou": ["/cases/board/", f"/cases/{case}/", f"/referrals/open/{case}/", f"/referrals/{sent}/"]
        + [
            f"/cases/{case}/{page}/"
            for page in ("lower", "tell", "safety-plan", "mandatory-report", "report", "pause", "consent")
        ]
        + ["/referrals/", "/referrals/directory/", "/referrals/figures/", f"/referrals/emergency/{case}/"]
        + ["/registers/incidents/", "/registers/incidents/new/"]
        + [f"/referrals/{sent}/{page}/" for page in ("crossing", "letter", "rescue", "redirect", "withdraw")],
        "chen": [
            f"/cases/{away}/{page}"
            for page in ("", "leave/submit/", "leave/extend/", "leave/follow/", "return/plan/", "return/decide/")
        ]
        + ["/cases/screenings/", "/cases/campaigns/", "/cases/campaigns/plan/", "/cases/campaigns/interviews/"]
        + ["/answer/", "/cases/steps/", "/cases/steps/waiting/", "/cases/group/", "/cases/handovers/new/"]
        + [f"/cases/{away}/{page}/" for page in ("person", "session", "groups")],
        "ding": ["/cases/concern/", "/cases/concern/received/"],
        "jian": ["/audit/", *(f"/account/second-factor/{page}" for page in ("", "app/", "passkey/"))],
        "sun": ["/people/accounts/", "/people/accounts/new/"],
        "fang": [
            *("/referrals/", "/referrals/directory/slots/", f"/referrals/{sent}/"),
            *(f"/referrals/{sent}/{page}/" for page in ("receive", "book", "give-back")),
        ],
        "shen": [
            "/staffing/",
            "/reports/",
            "/reports/danger/",
            "/reports/hotline/",
            "/reports/year/2026/",
            "/not-there/",
        ],
    }
    found, (viewport, language) = [], SIZES[size]
    for name, pages in addresses.items():
        page = sign_in(name, viewport=viewport)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": running.url}])
        for address in pages:
            page.goto(address)
            found += [f"{address}: {v['id']}" for v in Axe().run(page).response["violations"]]
            wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
            found += [f"{address}: wider than the screen"] if wide else []
    assert found == []

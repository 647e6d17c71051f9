"""A change of the policy in a browser, from form to version: on its way no finding of axe, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.looks import axe_faults
from tests.stage import acknowledged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_change_from_form_to_version(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    acknowledged()
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in axe_faults(page))
        if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: wider than the screen")

    page = sign_in("shen", viewport={"width": 375, "height": 740})
    page.goto("/cases/policy/")
    page.get_by_role("link", name="修改策略").click()  # both pages as they are entered: test_every_page
    page.fill("input[name='acknowledge-red_0']", "3")
    page.select_option("select[name='acknowledge-red_1']", "hours")
    page.fill("input[name='phq_blue']", "20")
    page.get_by_role("button", name="查看预览").click()
    look(page, "form with faults")
    expect(page.locator("#id_acknowledge-red_error")).to_contain_text("不得长于下一等级")
    page.fill("input[name='acknowledge-red_0']", "10")
    page.select_option("select[name='acknowledge-red_1']", "minutes")
    page.fill("input[name='phq_blue']", "9")
    page.fill("textarea[name='because']", "开学前收紧")
    page.get_by_role("button", name="查看预览").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("第 2 版预览")
    look(page, "preview")
    page.get_by_role("button", name="返回修改").click()
    expect(page.locator("input[name='acknowledge-red_0']")).to_have_value("10")
    page.get_by_role("button", name="查看预览").click()
    page.get_by_role("button", name="确认新版本").click()
    expect(page.locator("#version-2")).to_contain_text("开学前收紧")
    look(page, "history")
    assert found == []

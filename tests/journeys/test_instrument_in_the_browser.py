"""A paper with the keyboard alone; a critical answer is heard before the form is finished."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.stage import GREEN, call, fresh

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_phq_by_keyboard_alone(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    case = call(GREEN)
    lin = sign_in("lin")
    lin.goto(f"/cases/{case.reference}/instrument/?paper=phq9")
    for key in "010":
        lin.keyboard.press(key)
    lin.keyboard.press("Backspace")
    lin.keyboard.press("3")
    expect(lin.locator("#id_sleep_3")).to_be_checked()
    for key in "00000":
        lin.keyboard.press(key)
    expect(lin.locator("#reading")).to_contain_text("8 / 9")
    expect(lin.locator("#reading")).to_contain_text("不计分")
    lin.keyboard.press("1")
    expect(lin.locator("#reading")).to_contain_text("关键题为阳性：现在就谈")
    expect(lin.locator("#reading .paper-score")).to_contain_text("5")
    assert fresh(case).tier == "green", "nothing is kept before it is sent"
    lin.keyboard.press("Enter")
    expect(lin.locator("main")).to_contain_text("量表已录入")
    assert fresh(case).tier == "yellow"

"""The board by hand: keyboard alone, a new red without a reload, filters in the address, and right after sleep."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.stage import RED, YELLOW, call
from wellbeing.outbox import relay

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_warning_is_taken_with_the_keyboard_alone(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    yellow, red = call(YELLOW), call(RED)
    zhou = sign_in("zhou")
    zhou.goto("/cases/board/")
    first, second = f"#row-{red.reference}", f"#row-{yellow.reference}"
    zhou.keyboard.press("j")
    expect(zhou.locator(first)).to_be_focused()
    zhou.keyboard.press("j")
    expect(zhou.locator(second)).to_be_focused()
    zhou.keyboard.press("k")
    zhou.keyboard.press("a")
    expect(zhou.locator(f"#take-{red.reference}")).to_be_focused()
    zhou.keyboard.press("Enter")
    expect(zhou.locator("h1")).to_contain_text(red.reference)
    expect(zhou.locator("main")).to_contain_text("已接警")


@pytest.mark.usefixtures("ticking")  # the title counts notices
def test_a_new_red_comes_by_itself_and_the_title_counts_it(
    running: SimpleNamespace, sign_in: Callable[..., Page]
) -> None:
    zhou = sign_in("zhou")
    zhou.goto("/cases/board/?tier=red")
    expect(zhou.locator("#tile-red")).to_have_attribute("aria-current", "true")
    case = call(RED)
    expect(zhou.locator("#board")).to_contain_text(case.reference)
    expect(zhou).to_have_title("(1) 预警看板 · 舟山学生心理守护平台")
    zhou.keyboard.press("3")
    expect(zhou).to_have_url(f"{running.url}/cases/board/?tier=yellow")
    expect(zhou.locator("#board")).not_to_contain_text(case.reference)


def test_after_sleep_the_board_says_so_and_catches_up(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    zhou = sign_in("zhou")
    zhou.clock.install()
    zhou.goto("/cases/board/")
    zhou.context.set_offline(True)
    zhou.clock.run_for(30_000)
    expect(zhou.locator("#board-stale")).to_be_visible()
    case = call(RED)
    zhou.context.set_offline(False)
    zhou.clock.run_for(6_000)
    expect(zhou.locator("#board")).to_contain_text(case.reference)
    expect(zhou.locator("#board-stale")).to_be_hidden()


def test_a_page_that_no_notice_reaches_says_so(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    """Whoever reads a file is told that the line is dead, as the board tells her."""
    zhou = sign_in("zhou")
    zhou.clock.install()
    zhou.goto("/cases/")
    zhou.clock.run_for(6_000)
    expect(zhou.locator("#inbox-list")).to_be_attached()
    expect(zhou.locator("#notices-stale")).to_be_hidden()
    zhou.context.set_offline(True)
    zhou.clock.run_for(32_000)
    expect(zhou.locator("#notices-stale")).to_be_visible()
    zhou.context.set_offline(False)
    zhou.clock.run_for(6_000)
    expect(zhou.locator("#notices-stale")).to_be_hidden()


def test_a_notice_that_comes_while_somebody_turns_the_page_is_heard(
    running: SimpleNamespace, sign_in: Callable[..., Page]
) -> None:
    """What the first look of a page finds is new where the page before did not know it."""
    zhou = sign_in("zhou")
    zhou.goto("/cases/")
    expect(zhou.locator("#inbox-list")).to_be_attached()
    zhou.route("**/notices/", lambda route: route.abort())
    call(RED)
    relay.sweep()
    zhou.unroute("**/notices/")
    zhou.goto("/cases/board/")
    expect(zhou.locator("#live-words")).to_have_text("有一条新通知。", timeout=15_000)

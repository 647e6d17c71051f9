"""The same journey by hand: five people, five browsers, one red case; the time between is moved in the database."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import psycopg
import pytest
from playwright.sync_api import Page, expect

from wellbeing.demo.returns import load_returns

pytestmark = pytest.mark.browser

NAME = "小渔"


def pass_time(city: SimpleNamespace, *, hours: int) -> None:
    """Move the clock of the whole city (every new connection) ahead, counted from the real now."""
    with psycopg.connect(city.superuser_url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {city.name} SET app.clock_offset = '{hours} hours'")


def pick(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"input[name={name}][value={value}]").check()


def act(page: Page) -> None:
    """Press the button of an action page and land on what it was done to."""
    page.locator("main form button.btn").first.click()
    page.wait_for_load_state()


@pytest.mark.usefixtures("ticking")
def test_from_the_phone_to_the_hospital_and_back(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    lin, zhou = sign_in("lin"), sign_in("zhou")
    zhou.goto("/cases/board/")

    # 1. the call, the proposal, the case
    lin.goto("/cases/calls/new/")
    pick(lin, thoughts="active", plan="yes", when="now", means="yes")
    expect(lin.locator("#proposal")).to_contain_text("红色")
    lin.fill("input[name=name]", NAME)
    lin.fill("textarea[name=narrative]", "今晚想结束一切")
    lin.select_option("select[name=division]", "330902")
    lin.locator("main form button.btn-primary").last.click()
    expect(lin.locator("h1")).to_contain_text("ZS-")
    case = lin.url
    reference = case.rstrip("/").rsplit("/", 1)[1]

    # 2. the desk sees it without a reload, acknowledges, reads, refers
    expect(zhou.locator("#board")).to_contain_text(reference)
    expect(zhou.locator("#inbox")).to_contain_text("1")
    zhou.locator(f"#take-{reference}").click()
    zhou.goto(case + "file/")
    expect(zhou.locator("main")).to_contain_text("今晚想结束一切")
    zhou.goto(case)
    zhou.get_by_role("link", name="记录: 告知市中心").click()
    pick(zhou, how="phone")
    act(zhou)
    expect(zhou.locator("main")).to_contain_text("告知情况")
    zhou.goto(case + "safety-plan/")
    zhou.fill("textarea[name=signs]", "夜里一个人醒着")
    act(zhou)
    zhou.goto(case + "safety-plan/print/")
    expect(zhou.locator("main")).to_contain_text("夜里一个人醒着")
    zhou.goto(f"/referrals/open/{reference}/")
    pick(zhou, consent="given")
    zhou.select_option("select[name=destination]", label="海云医院心理科(虚构)")
    zhou.fill("textarea[name=summary]", "两周失眠,今晚有计划")
    zhou.locator("button[name=look]").click()
    expect(zhou.locator("main")).to_contain_text(NAME)
    zhou.locator("button[name=send]").click()
    expect(zhou.locator("h1")).to_contain_text("ZZ-")
    referral = zhou.url

    # 3. the hospital sees the packet and nothing else, receives, books, reports
    fang = sign_in("fang")
    assert fang.goto(case).status == 404  # type: ignore[union-attr]
    fang.goto(referral)
    expect(fang.locator("main")).to_contain_text("两周失眠")
    expect(fang.locator("main")).not_to_contain_text("今晚想结束一切")
    fang.goto(referral + "receive/")
    act(fang)
    fang.goto(referral + "book/")
    fang.fill("input[name=at]", fang.evaluate("() => new Date(Date.now() + 9 * 36e5).toISOString().slice(0, 16)"))
    act(fang)
    fang.goto(referral + "feedback/")
    pick(fang, attended="yes")
    fang.fill("textarea[name=conclusion]", "门诊随访")
    fang.fill("textarea[name=advice]", "减半作业")
    act(fang)
    fang.context.close()

    # 4. the school gets the plan, follows up; two people lower the tier; the case is closed
    zhou.goto(referral + "return/")
    zhou.select_option("select[name=manager]", label="陈卓(学校) · 星河初级中学")
    zhou.fill("textarea[name=advice]", "减半作业,固定同伴")
    act(zhou)
    chen = sign_in("chen")
    chen.goto(referral)
    expect(chen.locator("main")).to_contain_text("减半作业,固定同伴")
    expect(chen.locator("main")).not_to_contain_text("门诊随访")
    chen.goto(case + "follow-up/")
    pick(chen, how="met")
    act(chen)
    zhou.goto(referral + "close/")
    act(zhou)
    for hours, name in ((73, "橙色"), (73 + 673, "黄色")):
        pass_time(running.city, hours=hours)
        for page in (chen, zhou, lin):
            page.context.close()  # signed out by now; it would go on asking
        chen, zhou, lin = sign_in("chen"), sign_in("zhou"), sign_in("lin")
        lin.goto(case)  # the call-backs of the next day, the week and the month
        while lin.get_by_role("link", name="记录: 回访").count() and lin.locator(".deadlines .is-late").count():
            lin.get_by_role("link", name="记录: 回访").click()
            pick(lin, outcome="reached")
            act(lin)
        chen.goto(case + "follow-up/")
        pick(chen, how="met")
        act(chen)
        chen.goto(case + "assess/")
        pick(chen, thoughts="none")
        chen.check("input[name=face_to_face]")
        act(chen)
        chen.goto(case + "lower/")
        chen.fill("textarea[name=because]", "当面评估")
        act(chen)
        zhou.goto(case + "confirm/")
        act(zhou)
        expect(zhou.locator("main")).to_contain_text(name)
    chen.goto(case + "close/")
    pick(chen, reason="improved")
    act(chen)
    assert chen.goto(case).status == 404  # type: ignore[union-attr]
    assert zhou.goto(case).status == 404  # type: ignore[union-attr]


def test_the_administrator_sees_the_city_the_staffing_board_and_no_case(sign_in: Callable[..., Page]) -> None:
    load_returns()
    shen = sign_in("shen")
    expect(shen.locator("h1")).to_have_text("全市总览")
    shen.locator("main a", has_text="专职").click()
    expect(shen.locator("main")).to_contain_text("青屿中心小学")
    expect(shen.locator("main")).to_contain_text("定海区")
    assert shen.goto("/cases/").status == 404  # type: ignore[union-attr]


def test_the_pages_work_on_a_phone_in_english_and_without_scripts(sign_in: Callable[..., Page]) -> None:
    phone = sign_in("lin", viewport={"width": 375, "height": 740}, java_script_enabled=False)
    phone.goto("/cases/calls/new/")
    pick(phone, thoughts="passive")
    phone.locator("main form button.btn-primary").first.click()
    expect(phone.locator("h1")).to_contain_text("ZS-")
    phone.locator("footer button, footer a").last.click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")

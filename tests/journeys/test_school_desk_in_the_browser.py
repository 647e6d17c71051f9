"""A teacher reports on a telephone; the counsellor merges it, notes a session, and finds the student by initials."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.concern import Sign
from tests.cases.school_stage import report
from tests.journeys.disturbed import end_sessions, sign_in_beside, slow

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_from_a_teachers_telephone_to_a_note_in_the_students_file(
    running: SimpleNamespace, sign_in: Callable[..., Page]
) -> None:
    known = report("曾小雨", Sign.MARKS)
    teacher = sign_in("ding", **PHONE)
    teacher.goto("/concern/")  # the address of the poster
    teacher.get_by_label("学生姓名").fill("曾小雨")
    teacher.get_by_text("孤僻、没有朋友").tap()
    teacher.get_by_role("button", name="上报").tap()
    expect(teacher.get_by_role("status").filter(has_text="已收到")).to_be_visible()
    expect(teacher.locator("body")).not_to_contain_text("ZS-")
    teacher.go_back()  # whoever takes the telephone next reads nothing, and sends nothing twice
    expect(teacher.get_by_label("学生姓名")).to_have_value("")

    counsellor = sign_in("chen")
    expect(counsellor).to_have_url(counsellor.url.split("/cases/")[0] + "/cases/steps/")
    rows = counsellor.locator(".step", has_text="曾小雨")
    expect(rows).to_have_count(2)
    rows.filter(has_not_text=known.reference).get_by_role("link", name="曾小雨", exact=True).click()
    counsellor.get_by_role("link", name="关切并案").click()
    expect(counsellor.get_by_label(f"曾小雨 · {known.reference}")).to_be_checked()  # the only one of that name
    counsellor.get_by_role("button", name="并案").click()
    expect(counsellor.locator("h1")).to_have_text(known.reference)

    counsellor.get_by_role("link", name="登记面谈").first.click()
    counsellor.get_by_role("button", name="保存记录").click()
    expect(counsellor.locator("#faults")).to_be_focused()  # where the eye is
    asked: list[str] = []
    counsellor.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    counsellor.get_by_label("情况：").click()
    counsellor.keyboard.insert_text("说最近一个人坐着")
    counsellor.get_by_role(
        "link", name="家访", exact=True
    ).click()  # what nobody has yet is not left without a question
    expect(counsellor.get_by_label("情况：")).to_have_value("说最近一个人坐着")
    for _twice in range(2):  # and whoever stays can ask for the same again
        counsellor.get_by_role("button", name="English").click()
    assert asked == ["beforeunload"] * 3
    end_sessions(running)  # while she types
    counsellor.get_by_role("button", name="保存记录").click()
    expect(counsellor.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(counsellor, "chen")
    with slow(counsellor):
        counsellor.get_by_role("button", name="再次提交").click()  # once: the old token is no second press of hers
        expect(counsellor.get_by_text("记录已加密保存")).to_be_visible()

    counsellor.get_by_role("link", name="搜索").click()
    counsellor.get_by_label("姓名、学号").fill("zxy")
    counsellor.keyboard.press("Enter")
    counsellor.get_by_role("link", name=known.reference).click()
    counsellor.go_back()  # to look for another: no fault of the browser's, and nothing of what she looked for
    expect(counsellor.get_by_label("姓名、学号")).to_have_value("")
    counsellor.get_by_label("姓名、学号").fill("zxy")
    counsellor.keyboard.press("Enter")
    counsellor.get_by_role("link", name=known.reference).click()
    assert "zxy" not in counsellor.url
    counsellor.get_by_role("link", name="一生一档").click()
    expect(counsellor.locator("body")).not_to_contain_text("一个人坐着")
    counsellor.get_by_role("link", name="启封: 面谈").click()
    expect(counsellor.get_by_text("说最近一个人坐着")).to_be_visible()  # opened where it stands
    expect(counsellor.locator(".life-line")).to_have_count(4)

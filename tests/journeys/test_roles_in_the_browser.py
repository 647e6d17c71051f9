"""The desks that nobody thinks of first: a triage officer and a supervisor on a slow line, a hospital with an account and
one without, the bureau, two administrators, the auditor; a teacher, a counsellor, a crisis lead and a student at
school; the city's duty at night.

Slow network, none at all, a double click, two tabs, the way back, a session that ends while something is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from cases import actions as cases
from cases.models import AnswerTry, BreakGlass, Case, Entry, Restriction, Warning
from referrals.actions import make_link
from referrals.models import Referral, Step
from referrals.ticket import Ticket
from tests.cases.glass_stage import opened
from tests.cases.review_stage import harassed
from tests.journeys.disturbed import (
    A_MINUTE,
    SAID,
    again,
    end_sessions,
    said,
    sign_in_beside,
    slow,
    stopped_and_sent,
    two_clicks,
    without_a_line,
)
from tests.stage import YELLOW, acknowledged, actor, call, campaign, desk, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.people.models import Appointment, Role, Term
from wellbeing.registers.models import Incident
from wellbeing.workdays import now

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_triage_and_supervision_on_a_slow_line(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    case: Case = call()
    harassed()
    zhou = sign_in("zhou")

    # a slow line: the page says that it works, and a second click does nothing; nor does a tab that was left, or going back
    beside = zhou.context.new_page()
    beside.goto(reverse("acknowledge", args=[case.reference]))
    without_a_line(beside)
    zhou.goto("/cases/board/")
    take = zhou.locator(f"#take-{case.reference}")
    zhou.evaluate(SAID)
    with slow(zhou, latency_ms=800):
        two_clicks(take)
        expect(zhou.locator("h1")).to_contain_text(case.reference)
    assert "请留在本页" in said(zhou)
    expect(zhou.locator("#busy")).to_be_hidden()
    zhou.go_back()
    expect(zhou.locator("#board")).to_be_visible()
    expect(zhou.locator(f"#take-{case.reference}")).to_have_count(0)
    beside.locator("main form button.btn-primary").click()
    expect(beside.locator("main")).to_contain_text("已有人先行处理")
    beside.close()

    # a letter is typed, the session ends: nothing is lost, and the letter goes once
    zhou.goto(f"/referrals/open/{case.reference}/")
    zhou.locator("label:has(input[name=consent][value=given])").click()
    zhou.select_option("select[name=destination]", label="海云医院心理科(虚构)")
    zhou.fill("textarea[name=summary]", "两周失眠,今晚有计划")
    zhou.locator("button[name=look]").click()
    expect(zhou.locator("#preview")).to_contain_text("两周失眠")
    end_sessions(running)
    # what asks by itself leads nobody away from what was sent for a look, nor from what is typed
    for _turn in range(2):
        with zhou.expect_response("**/notices/"):
            pass
        zhou.fill("textarea[name=measures]", "母亲陪护")
    zhou.locator("button[name=look]").click()
    expect(zhou.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(zhou, "zhou")
    again(zhou)
    expect(zhou.locator("#preview")).to_contain_text("母亲陪护")
    zhou.locator("button[name=send]").click()
    expect(zhou.locator("h1")).to_contain_text("ZZ-")
    with identity(actor("zhou")):
        assert Referral.objects.filter(case=case).count() == 1

    # the supervisor, on a telephone: one number restricted from two tabs, and by the way back
    su = sign_in("su", **PHONE)
    other = su.context.new_page()
    for tab in (su, other):
        tab.goto("/cases/restricted/")
        tab.get_by_role("link", name="限制").first.tap()
        expect(tab.locator("h1")).to_have_text("限制来电号码")
    without_a_line(su)
    with slow(su):
        two_clicks(su.get_by_role("button", name="限制该号码"))
        expect(su.get_by_text("号码已限制")).to_be_visible()
    su.go_back()
    end_sessions(running)
    other.get_by_role("button", name="限制该号码").tap()
    expect(other.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(other, "su")
    again(other)
    expect(other.locator("main")).to_contain_text("已有人先行处理")
    su.goto("/cases/restricted/")
    su.get_by_role("link", name="解除").tap()
    su.get_by_role("button", name="解除限制").tap()
    expect(su.locator("main")).to_contain_text("没有受限号码")
    su.goto("/cases/desks/")  # the live desks say when they are not live
    stale = su.locator("[data-stale-for=live-desks]")
    su.context.set_offline(True)
    expect(stale).to_be_visible()
    su.context.set_offline(False)
    expect(stale).to_be_hidden()
    # without a line too a page goes with its session; what was typed and not sent stays, and nothing of the page besides
    su.clock.install()
    with su.expect_response("**/notices/"):  # what was heard before the line goes counts from then
        su.goto("/cases/shift/")
    su.locator("main textarea").fill("夜班请留意")
    expect(su.locator("nav")).to_be_visible()
    su.context.set_offline(True)
    su.clock.fast_forward("14:00")
    expect(su.locator("nav")).to_be_visible()
    su.clock.fast_forward("02:00")
    expect(su.locator("h1")).to_have_text("此页已清空")
    expect(su.locator("main textarea")).to_have_value("夜班请留意")
    assert "苏敏" not in su.content()
    su.context.set_offline(False)
    with identity(actor("su")):
        assert [one.ended for one in Restriction.objects.all()] == ["lifted"]


def _a_hospital_without_an_account(page: Page) -> None:
    """Two taps give the code once and receive once; what is typed outlives the line and the hour of the code."""
    referral, ticket = referred(acknowledged(YELLOW)), Ticket.issue()
    make_link(actor=actor("zhou"), referral=referral, ticket=ticket)
    sent: list[str] = []  # every address that leaves the browser, and where it says it comes from
    page.on("request", lambda one: sent.extend((one.url, one.headers.get("referer", ""))))
    door = reverse("link_door")
    page.goto(door)
    expect(page.locator("#token")).to_be_visible()  # without its address the key is pasted
    page.goto(f"{door}#{ticket.token}")  # the same page by now: nothing is loaded anew
    expect(page.locator("#token")).to_be_hidden()
    assert page.evaluate("() => location.pathname + location.hash") == door, "gone from the bar and from the history"
    page.fill("#code", ticket.code)
    button = page.locator("main form button.btn-primary").first
    with slow(page):
        two_clicks(button)
        expect(page.locator("h1")).to_have_text(referral.reference)
    two_clicks(button)
    at = page.locator("form:has([name=do][value=book]) input[name=at]")
    expect(at).to_be_visible()
    page.go_back()
    expect(at).to_be_visible()
    at.fill(page.evaluate("() => new Date(Date.now() + 57 * 36e5).toISOString().slice(0, 16)"))
    page.context.set_offline(True)
    button.click()
    expect(page.locator("#busy")).to_contain_text("内容没有发出")
    page.context.set_offline(False)
    page.context.clear_cookies(name="link-key")
    button.click()
    page.fill("#code", ticket.code)
    button.click()
    expect(at).not_to_have_value("")
    button.click()
    expect(page.locator("main")).to_contain_text("预约就诊")
    assert [steps(referral, state) for state in ("received", "appointment")] == [1, 1]
    assert len(sent) > 20 and not [at for at in sent if ticket.token in at.partition("#")[0] or ticket.code in at]


def test_a_hospital_and_the_bureau_on_a_slow_line(
    running: SimpleNamespace, sign_in: Callable[..., Page], chromium: Browser
) -> None:
    with chromium.new_context(base_url=running.url, locale="zh-CN") as context:
        _a_hospital_without_an_account(context.new_page())
    referral = referred()
    page = f"/referrals/{referral.reference}/"

    # the hospital: two clicks receive a letter once, and the way back receives nothing again
    fang = sign_in("fang", **PHONE)
    fang.goto(f"{page}receive/")
    with slow(fang):
        two_clicks(fang.locator("main form button.btn-primary"))
        expect(fang.locator("h1")).to_contain_text(referral.reference)
    fang.go_back()
    fang.locator("main form button.btn-primary, main a.btn").first.click()
    assert steps(referral, "received") == 1

    # the session ends in the middle of the report, which stands in two tabs: it goes once, and the second is told
    fang.goto(f"{page}book/")
    fang.fill("input[name=at]", fang.evaluate("() => new Date(Date.now() + 9 * 36e5).toISOString().slice(0, 16)"))
    fang.locator("main form button.btn-primary").click()
    expect(fang.locator("h1")).to_contain_text(referral.reference)
    tabs = (fang, fang.context.new_page())
    for tab in tabs:
        tab.goto(f"{page}feedback/")
        tab.locator("input[name=attended][value=yes]").check()
        tab.fill("textarea[name=conclusion]", "门诊随访")
    without_a_line(fang)
    end_sessions(running)
    fang.locator("main form button.btn-primary").click()
    expect(fang.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(fang, "fang")
    again(fang)
    expect(fang.locator("h1")).to_contain_text(referral.reference)
    tabs[1].locator("main form button.btn-primary").click()
    tabs[1].wait_for_load_state()
    if tabs[1].locator("h1").inner_text() == "尚未提交":
        again(tabs[1])
    expect(tabs[1].locator("main")).to_contain_text("已有人先行处理")
    assert steps(referral, "attended") == 1

    # the bureau: a term is opened once by two clicks
    shen = sign_in("shen", viewport={"width": 1366, "height": 768})
    shen.goto(reverse("open_term"))
    # in two tabs; the line is away, then the session ends: nothing typed is lost, and two clicks open it once
    other = shen.context.new_page()
    other.goto(reverse("open_term"))
    for tab in (shen, other):
        for name, value in {
            "name": "2026-2027学年第一学期",
            "first_day": "2026-09-01",
            "last_day": "2027-01-31",
        }.items():
            tab.fill(f"input[name={name}]", value)
    without_a_line(shen)
    end_sessions(running)
    two_clicks(shen.locator("main form button.btn-primary"))
    expect(shen.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(shen, "shen")
    with slow(shen):
        again(shen)
        expect(shen.locator("main")).to_contain_text("学期已开设")
    other.locator("main form button.btn-primary").click()
    other.wait_for_load_state()
    if other.locator("h1").inner_text() == "尚未提交":
        again(other)
    expect(other.locator("input[name=name]")).to_have_value("2026-2027学年第一学期")  # refused, and kept
    # the way back leads to the form, which sent again is refused and opens nothing more
    other.goto(reverse("open_term"))
    for answer in ("学期已开设", "重叠"):
        for name, value in {
            "name": "2026-2027学年第二学期",
            "first_day": "2027-02-22",
            "last_day": "2027-07-02",
        }.items():
            other.fill(f"input[name={name}]", value)
        other.locator("main form button.btn-primary").click()
        expect(other.locator("main")).to_contain_text(answer)
        if answer == "学期已开设":
            other.go_back()
    with identity(actor("shen")):
        assert Term.objects.count() == 2
    assert shen.goto("/cases/").status == 404  # type: ignore[union-attr]

    # a file, a place on the page and a page beside it leave a page as it is and say nothing; a link that leads away does
    shen.goto(reverse("oversight"))
    shen.evaluate(SAID)
    with shen.expect_download():
        shen.locator("a[data-file]").first.click()
    shen.locator(".skip").press("Enter")
    with shen.context.expect_page() as beside:
        shen.get_by_role("link", name="师资配备", exact=True).click(modifiers=["Control"])
    beside.value.wait_for_load_state()
    assert said(shen) == ""
    with slow(shen, latency_ms=1_500):
        shen.get_by_role("link", name="师资配备", exact=True).click()
        expect(shen.locator("h1")).to_contain_text("教师配备")
    assert "正在打开页面" in said(shen)
    shen.go_back()
    expect(shen.locator("#busy")).to_be_hidden()


def _bad_day(running: SimpleNamespace, page: Page, who: str, address: str, typed: tuple[str, str], done: str) -> None:
    """A form in two tabs, each sent once: no line, a slow one and two clicks, the way back, a session that ends."""
    field, text = typed
    other = page.context.new_page()
    for tab, words in ((page, text), (other, f"{text},另一页")):
        tab.goto(address)
        tab.fill(f"[name={field}]", words)
        if field == "name":
            tab.locator("label", has_text="孤僻、没有朋友").click()
    without_a_line(page, seconds=60 if A_MINUTE else 0)
    with slow(page):
        two_clicks(page.locator("main form button.btn-primary"))
        expect(page.locator("main")).to_contain_text(done)
    page.go_back()
    expect(page.locator(f"[name={field}]")).to_be_visible()
    end_sessions(running)
    other.locator("main form button.btn-primary").click()
    expect(other.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(other, who)
    again(other)
    expect(other.locator("main")).to_contain_text(done)
    other.close()


def test_a_teacher_a_counsellor_and_a_crisis_lead_on_a_bad_day(
    running: SimpleNamespace, sign_in: Callable[..., Page]
) -> None:
    """One form each."""
    _bad_day(running, sign_in("ding", **PHONE), "ding", reverse("report_concern"), ("name", "曾小雨"), "已收到")
    with identity(actor("chen")):
        first, _second = Case.objects.order_by("pk")  # each tab once
    chen = sign_in("chen")  # all sessions end on the teacher's day
    session = reverse("log_session", args=[first.reference])
    _bad_day(running, chen, "chen", session, ("free", "说最近一个人坐着"), "记录已加密保存")
    with identity(actor("chen")):
        assert Entry.objects.filter(kind="session").count() == 2

    # the crisis lead: the counsellor opens her the cover; it leads to nothing that was said
    lead = {
        "to": desk("xinghe", Role.SCHOOL_CRISIS_LEAD),
        "hold": Hold.SEE,
        "because": "请分管校领导知悉并陪同家长谈话",
    }
    cases.grant_access(actor=actor("chen"), case=first, until=now() + timedelta(days=7), **lead)
    qiu = sign_in("qiu", **PHONE)
    qiu.get_by_role("button", name="不需要").tap()
    qiu.get_by_role("link", name=first.reference).first.tap()
    expect(qiu.locator("h1")).to_have_text(first.reference)
    expect(qiu.locator("main")).not_to_contain_text("曾小雨")
    assert qiu.goto(f"/cases/{first.reference}/file/").status == 404  # type: ignore[union-attr]
    story = ("text", "八年级一名学生在天台徘徊,已由老师带离")
    _bad_day(running, qiu, "qiu", reverse("report_incident"), story, "事件已登记")
    with identity(actor("zhou")):
        assert Incident.objects.count() == 2


def test_the_citys_duty_at_night(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    """Four reds of no county at once, and an opening to judge: each is taken, and judged, once."""
    reds, glass = [call(division="") for _red in range(4)], opened()
    he = sign_in("he", viewport={"width": 1366, "height": 768})
    he.goto("/cases/board/")
    expect(he.locator("#board a[id^=row-]")).to_have_count(4)
    beside = he.context.new_page()
    beside.goto(reverse("acknowledge", args=[reds[0].reference]))
    without_a_line(beside, seconds=60 if A_MINUTE else 0)
    with slow(he):
        two_clicks(he.locator(f"#take-{reds[0].reference}"))
        expect(he.locator("h1")).to_contain_text(reds[0].reference)
    he.go_back()
    expect(he.locator("#board [id^=take-]")).to_have_count(3)
    beside.locator("main form button.btn-primary").click()
    expect(beside.locator("main")).to_contain_text("已有人先行处理")

    # the opening stands in both tabs when the session ends
    tabs = (he, beside)
    for tab in tabs:
        tab.goto(reverse("review_glass", args=[glass.pk]))
        tab.locator("input[name=verdict][value=justified]").check()
    end_sessions(running)
    two_clicks(he.locator("main form button.btn-primary"))
    expect(he.locator("h1")).to_have_text("尚未提交")
    sign_in_beside(he, "he")
    again(he)
    expect(he.locator("main")).to_contain_text("复核结论已记录")
    beside.locator("main form button.btn-primary").click()
    beside.wait_for_load_state()
    if beside.locator("h1").inner_text() == "尚未提交":
        again(beside)
    expect(beside.locator("main")).to_contain_text("已有人先行处理")
    with identity(actor("he")):
        assert [one.reviewed_by_id for one in BreakGlass.objects.all()] == [actor("he").id]
        assert Warning.objects.filter(acknowledged_by_id=actor("he").id).count() == 1


def test_a_student_hands_in_with_two_taps(running: SimpleNamespace, chromium: Browser) -> None:
    """Her pages have no script that would hold the second tap back: both reach the server, and she must not lose the
    help that stands there."""
    _campaign, ((_one, words),) = campaign("S1", codes=["phq9"])
    context = chromium.new_context(base_url=running.url, locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(reverse("answer"))
    page.fill("#code", words["code"])
    two_clicks(page.locator("button.btn-primary"))
    for number in (1, 2, 3):
        expect(page.locator("progress")).to_have_attribute("value", str(number))
        for line in page.locator("fieldset").all():
            line.locator("input[value='1']").check()
        if number < 3:
            page.locator("button.btn-primary").click()
    with slow(page):
        two_clicks(page.locator("button.btn-primary"))
        expect(page.locator("h1")).to_have_text("谢谢，答完了。")
    expect(page.locator(".answer-help.is-shown")).to_contain_text("2912345")
    context.close()
    with identity(Actor.machine("test")):
        assert Event.objects.filter(act="cases:screening:answer").count() == 1 and not AnswerTry.objects.exists()


def steps(referral: Referral, state: str) -> int:
    """How often a referral came to a state."""
    with identity(actor("zhou")):
        return Step.objects.filter(referral=referral, state=state).count()


def test_two_administrators_and_the_auditor(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    # a post is proposed from two tabs, without a line, by two clicks and over a session's end: it waits once
    sun = sign_in("sun")
    sun.get_by_role("link", name="马洛里").click()
    sun.get_by_role("link", name="任命", exact=True).click()
    address = sun.url
    tabs = (sun, sun.context.new_page())
    tabs[1].goto(address)
    for tab in tabs:
        tab.select_option("select[name=desk]", str(desk("bailang", Role.SCHOOL_COUNSELLOR).pk))
        tab.fill("textarea[name=because]", "代产假")
    without_a_line(sun)
    end_sessions(running)
    sun.locator("main form button.btn-primary").click()
    sign_in_beside(sun, "sun")
    with slow(sun):
        two_clicks(sun.get_by_role("button", name="再次提交"))
        expect(sun.locator("main")).to_contain_text("待第二人复核")
    sun.go_back()  # past the page that kept what was typed
    expect(sun).to_have_url(address)
    expect(sun.locator("textarea[name=because]")).to_be_visible()
    tabs[1].locator("main form button.btn-primary").click()
    if tabs[1].locator("h1").inner_text() == "尚未提交":
        again(tabs[1])
    expect(tabs[1].locator("main")).to_contain_text("已提交任命")
    expect(tabs[1].locator("textarea[name=because]")).to_have_value("代产假")
    with identity(actor("sun")):
        appointment = Appointment.objects.get(because="代产假")
    assert sun.goto(reverse("confirm_appointment", args=[appointment.pk])).status == 404  # type: ignore[union-attr]

    # the second person, likewise: the post begins once, and whoever comes second is told
    an = sign_in("an")
    tabs = (an, an.context.new_page())
    for tab in tabs:
        tab.goto(reverse("appointments"))
        tab.get_by_role("link", name="确认", exact=True).click()
        tab.fill("textarea[name=because]", "校长来电核实")
    without_a_line(an)
    with slow(an):
        stopped_and_sent(an.locator("main form button.btn-primary"))
        expect(an.locator("main")).to_contain_text("任命已生效")
    an.go_back()
    expect(an.locator("main")).to_contain_text("马洛里")
    end_sessions(running)
    tabs[1].locator("main form button.btn-primary").click()
    sign_in_beside(tabs[1], "an")
    again(tabs[1])
    expect(tabs[1].locator("main")).to_contain_text("校长来电核实")  # what was typed is given back
    expect(tabs[1].locator("main")).to_contain_text("已有人先行处理")
    with identity(actor("an")):
        assert appointment.user.posts.count() == 1

    # who only looks: what she looks for outlives a line and a session, is recorded once, and the way back is no fault
    jian = sign_in("jian")
    expect(jian.locator("h1")).to_have_text("审计")
    jian.fill("input[name=person]", "an")
    without_a_line(jian)
    with slow(jian):
        two_clicks(jian.get_by_role("button", name="搜索"))
        expect(jian.locator("main table")).to_contain_text("安")
    with identity(Actor.machine("test")):
        assert Event.objects.filter(act=Tag.AUDIT_SEARCHED).count() == 1
    jian.locator("a.help-link").click()
    jian.go_back()
    expect(jian.locator("h1")).to_have_text("审计")
    jian.fill("input[name=person]", "an")
    end_sessions(running)
    jian.get_by_role("button", name="搜索").click()
    sign_in_beside(jian, "jian")
    again(jian)
    expect(jian.locator("main table")).to_contain_text("安")
    assert "an" not in jian.url.split("/")[-1], "who was looked for stands in no address"
    assert jian.goto("/cases/").status == 404  # type: ignore[union-attr]

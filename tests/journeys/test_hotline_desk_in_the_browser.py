"""A call at the desk with the keyboard alone, on a bad day: the line drops, the tab closes, the session ends, two tabs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Route, expect

from cases.models import Call, Draft
from tests.exchange.stage import NUMBER, rang, seated
from tests.journeys.conftest import enter_as
from tests.journeys.disturbed import A_MINUTE, SAID, end_sessions, said, slow, two_clicks
from wellbeing.access.actor import Actor, identity

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AWAY_SECONDS = 60 if A_MINUTE else 3

# Everything that this browser keeps, as text: bytes of what is sealed, letter by letter.
KEPT = """async () => {
  const db = await new Promise((done) => { const r = indexedDB.open("wellbeing", 1); r.onsuccess = () => done(r.result); });
  const rows = await new Promise((done) => {
    const r = db.transaction("drafts").objectStore("drafts").getAll(); r.onsuccess = () => done(r.result); });
  db.close();
  return rows.map((row) => new TextDecoder().decode(row.sealed));
}"""


def state(page: Page, wanted: str) -> None:
    expect(page.locator("#sheet")).to_have_attribute("data-state", wanted)


def talk_without_a_line(page: Page) -> str:
    """Type as long as the line is away, and say what was typed."""
    said, until = "", time.monotonic() + AWAY_SECONDS
    page.locator("#id_done").focus()
    page.context.set_offline(True)
    while time.monotonic() < until:
        page.keyboard.type("ting ", delay=40)
        said += "ting "
        page.wait_for_timeout(300)
    state(page, "offline")
    page.context.set_offline(False)
    return said


def test_a_call_on_a_bad_day(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    lin = sign_in("lin")
    context = lin.context

    # with the keyboard alone, in the order of talk; a grave answer changes the screen at once
    lin.goto("/cases/calls/new/")
    lin.keyboard.type("13900001234\n11")
    expect(lin.locator("#timer")).to_have_attribute("data-state", "running")
    expect(lin.locator("#alarm")).to_be_hidden()
    lin.keyboard.press("F2")
    lin.keyboard.type("23")  # no act under way; thinks of ending her life
    expect(lin.locator("#alarm")).to_contain_text("不要挂断")
    lin.keyboard.type("11")
    expect(lin.locator("#alarm")).to_contain_text("110")
    expect(lin.locator("#proposal")).to_contain_text("红色")
    state(lin, "saved")
    sheet = lin.url
    assert re.search(r"/cases/calls/[0-9a-f-]{36}/$", sheet), "reloading and going back lead to the draft"
    with identity(Actor.machine("ticker")):
        assert Draft.objects.get().tier == "red"

    # the line is away and she types on; nothing is asked of her, and all of it is there when it is back
    typed = talk_without_a_line(lin)
    state(lin, "saved")
    with identity(Actor.machine("ticker")):
        assert Draft.objects.count() == 1
    expect(lin.locator("#id_done")).to_have_value(typed)

    # it drops again, the tab is closed, and what was typed meanwhile is there
    lin.locator("#id_narrative").focus()
    context.set_offline(True)
    lin.keyboard.insert_text("他在码头,一个人")
    state(lin, "offline")
    kept = "".join(lin.evaluate(KEPT))
    assert kept and "码头" not in kept and "13900001234" not in kept, "it lies here sealed"
    lin.close()
    context.set_offline(False)
    lin = context.new_page()
    lin.goto(sheet)
    expect(lin.locator("#id_narrative")).to_have_value("他在码头,一个人")
    state(lin, "saved")
    lin.wait_for_function(f"async () => !(await ({KEPT})()).length")  # what the server has is not kept twice

    # a second window writes too: both texts, and the person decides
    other = context.new_page()
    other.goto(sheet)
    other.locator("#id_done").fill("请同事拨打110")
    state(other, "saved")
    lin.locator("#id_done").fill("联系母亲")
    state(lin, "conflict")
    expect(lin.locator("[data-conflict]")).to_contain_text("联系母亲")
    expect(lin.locator("[data-conflict]")).to_contain_text("请同事拨打110")
    lin.locator("[data-conflict] input[value=theirs]").check()
    lin.locator("[data-conflict] button").click()
    state(lin, "saved")
    expect(lin.locator("#id_done")).to_have_value("请同事拨打110")
    other.close()

    # the session ends in the middle of the sheet
    end_sessions(running)
    lin.locator("#id_protective").fill("妹妹")
    state(lin, "signed-out")
    expect(lin.locator("[data-say=signed-out].banner")).to_be_visible()
    again = context.new_page()
    enter_as(again, "lin")
    again.close()
    state(lin, "saved")

    # the notice goes while the caller is still on the line, though the line drops just then; the sheet stays
    context.set_offline(True)
    lin.keyboard.press("Control+Enter")
    state(lin, "will-log")
    context.set_offline(False)
    expect(lin.locator("#logged")).to_contain_text("ZS-")
    expect(lin).to_have_url(sheet)
    with identity(Actor.machine("ticker")):
        draft = Draft.objects.get()
    assert draft.case_id and not draft.ended_at and not draft.tier, "told, and nobody is rung for the draft any more"
    lin.locator("#id_school").focus()
    context.set_offline(True)
    lin.keyboard.insert_text("沈家门中学")
    state(lin, "offline")
    lin.close()
    context.set_offline(False)
    lin = context.new_page()
    lin.goto(sheet)
    expect(lin.locator("#id_school")).to_have_value("沈家门中学")
    expect(lin.locator("#logged")).to_be_visible()
    state(lin, "saved")

    # two clicks on a slow line, one case, and the page says that it works; the way back leads to it
    lin.evaluate(SAID)
    with slow(lin, latency_ms=800):
        two_clicks(lin.locator(".call-keys button.btn-primary"))
        expect(lin.locator("h1")).to_contain_text("ZS-")
    assert "请留在本页" in said(lin)
    case = lin.url
    with identity(Actor.machine("ticker")):
        draft = Draft.objects.get()
    assert draft.ended_at and draft.sealed is None
    lin.go_back()
    expect(lin).to_have_url(case)
    lin.goto(case + "file/")
    for text in ("他在码头", "请同事拨打110", "妹妹", "沈家门中学", "1 个较早版本"):
        expect(lin.locator("main")).to_contain_text(text)
    from tests.stage import actor

    with identity(actor("lin")):
        assert Call.objects.count() == 1

    # no red is left without a word to the next shift
    lin.goto("/cases/calls/new/")
    expect(lin.locator("[data-draft-kept]")).to_be_hidden()
    lin.locator(".frame-end details").last.click()
    lin.locator(".frame-end form button").last.click()
    expect(lin.locator("h1")).to_have_text("交接班")
    lin.locator("#id_text").fill("一例红色,母亲在路上")
    lin.keyboard.press("Tab")
    lin.keyboard.press("Enter")
    lin.get_by_role("button", name="退出登录").last.click()
    expect(lin).to_have_url(re.compile("/sign-in/"))


def test_one_key_takes_the_call_at_her_own_seat(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    seated("8001", "lin", ago=timedelta(hours=1))
    rang("before", ended=False, ago=timedelta(minutes=31), seat="8002")  # a colleague's
    ring = rang("hers", ended=False, ago=timedelta(seconds=80))
    lin = sign_in("lin")
    lin.goto("/cases/calls/new/")
    expect(lin.locator("[data-take] kbd:visible")).to_have_count(1)
    lin.keyboard.press("F7")
    expect(lin.locator("#id_caller_number")).to_have_value(NUMBER)
    expect(lin.locator("[name=ring]")).to_have_value(str(ring.pk))
    begun = ring.answered_at.timestamp()
    shown = "() => document.querySelector('#timer output').textContent.split(':').reduce((all, one) => 60 * all + Number(one), 0)"
    lin.wait_for_function(
        f"() => Math.abs(({shown})() - (Date.now() / 1000 - {begun})) < 3"
    )  # no rounding to the minute


def test_what_takes_long_or_cannot_be_renewed_says_so(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    lin = sign_in("lin")
    lin.goto("/cases/calls/new/")
    alarm, proposal, sending = (lin.locator(one) for one in ("#alarm", "#proposal", "[data-sending]"))
    stale = {part: lin.locator(f"[data-stale-for={part}]") for part in ("line-now", "proposal", "seen")}
    for note in stale.values():
        expect(note).to_be_hidden()

    # a proposal, and then none: the page says of when it is, keeps the alarm, and asks again by itself
    lin.locator("#id_caller_number").fill("13900001234")
    lin.keyboard.press("F2")
    lin.keyboard.type("23")  # no act under way; thinks of ending her life
    expect(proposal).to_have_class(re.compile("is-yellow"))
    refused = re.compile(r"/(proposal|line|seen)/(\?|$)")
    lin.route(refused, lambda route: route.fulfill(status=503))
    lin.keyboard.type("11")  # each answer is orange by itself; that together they are red only the server says
    expect(alarm).to_have_attribute("data-tier", "orange")
    expect(stale["proposal"]).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(stale["line-now"]).to_be_visible()
    lin.locator("#id_caller_number").fill("13900001235")
    lin.keyboard.press("Tab")
    expect(stale["seen"]).to_be_visible()
    expect(proposal).to_have_class(re.compile("is-yellow"))
    expect(alarm).to_be_visible()
    lin.unroute(refused)
    expect(proposal).to_have_class(re.compile("is-red"))
    for note in stale.values():
        expect(note).to_be_hidden()

    # no answer at all is said too, though nothing has failed yet, and though she goes on answering
    silent: list[Route] = []
    lin.route(re.compile("/proposal/$"), lambda route: silent.append(route))
    lin.keyboard.press("F2")
    for _answer in range(6):
        lin.keyboard.type("1")
        lin.wait_for_timeout(900)
    expect(stale["proposal"]).to_be_visible(timeout=2_500)  # four seconds after the first answer, not after the last
    lin.unroute(re.compile("/proposal/$"))
    lin.keyboard.type("1")
    expect(stale["proposal"]).to_be_hidden()

    # the gravest act: said at once, then that it takes long; a second press sends nothing twice
    held: list[Route] = []
    lin.route(
        "**/cases/calls/**",
        lambda route: held.append(route) if "goes_on=1" in (route.request.post_data or "") else route.continue_(),
    )
    state(lin, "saved")
    lin.keyboard.press("Control+Enter")
    expect(sending.locator("[data-say=sending]")).to_be_visible(timeout=1_500)
    lin.keyboard.press("Control+Enter")
    expect(sending).to_contain_text(re.compile("内容已妥善保存.*([2-9]|1[0-5]) s"))
    assert len(held) == 1
    held[0].continue_()
    expect(lin.locator("#logged")).to_contain_text("ZS-")
    expect(sending).to_have_text("", use_inner_text=True)


def test_what_a_field_cannot_take_is_said_and_stands_beneath_it(sign_in: Callable[..., Page]) -> None:
    """A browser cuts a paste without a word; nothing of it is lost here, and what fits is sent as ever."""
    page = sign_in("lin")
    page.goto("/cases/calls/new/")
    whole = "海" * 7_990 + "\n" + "潮" * 60
    other = page.context.new_page()
    other.set_content("<textarea></textarea>")
    other.fill("textarea", whole)
    other.focus("textarea")
    other.keyboard.press("Control+A")
    other.keyboard.press("Control+C")
    other.close()
    page.focus("#id_narrative")
    page.keyboard.press("Control+V")
    note = page.locator("#id_narrative + .too-long")
    expect(note).to_contain_text("8000")
    kept, rest = page.input_value("#id_narrative"), note.locator("textarea").input_value()
    assert (len(kept), kept + rest) == (8_000, whole)
    page.keyboard.type("ab")
    assert note.locator("textarea").input_value() == rest + "ab", "nor is what is typed at the end"
    note.locator("button").click()
    expect(note).to_have_count(0)
    expect(page.locator("#id_narrative")).to_be_focused()

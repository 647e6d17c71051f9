"""An assessment and a referral with the keyboard alone: where the focus stands is seen, and few keys lead there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from cases.models import Assessment
from referrals.models import Referral
from tests.stage import acknowledged, actor
from wellbeing.access.actor import identity

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
expect.set_options(timeout=30_000)  # a browser, a server and two machines share few cores

# What hides the focus from the eye: no ring (of an answer it is drawn around its words), or a place outside the window
# or under something else.
HIDDEN = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), line = (one, part) => {
    const style = getComputedStyle(one, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const ringed = line(at) || (at.matches(".choice input") && line(at.nextElementSibling, "::after"));
  const inside = box.top >= 0 && box.left >= 0 && box.top < innerHeight && box.right <= innerWidth;
  const over = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
  const free = over && (at.contains(over) || over.contains(at) || (over.closest("label") || {}).control === at);
  return ringed && inside && free ? "" : `${at.outerHTML.slice(0, 160)}: ${[ringed, inside, Boolean(free)]}`;
}"""


class Keyboard:
    """Somebody without a pointer, who sees after each key where she is; `keys` is how many she has pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            with suppress(PlaywrightTimeout):  # a page may take a moment to move there
                self.page.wait_for_function(f"() => !({HIDDEN})()", timeout=5_000)
            assert not (hidden := self.page.evaluate(HIDDEN)), f"after {key}: {hidden}"

    def to(self, wanted: Locator, *, most: int) -> None:
        """Tab until it has the focus, at most so many times."""
        for _turn in range(most):
            self.press("Tab")
            if wanted.evaluate("(one) => one === document.activeElement"):
                return
        pytest.fail(f"{most} times Tab do not lead to {wanted}")

    def write(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def follow(self, key: str = "Enter") -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.keys += 1


def test_an_assessment_and_a_referral_without_a_pointer(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    case = acknowledged()
    zhou = sign_in("zhou", viewport={"width": 1366, "height": 768})
    zhou.goto(f"/cases/{case.reference}/")
    hand = Keyboard(zhou)

    # past the frame in one step, to the act, and through its questions by the keys beside the answers
    hand.press("Tab", "Enter")
    hand.to(zhou.get_by_role("link", name="风险评估", exact=True), most=8)
    hand.follow()
    expect(zhou.locator("#id_face_to_face")).to_be_focused()
    hand.press("Space", "Enter", "3", "1", "1", "1", "Backspace", "1")
    for _question in range(7):
        hand.press("Enter")
    expect(zhou.locator("#id_protective")).to_be_focused()
    hand.write("想再见到奶奶")
    hand.press("Tab", "Tab")
    expect(zhou.get_by_role("button", name="重新评估风险")).to_be_focused()
    hand.follow()
    expect(zhou.locator("h1")).to_contain_text(case.reference)
    with identity(actor("zhou")):
        made = Assessment.objects.get(case=case, entry__author__username="zhou")
    assert made.face_to_face and made.proposed == "red"
    assert hand.keys <= 35, hand.keys

    # the letter: a destination by its first letters or the arrow, consent by the arrow; looked at, and sent from below it
    before = hand.keys
    hand.press("Tab", "Enter")
    hand.to(zhou.get_by_role("link", name="绿色通道转介"), most=8)
    hand.follow()
    hand.press("Tab", "Enter")
    hand.to(zhou.locator("#id_destination"), most=4)
    while zhou.locator("#id_destination option:checked").inner_text() != "海云医院心理科(虚构)":
        hand.press("ArrowDown")
    hand.to(zhou.locator("#id_consent input").first, most=4)
    hand.press("Space")
    hand.to(zhou.locator("#id_summary"), most=2)
    hand.write("两周失眠,今晚有计划")
    hand.to(zhou.get_by_role("button", name="预览对方所见"), most=8)
    hand.follow()
    expect(zhou.locator("#preview")).to_be_focused()
    expect(zhou.locator("#preview")).to_contain_text("两周失眠")
    hand.to(zhou.locator("button[name=send]"), most=2)
    hand.follow()
    expect(zhou.locator("h1")).to_contain_text("ZZ-")
    with identity(actor("zhou")):
        assert Referral.objects.filter(case=case).count() == 1
    assert hand.keys - before <= 40, hand.keys - before


def test_enter_in_a_field_looks_again_and_never_sends(running: SimpleNamespace, sign_in: Callable[..., Page]) -> None:
    """What was looked at has changed by then: nobody would have read what goes."""
    case = acknowledged()
    zhou = sign_in("zhou")
    zhou.goto(f"/referrals/open/{case.reference}/")
    zhou.select_option("#id_destination", label="海云医院心理科(虚构)")
    zhou.check("#id_consent input[value=given]")
    zhou.fill("#id_summary", "两周失眠")
    zhou.click("button[name=look]")
    zhou.fill("#id_summary", "两周失眠,夜里独自外出")
    expect(zhou.locator("button[name=send]")).to_be_hidden()
    zhou.locator("#id_summary").press("Tab")
    zhou.locator("form#letter input:not([type=hidden]):not([type=radio])").first.press("Enter")
    expect(zhou.locator("#preview")).to_contain_text("夜里独自外出")
    with identity(actor("zhou")):
        assert not Referral.objects.exists()


def test_a_narrow_screen_has_the_alarm_before_the_sheet_for_the_keyboard_too(
    running: SimpleNamespace, sign_in: Callable[..., Page]
) -> None:
    lin = sign_in("lin", viewport={"width": 390, "height": 844})
    lin.goto("/cases/calls/new/")
    lin.locator("[name=act_now][value=yes]").check(force=True)
    alarm = lin.locator("#alarm")
    expect(alarm).to_be_visible()
    lin.locator(".call-now button:visible").last.focus()
    lin.keyboard.press("Tab")
    expect(alarm).to_be_focused()
    lin.set_viewport_size({"width": 1366, "height": 768})  # three columns: the sheet, and then its helps with the alarm
    later = "() => document.querySelector('#save').compareDocumentPosition(document.querySelector('#alarm')) & 4"
    lin.wait_for_function(later)
    expect(alarm).to_be_visible()

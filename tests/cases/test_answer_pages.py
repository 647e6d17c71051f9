"""Students answer with a one-time code: nothing stays in the browser, a code works once, help stands there at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.instruments import PAPERS
from cases.models import AnswerTry, Case, ScreeningResult, Warning
from cases.tick import end_campaigns
from tests.stage import actor, campaign, policy
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.outbox.models import Notice
from wellbeing.vault.models import DataKeyRow

MACHINE = Actor.machine("test")
HELP = "0580-2912345"


def visitor() -> Client:
    return Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)


def fields(page: str) -> dict[str, str]:
    """What the form of a page carries unseen."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def hand_in(code: str, value: Any, client: Client | None = None) -> Any:
    """Answer every question; `value` gives the answer of (paper, item), or None for one that is left out."""
    client = client or visitor()
    answer = client.post(reverse("answer"), {"code": code})
    for _page in range(30):
        page = answer.content.decode()
        asked = dict.fromkeys(re.findall(r'type="radio" name="([^"]+)"', page))
        if not asked:
            return answer
        given = {name: value(*name.split("-", 1)) for name in asked}
        data = {**fields(page), **{k: str(v) for k, v in given.items() if v is not None}, "go": "on"}
        answer = client.post(reverse("answer"), data)
    raise AssertionError("the pages do not end")


def test_answers_become_results_and_a_warning_and_the_counsellor_is_told(db: None) -> None:
    _campaign, roll = campaign("S1", "S2")
    (_one, words), (_two, other) = roll
    answer = hand_in(words["code"], lambda paper, item: 1 if item == "better_off_dead" else 0)
    page = answer.content.decode()
    assert answer.status_code == 200 and "answer-help is-shown" in page and HELP in page
    hand_in(other["code"], lambda paper, item: 0)
    with identity(MACHINE):
        assert sorted(ScreeningResult.objects.values_list("instrument", flat=True)) == ["gad7", "gad7", "phq9", "phq9"]
        assert list(Case.objects.values_list("tier", flat=True)) == ["yellow"]
        assert Warning.objects.filter(ended_at=None).count() == 1
        told = Notice.objects.filter(kind="screening_flag")
        assert [notice.desk_id for notice in told] == [actor("chen").desks[0]]


def test_the_counsellor_is_told_of_a_student_whose_case_stands_as_high_already(db: None) -> None:
    """Nothing rises, so nobody is warned anew; that she waits for a talk is to be heard all the same."""
    for other in (0, 1):
        _campaign, ((_one, words),) = campaign("S1", title=f"第{other}次")
        hand_in(words["code"], lambda paper, item, other=other: 3 if item == "better_off_dead" else other)
    with identity(MACHINE):
        assert list(Case.objects.values_list("tier", flat=True)) == ["orange"]
        assert Notice.objects.filter(kind="screening_flag", desk_id=actor("chen").desks[0]).count() == 2


def test_nothing_is_kept_in_the_browser(db: None) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    client = visitor()
    first = client.get(reverse("answer"))
    page = client.post(reverse("answer"), {"code": words["code"]})
    for answer in (first, page, hand_in(words["code"], lambda *_: 0, client)):
        assert answer["Cache-Control"] == "no-store"
        assert '"cache"' in answer["Clear-Site-Data"]
        assert not answer.cookies and not client.cookies
    text = page.content.decode()
    assert "示例S1" not in text and "<script" not in text and words["code"] not in page.request["PATH_INFO"]


def test_a_code_works_once_as_typed_with_or_without_dashes(db: None) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    typed = words["code"].replace("-", "").lower()
    assert visitor().post(reverse("answer"), {"code": typed}).status_code == 200
    hand_in(typed, lambda *_: 0)
    again = visitor().post(reverse("answer"), {"code": words["code"]})
    assert again.status_code == 422
    with identity(MACHINE):
        assert ScreeningResult.objects.count() == 2


def test_handed_in_twice_it_counts_once_and_the_help_stays(db: None, wait: Any) -> None:
    """Two taps, or a page that is sent again because the line was slow."""
    _campaign, ((_one, words),) = campaign("S1")
    last = {"code": words["code"], "step": "99", "phq9-better_off_dead": "1"}
    first, second = visitor().post(reverse("answer"), last), visitor().post(reverse("answer"), last)
    for answer in (first, second):
        assert answer.status_code == 200 and "answer-help is-shown" in answer.content.decode()
    assert (first.context["again"], second.context["again"]) == (False, True)
    with identity(MACHINE):
        assert Event.objects.filter(act="cases:screening:answer").count() == 1 and not AnswerTry.objects.exists()
    wait(minutes=11)
    assert visitor().post(reverse("answer"), last).status_code == 422


def test_wrong_codes_are_counted_and_then_wait(db: None, wait: Any) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    policy(answer_tries=5)
    for _try in range(5):
        assert visitor().post(reverse("answer"), {"code": "ZZZZ-ZZZZ"}).status_code == 422
    assert visitor().post(reverse("answer"), {"code": words["code"]}).status_code == 422
    with identity(MACHINE):
        assert AnswerTry.objects.count() == 5
    wait(minutes=11)
    assert visitor().post(reverse("answer"), {"code": words["code"]}).status_code == 200


def test_wrong_codes_of_one_address_keep_no_other_one_waiting_behind_a_proxy(db: None, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    _campaign, ((_one, words),) = campaign("S1")
    policy(answer_tries=5)
    for _try in range(6):
        wrong = visitor().post(reverse("answer"), {"code": "ZZZZ-ZZZZ"}, headers={"X-Forwarded-For": "10.2.0.1"})
    assert wrong.status_code == 422
    for step in ("9" * 5000, "²", ""):  # nor does a step that is none break anything
        answered = {"code": words["code"], "step": step}
        page = visitor().post(reverse("answer"), answered, headers={"X-Forwarded-For": "10.2.0.2"})
        assert page.status_code == 200 and page.context["step"] == 0


def test_whoever_opted_out_and_whoever_comes_too_late_is_not_asked(db: None, wait: Any) -> None:
    from cases.actions import record_opt_out

    made, roll = campaign("S1", "S2")
    record_opt_out(actor=actor("chen"), student_id=roll[0][0].pk, takes_part=False)
    assert visitor().post(reverse("answer"), {"code": roll[0][1]["code"]}).status_code == 422
    record_opt_out(actor=actor("chen"), student_id=roll[0][0].pk, takes_part=True)
    assert visitor().post(reverse("answer"), {"code": roll[0][1]["code"]}).status_code == 200
    assert end_campaigns() == 0
    wait(hours=24)
    assert visitor().post(reverse("answer"), {"code": roll[1][1]["code"]}).status_code == 422
    assert end_campaigns() == 1
    with identity(MACHINE):
        assert DataKeyRow.objects.filter(owner_kind="batch").count() == 0
    assert made.pk


def test_a_signed_yes_is_waited_for(db: None) -> None:
    from cases.actions import record_opt_out

    _campaign, ((one, words),) = campaign("S1", consent="signed")
    assert visitor().post(reverse("answer"), {"code": words["code"]}).status_code == 422
    record_opt_out(actor=actor("chen"), student_id=one.pk, takes_part=True)
    assert visitor().post(reverse("answer"), {"code": words["code"]}).status_code == 200


def test_what_is_left_out_is_missing_and_a_critical_answer_still_speaks(db: None) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    hand_in(words["code"], lambda paper, item: 2 if item == "better_off_dead" else None)
    with identity(MACHINE):
        assert list(Case.objects.values_list("tier", flat=True)) == ["orange"]


@pytest.mark.parametrize("forged", ["4", "-1", "x", "2; DROP"])
def test_an_answer_that_the_paper_does_not_have_is_none(db: None, forged: str) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    hand_in(words["code"], lambda paper, item: forged)
    with identity(MACHINE):
        assert Case.objects.count() == 0


def test_the_way_back_keeps_what_was_answered(db: None) -> None:
    _campaign, ((_one, words),) = campaign("S1")
    client = visitor()
    page = client.post(reverse("answer"), {"code": words["code"]}).content.decode()
    name = re.findall(r'type="radio" name="([^"]+)"', page)[0]
    page = client.post(reverse("answer"), {**fields(page), name: "2", "go": "on"}).content.decode()
    assert fields(page)[name] == "2"
    page = client.post(reverse("answer"), {**fields(page), "go": "back"}).content.decode()
    assert re.search(rf'name="{name}" value="2" checked', page)


def test_the_adolescent_form_asks_its_own_words(db: None) -> None:
    _campaign, ((_one, words),) = campaign("S1", codes=["phqa"])
    page = visitor().post(reverse("answer"), {"code": words["code"]}).content.decode()
    assert PAPERS["phqa"].questions[0].text.zh in page
    hand_in(
        words["code"], lambda paper, item: "yes" if item == "ever_attempt" else "no" if item.startswith("ser") else 0
    )
    with identity(MACHINE):
        assert list(Case.objects.values_list("tier", flat=True)) == ["yellow"]
        assert Event.objects.filter(act="cases:screening:answer").count() == 1

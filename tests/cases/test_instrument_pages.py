"""Instruments over HTTP: chosen, filled in, heard at once, and nothing typed is lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases.instruments import INSTRUMENTS, PAPERS
from cases.models import Case
from tests.stage import GREEN, call, fresh
from wellbeing.people.models import User

NONE = dict.fromkeys(INSTRUMENTS["phq9"].items, "0")


@pytest.fixture
def case(db: None) -> Case:
    return call(GREEN)


@pytest.fixture
def lin(db: None) -> Client:
    made = Client(HTTP_HOST="127.0.0.1")
    made.force_login(User.objects.get(username="lin"))
    return made


def address(case: Case, paper: str = "", name: str = "record_instrument") -> str:
    return reverse(name, args=[case.reference]) + (f"?paper={paper}" if paper else "")


def test_every_paper_opens_in_both_languages(case: Case, lin: Client) -> None:
    shown = lin.get(address(case)).content.decode()
    for code, paper in PAPERS.items():
        assert paper.title.zh in shown
        assert paper.questions[0].text.zh in lin.get(address(case, code)).content.decode().replace("&quot;", '"')
    lin.post(reverse("language"), {"language": "en", "next": "/"})
    assert PAPERS["asq"].questions[0].text.en in lin.get(address(case, "asq")).content.decode()


def test_a_critical_answer_speaks_before_the_form_is_finished_and_nothing_is_kept(case: Case, lin: Client) -> None:
    shown = lin.post(address(case, "phq9", "instrument_reading"), {"better_off_dead": "1"}).content.decode()
    assert "关键题为阳性：现在就谈" in shown and "黄色" in shown and "1 / 9" in shown and "不计分" in shown
    assert fresh(case).tier == "green"
    calm = lin.post(address(case, "phq9", "instrument_reading"), NONE).content.decode()
    assert ("关键题为阳性" not in calm and "极轻" in calm) or "无" in calm


def test_the_reading_of_a_paper_belongs_to_those_who_work_on_the_case(case: Case) -> None:
    for name in ("gao", "ye", "mallory"):
        other = Client(HTTP_HOST="127.0.0.1")
        other.force_login(User.objects.get(username=name))
        assert other.post(address(case, "phq9", "instrument_reading"), NONE).status_code == 404
    assert Client(HTTP_HOST="127.0.0.1").post(address(case, "phq9", "instrument_reading")).status_code == 302


def test_a_paper_is_recorded_once_and_shown_in_the_file(case: Case, lin: Client) -> None:
    values = {**NONE, "down": "2", "better_off_dead": "1", "key": str(uuid4())}
    assert lin.post(address(case, "phq9"), values).status_code == 302
    assert lin.post(address(case, "phq9"), values).status_code == 302
    assert fresh(case).tier == "yellow"
    shown = lin.get(reverse("case_file", args=[case.reference])).content.decode()
    assert shown.count("PHQ-9 抑郁自评量表") == 1 and "有不如死掉或用某种方式伤害自己的念头：1 · 好几天" in shown


def test_a_missing_critical_answer_is_refused_beside_it_and_nothing_typed_is_lost(case: Case, lin: Client) -> None:
    values = {code: value for code, value in NONE.items() if code != "better_off_dead"} | {"sleep": "3"}
    answer = lin.post(address(case, "phq9"), {**values, "key": str(uuid4())})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "如果对方不愿回答，请改做风险评估" in shown
    assert (
        'name="sleep" value="3" checked' in " ".join(shown.split())
        or 'value="3" class="" id="id_sleep_3" checked' in shown
        or 'id="id_sleep_3" checked' in shown
    )


def test_numbers_out_of_range_are_refused_beside_their_field(case: Case, lin: Client) -> None:
    for paper, values in (("hotline", {"total": "17"}), ("mssmhs", {"anxiety": "5.5"}), ("sdq", {"norm": "x"})):
        answer = lin.post(address(case, paper), {**values, "key": str(uuid4())})
        assert (
            answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
        ) or "has-fault" in answer.content.decode()

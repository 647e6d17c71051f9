"""The rota as its people use it, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.rota.scenes import dinghai, hour, rows, shift, user_id
from wellbeing.people.models import User
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.spoken import hours
from wellbeing.workdays import TIMEZONE, now


@pytest.fixture
def browse(db: None) -> Any:
    def client(name: str) -> Client:
        made = Client(HTTP_HOST="127.0.0.1")
        made.force_login(User.objects.get(username=name))
        return made

    return client


def page(client: Client, **query: Any) -> str:
    answer = client.get(reverse("rota"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def typed(begin: float) -> str:
    return hour(begin).astimezone(TIMEZONE).strftime("%Y-%m-%dT%H:%M")


def test_an_empty_rota_says_so_and_a_planned_one_shows_persons_gaps_and_who_is_there(browse: Any, wait: Any) -> None:
    zhou = browse("zhou")
    assert "尚无岗位排班" in page(zhou) and "无人值班" not in page(zhou)
    shift("zhou", 0, 8)
    wait(hours=2)
    shown = page(zhou)
    assert "周宁(定海分诊)" in shown and "无人值班：" in shown and "在岗" in shown
    assert "周宁(定海分诊)" in page(browse("fang")), "everybody sees who is on duty where"
    assert "周宁(定海分诊)" in browse("lin").get(reverse("new_call")).content.decode(), "and the call sheet says it"


def test_a_shift_is_planned_asked_about_taken_over_and_dropped(browse: Any) -> None:
    zhou, luo = browse("zhou"), browse("luo")
    address = reverse("plan_shift", args=[dinghai().pk])
    values = {"key": str(uuid4()), "user_id": user_id("zhou"), "starts_at": typed(1), "ends_at": typed(9)}
    assert zhou.post(address, values).status_code == 302
    assert zhou.post(address, values).status_code == 302, "sent twice it is planned once"
    (made,) = rows(Shift)
    assert (
        zhou.post(reverse("ask_swap", args=[made.pk]), {"key": str(uuid4()), "to_user_id": user_id("luo")}).status_code
        == 302
    )
    (question,) = rows(Swap)
    assert "周宁(定海分诊)请您接班" in page(luo) and "请您接班" not in page(zhou)
    answer = reverse("answer_swap", args=[question.pk])
    assert luo.post(answer, {"key": str(uuid4()), "accept": "yes"}).status_code == 302
    assert rows(Shift)[0].user_id == user_id("luo")
    assert luo.post(reverse("drop_shift", args=[made.pk]), {"key": str(uuid4())}).status_code == 302
    assert rows(Shift) == []


def test_a_week_is_planned_and_a_fault_keeps_what_was_typed(browse: Any) -> None:
    zhou, address = browse("zhou"), reverse("plan_week", args=[dinghai().pk])
    values = {
        "key": str(uuid4()),
        "first_day": now().date().isoformat(),
        "weeks": 2,
        "weekdays": [0, 1, 2, 3, 4, 5, 6],
        "starts_1": "08:00",
        "ends_1": "20:00",
        "starts_2": "20:00",
        "ends_2": "08:00",
        "person_1": user_id("zhou"),
        "person_2": user_id("zhou"),
    }
    answer = zhou.post(address, values)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "此人重复出现" in shown and 'value="08:00"' in shown
    answer = zhou.post(address, {**values, "person_2": "", "ends_2": ""})
    assert answer.status_code == 422 and "请把班次的起止时间填全" in answer.content.decode()
    assert zhou.post(address, {**values, "person_2": user_id("luo")}).status_code == 302
    assert len(rows(Shift)) in (26, 27, 28), "the shifts of today that have begun already are left out"


def test_an_address_that_names_nothing_is_not_found(browse: Any) -> None:
    zhou = browse("zhou")
    for name in ("plan_shift", "plan_week", "drop_shift", "ask_swap", "answer_swap"):
        for reference in ("x", "999999", str(uuid4())):
            assert zhou.get(reverse(name, args=[reference])).status_code == 404, (name, reference)
    for query in ({"desk": "x"}, {"first": "x"}, {"first": "9999-12-31"}, {"first": "0001-01-01"}):
        page(zhou, **query)


def test_a_fault_of_the_door_stands_beside_its_field(browse: Any) -> None:
    one = shift("zhou", 0, 8)
    shift("luo", 2, 4)
    answer = browse("zhou").post(
        reverse("ask_swap", args=[one.pk]), {"key": str(uuid4()), "to_user_id": user_id("luo")}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422 and "此人在这段时间已在本岗位值班" in shown


def test_a_night_says_on_which_day_it_began_and_ends() -> None:
    night = (datetime(2026, 11, 26, 20, tzinfo=TIMEZONE), datetime(2026, 11, 27, 8, tzinfo=TIMEZONE))
    with override("zh-hans"):
        assert hours(*night, date(2026, 11, 26)) == "20:00–次日 08:00"
        assert hours(*night, date(2026, 11, 27)) == "前一日 20:00–08:00"  # on the first day of a page

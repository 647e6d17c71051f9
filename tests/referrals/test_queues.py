"""Whose turn it is: each desk sees what waits for it, the highest tier and the soonest due first, and who holds it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Deadline
from cases.tick import tick
from referrals import actions
from referrals.flow import REFERRAL, TURN
from referrals.models import Referral
from referrals.queues import by_duty, queue, reached
from tests.api.stage import program
from tests.referrals.triage_stage import sent, submitted
from tests.rota.scenes import shift
from tests.stage import RED, YELLOW, actor, clocks, desk, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.destinations import load_destinations
from wellbeing.people.models import Role, User
from wellbeing.workdays import add_workdays, now


def started(referral: Referral, kind: str) -> datetime:
    with identity(Actor.machine("test")):
        return Deadline.objects.get(case=referral.case_id, kind=kind).started_at


def waiting(name: str) -> list[str]:
    who = actor(name)
    with identity(who):
        return [one.reference for one in queue(who)]


def test_the_turn_goes_round_and_ends_with_the_referral(db: None) -> None:
    referral = submitted(YELLOW)
    mine = [referral.reference]
    assert (waiting("zhou"), waiting("chen"), waiting("fang")) == (mine, [], [])
    actions.ask_for_more(actor=actor("zhou"), referral=referral, fields=["age"])
    assert (waiting("zhou"), waiting("chen")) == ([], mine)
    actions.take_over(actor=actor("zhou"), referral=referral)
    assert (waiting("zhou"), waiting("chen")) == (mine, [])
    sent(fresh(referral))
    assert (waiting("zhou"), waiting("fang"), waiting("ye")) == ([], mine, [])
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert (waiting("zhou"), waiting("fang")) == ([], [])
    assert fresh(referral).due_at is None


def test_red_stands_before_yellow_and_says_what_is_due_and_who_holds_it(db: None) -> None:
    low, high = submitted(YELLOW), submitted(RED)
    assert waiting("luo") == [high.reference, low.reference]
    luo, cursor, seen = program("luo"), "", list[str]()
    while cursor is not None:  # the API gives the same, page after page
        page = luo.get(f"referrals/waiting?limit=1&after={cursor}").json()
        seen, cursor = [*seen, *(one["reference"] for one in page["items"])], page["next"]
    assert seen == waiting("luo")
    actions.accept_referral(actor=actor("zhou"), referral=low)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="luo"))
    page = client.get(reverse("referral_list")).content.decode()
    assert "轮到我处理" in page and page.index(high.reference) < page.index(low.reference)
    assert "对转介作出分诊决定" in page and "周宁" in page


def test_the_report_starts_the_clock_of_the_plan_and_the_plan_stops_it(db: None, wait: Any) -> None:
    referral, fang, zhou = referred(), actor("fang"), actor("zhou")
    actions.receive(actor=fang, referral=referral)
    actions.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    actions.record_feedback(actor=fang, referral=referral, attended=True, words={"seen": "yes"})
    reported = fresh(referral)
    assert reported.due_kind == "return_plan"
    assert reported.due_at == add_workdays(started(reported, "return_plan"), 3), "three working days (PRACTICE.md 4.4)"
    wait(days=9)
    tick(), tick()
    with identity(zhou):
        assert reached([reported])[referral.pk].deadline.kind == "return_plan"
    plan = {"desk": desk("xinghe", Role.SCHOOL_COUNSELLOR), "manager": User.objects.get(username="chen")}
    actions.return_to_school(actor=zhou, referral=reported, words={"advice": "减半作业"}, **plan)
    planned = fresh(referral)
    assert planned.due_kind == "channel" and clocks(referral.case)["return_plan"] == "met"


def test_the_hospital_sees_until_when_without_seeing_the_case(db: None) -> None:
    referral = referred()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="fang"))
    page = client.get(reverse("referral_list")).content.decode()
    assert referral.reference in page and fresh(referral).due_kind == "appointment" and "data-due" in page


def test_every_open_state_is_somebodys_turn() -> None:
    assert set(TURN) == set(REFERRAL.states) - set(REFERRAL.final) - {REFERRAL.initial}


def test_the_page_asks_as_much_of_the_database_for_eight_as_for_two(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("referral_list")).content.decode()
        assert "可转往哪里" in page
        return len(asked)

    submitted(RED), submitted(YELLOW)
    queries()
    few = queries()
    for _ in range(6):
        submitted(YELLOW)
    assert queries() == few


def test_beside_the_queue_stand_places_duty_and_the_way(db: None, wait: Any) -> None:
    load_destinations()
    shift("tao", 0, 8, by="tao", at=desk("beichen-hospital", Role.HOSPITAL_LIAISON))
    wait(hours=2)
    with identity(actor("zhou")):
        first, *others = by_duty("330902")
    assert first.duty and first.desk.organisation.code == "beichen-hospital"
    assert [one.desk.organisation.code for one in others] == ["city-centre", "haiyun-hospital"]
    assert {one.duty for one in others} == {None} and first.places and first.places[0] == first.places[1] > 0
    referral = submitted(RED)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    page = client.get(reverse("referral_list")).content.decode()
    assert "陆路直达" in page and "40 分钟" in page and "当前有人值班" in page
    assert "星河初级中学" in page and "定海区" in page and referral.reference in page
    client.force_login(User.objects.get(username="fang"))
    assert "可转往哪里" not in client.get(reverse("referral_list")).content.decode()


def test_all_three_see_the_same_timeline_and_how_far_the_clock_has_come(db: None, wait: Any) -> None:
    referral = submitted(RED)
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    wait(days=1)
    tick(), tick()
    pages = {}
    for name in ("chen", "zhou", "fang"):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username=name))
        pages[name] = client.get(reverse("referral", args=[referral.reference])).content.decode()
        assert "海云医院" in pages[name] and "超时" in pages[name] and "is-late" in pages[name]
        assert "第 1 级" in pages[name] or "第 2 级" in pages[name], name
    lines = {name: re.findall(r'<ol class="trail">(.*?)</ol>', page, re.S)[0] for name, page in pages.items()}
    assert lines["chen"] == lines["zhou"] and lines["zhou"].count("<li>") == 3
    assert "星河" in lines["zhou"] and "星河" not in pages["fang"], "the school is a field of the letter"

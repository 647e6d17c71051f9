"""The staffing board over the demo city's two terms: figures, since when, what it takes, and its pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.people.scenes import HALF, MACHINE, confirmed, filed, locked, submitted, teacher, term
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.city import SCHOOLS
from wellbeing.demo.returns import load_returns
from wellbeing.people import actions
from wellbeing.people.models import Division, Organisation, Term, User
from wellbeing.people.staffing import StageKind
from wellbeing.people.staffing_policy import StaffingPolicy
from wellbeing.reports.staffing_board import PAGE, staffing_board, what_if

pytestmark = pytest.mark.django_db


def board(of: Term, **more: Any) -> dict[str, Any]:
    with identity(actor("shen")):
        return staffing_board(of, **more)


def terms() -> tuple[Term, Term]:
    load_returns()
    with identity(MACHINE):
        new, old = Term.objects.order_by("-first_day")
    return old, new


def test_the_demo_city_in_both_terms() -> None:
    old, new = terms()
    last, this = board(old)["total"], board(new)["total"]
    # 15 schools must; last term waiyu did not report, and 9 had somebody
    assert (last.required, last.met, last.missing, last.unreported) == (15, 9, 6, 1)
    # this term xinghe and bailang, who have one, have not reported either
    assert (this.required, this.met, this.missing, this.unreported) == (15, 7, 8, 3)


def test_one_person_in_two_schools_is_one_head() -> None:
    old, _new = terms()
    people = board(old)["people"]
    numbers = [number for one in SCHOOLS for number, *_rest in one.staff]
    assert people["all"] == len(set(numbers)) == len(numbers) - 1


def test_which_school_how_many_and_since_when() -> None:
    first = term("first", date(2025, 9, 1), date(2026, 1, 20))
    confirmed("xinghe", teacher("T1"), of=first)
    confirmed("bailang", of=first)
    locked(first)
    second = term("second", date(2026, 2, 20), date(2026, 7, 1))
    for code in ("xinghe", "bailang"):
        confirmed(code, of=second)
    locked(second)
    third = term("third")
    for code in ("xinghe", "bailang"):
        submitted(code, of=third)
    lines = {line["name"]: line for line in board(third)["schools"]}
    assert (lines["星河初级中学"]["missing"], lines["星河初级中学"]["since"]) == (1, "second")
    assert lines["白浪初级中学"]["since"] == "first"
    assert lines["云帆小学"]["since"] is None, "it has not reported: nothing is known"


def test_the_board_is_read_in_pages_and_by_division() -> None:
    made = term()
    everything = board(made, show="all")
    assert everything["found"] == 20 <= PAGE
    assert board(made, show="all", page=2)["schools"] == []
    dinghai = board(made, show="all", division="330902")
    assert {line["division"] for line in dinghai["schools"]} == {"定海区"} and dinghai["found"] == 6


def test_a_functional_area_counts_in_its_county() -> None:
    with identity(Actor.machine("test")):
        Division.objects.create(
            code="330999", name="功能区", name_en="Area", counts_for_target=False, part_of_id="330902"
        )
        Organisation.objects.filter(code="haimen").update(division_id="330999")
    rows = {row["code"]: row["required"] for row in board(term())["divisions"]}
    assert "330999" not in rows and rows["330902"] == 6


def test_leave_certificates_and_sharing_as_of_the_day_of_the_term() -> None:
    made = term()
    submitted("xinghe", teacher("T1", leave_from=date(2026, 9, 1)))
    submitted("penghai", teacher("T2", fte=HALF), stage=StageKind.SENIOR)
    submitted("bailang", teacher("T2", fte=HALF))
    submitted("lulan", teacher("T4", valid_until=date(2026, 9, 2), qualification="b"))
    submitted("dengta", teacher("T5", valid_until=date(2027, 9, 2), qualification="b"))
    found = {line["name"]: line["verdict"] for line in board(made, show="all")["schools"]}
    assert [found[name] for name in ("星河初级中学", "蓬海高级中学", "白浪初级中学", "鹿栏初级中学", "灯塔初级中学")] == [
        "on_leave", "shared", "shared", "unqualified", "met",
    ]  # fmt: skip


def test_a_change_of_the_rules_counts_at_once_but_not_for_a_locked_term(wait: Any) -> None:
    first = term("first", date(2025, 9, 1), date(2026, 1, 20))
    confirmed("qihang", stage=StageKind.VOCATIONAL, of=first)
    first = locked(first)
    second = term("second")
    before = [board(one)["total"].required for one in (first, second)]
    wait(minutes=1)
    actions.change_staffing_policy(actor=actor("shen"), policy=StaffingPolicy(vocational=False), because="试行")
    after = [board(one)["total"].required for one in (first, second)]
    assert (after[0], after[1]) == (before[0], before[1] - 1)


def test_what_it_takes_moves_inside_a_county_first() -> None:
    made = term()
    submitted("yunfan", teacher("T1"), teacher("T2"), stage=StageKind.PRIMARY, enrolment=1200)
    submitted("xinghe")
    submitted("bailang")
    with identity(actor("shen")):
        rows = {row["name"]: row for row in what_if(made)}
    assert [(m["source"], m["to"]) for m in rows["定海区"]["moves"]] == [("云帆小学", "星河初级中学")]
    assert (rows["定海区"]["hired"], rows["定海区"]["silent"]) == (0, 3)
    assert rows["普陀区"]["hires"] == [("白浪初级中学", 1)]


def test_the_pages_in_the_browser_of_the_administrator() -> None:
    shen = Client(HTTP_HOST="127.0.0.1")
    shen.force_login(User.objects.get(username="shen"))
    assert "尚未开设学期" in shen.get(reverse("staffing")).content.decode()
    assert shen.get(reverse("staffing_what_if")).status_code == 404
    old, _new = terms()
    shown = shen.get(reverse("staffing"), {"term": old.pk, "show": "all"}).content.decode()
    assert "7 / 15" not in shown and "云帆小学" in shown and "缺 1 名" in shown
    assert "自2025-2026学年第二学期起缺" in shown
    for query in ({"term": "x"}, {"page": "99999999"}, {"division": "'"}, {"show": "x"}, {"page": "-1"}):
        assert shen.get(reverse("staffing"), query).status_code == 200, query
    assert "需新配" in shen.get(reverse("staffing_what_if"), {"term": old.pk}).content.decode()


def test_the_return_of_a_merged_school_does_not_count() -> None:
    made = term()
    before = board(made)["total"].required
    submitted("xinghe", merged_into=filed("yunfan").school, enrolment=0)
    assert board(made)["total"].required == before - 1


def test_what_is_kept_is_worked_out_anew_after_every_change_and_shown_to_nobody_else() -> None:
    made = term()
    total = board(made)["total"]
    assert board(made)["total"] is total, "kept while nothing changes"
    submitted("xinghe", teacher("T1"))
    after = board(made)["total"]
    assert (after.met, after.unreported) == (total.met + 1, total.unreported - 1)
    with identity(actor("zhou")):
        assert staffing_board(made)["total"].required == 5, "what row-level security shows her, not what was kept"
    actions.send_back_return(actor=actor("zhou"), staffing_return=filed("xinghe"), because="x")
    assert board(made)["total"].met == total.met

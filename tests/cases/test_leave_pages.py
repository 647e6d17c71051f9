"""The pages of leave and return: the panel of the case, a form per step, what is wrong beside its field, the print."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from cases.leave import LEAVE, Move
from cases.models import Case
from referrals import actions as referrals
from tests.cases.leave_stage import begun, day, leave_of, on_leave, returned, take, weighed
from tests.pdf.reading import text
from tests.stage import RED, YELLOW, acknowledged, actor, clocks, managed, referred, signed_in
from wellbeing.people.models import User
from wellbeing.workdays import now


def page(client: Client, name: str, case: Case) -> str:
    return client.get(reverse(name, args=[case.reference])).content.decode()


def test_the_school_begins_at_its_own_desk_and_the_panel_shows_the_way(db: None) -> None:
    case, chen = managed(YELLOW), signed_in("chen")
    address = reverse("begin_leave", args=[case.reference])
    assert address in page(chen, "case", case) and "白浪初级中学" not in chen.get(address).content.decode()
    desk = User.objects.get(username="chen").posts.get().desk_id
    form = {"key": uuid4(), "desk": desk, "noticed": "", "school_days": "21"}
    refused = chen.post(address, form)
    assert refused.status_code == 422 and "请填写发现的情况" in refused.content.decode()
    assert 'value="21"' in refused.content.decode()
    assert chen.post(address, {**form, "key": uuid4(), "noticed": "三周未到校"}).status_code == 302
    shown = page(chen, "case", case)
    assert "第 1 次休学与复学" in shown and "休学四步" in shown and "复学五步" not in shown
    assert reverse("leave_assess", args=[case.reference]) in shown and address not in shown
    assert "三周未到校" not in shown


def test_the_county_chooses_among_the_schools_of_its_division(db: None) -> None:
    shown = page(signed_in("zhou"), "begin_leave", acknowledged(YELLOW))
    assert "星河初级中学" in shown and "白浪初级中学" not in shown


def test_every_step_that_is_possible_has_its_button_and_no_other(db: None) -> None:
    case = weighed()
    take(case, "refuse")
    shown = page(signed_in("chen"), "case", case)
    offered = {step for step in Move if reverse(f"leave_{step}", args=[case.reference]) in shown}
    assert offered == {step for step in Move if LEAVE.allows("refused", step)} == {"submit", "extend", "call_off"}
    assert reverse("appeal_return", args=[case.reference]) in shown and "不通过" in shown
    assert reverse("follow_leave", args=[case.reference]) in shown


def test_a_page_whose_step_is_not_possible_says_where_the_leave_stands(db: None) -> None:
    case = managed(YELLOW)
    begun(case)
    assert "当前状态：发现识别" in page(signed_in("chen"), "leave_review", case)


def test_a_refusal_on_the_page_keeps_what_was_typed(db: None) -> None:
    case, chen = weighed(), signed_in("chen")
    address = reverse("decide_return", args=[case.reference])
    form = {"key": uuid4(), "outcome": "refuse", "note": "与家长谈过", "look_again": day(20).isoformat()}
    refused = chen.post(address, form)
    text = refused.content.decode()
    assert refused.status_code == 422 and "请说明还缺什么" in text and "与家长谈过" in text
    assert chen.post(address, {**form, "key": uuid4(), "missing": ["support"]}).status_code == 302
    assert leave_of(case).state == "refused"


def test_no_form_of_a_return_takes_a_file_or_more_than_the_list(db: None) -> None:
    case = on_leave()
    text = page(signed_in("chen"), "leave_submit", case)
    assert 'type="file"' not in text and text.count('name="materials"') == 4


def test_the_plan_prints_without_a_name_a_tier_or_the_record(db: None) -> None:
    case, chen = returned(), signed_in("chen")
    assert reverse("return_plan_print", args=[case.reference]) in page(chen, "case", case)
    sheet = page(chen, "return_plan_print", case).split('class="sheet plan"')[1].split("</section>")[0]
    assert "减半作业" in sheet and "独处" in sheet
    assert "小禾" not in sheet and "橙" not in sheet and case.reference not in sheet


def test_the_plan_is_a_pdf_of_the_same_words(db: None) -> None:
    case = returned()
    answer = signed_in("chen").get(reverse("return_plan_pdf", args=[case.reference]))
    assert answer["Content-Disposition"] == f'inline; filename="{case.reference}-return-plan.pdf"'
    read = text(answer.content)
    assert "减半作业" in read and "独处" in read and "2912345" in read
    assert "小禾" not in read and case.reference not in read
    assert signed_in("wu").get(reverse("return_plan_pdf", args=[case.reference])).status_code == 404


def test_a_leave_without_a_referral_has_its_papers(db: None) -> None:
    case, chen = managed(YELLOW), signed_in("chen")
    blank = reverse("leave_paper", args=[case.reference, "leave"])
    assert chen.get(blank).status_code == 404, "no leave, no paper"
    begun(case)
    assert reverse("leave_papers", args=[case.reference]) in page(chen, "case", case)
    listed = page(chen, "leave_papers", case)
    for code, title in (("leave", "休学申请"), ("return-application", "复学申请"), ("return-assessment", "复学")):
        address = reverse("leave_paper", args=[case.reference, code])
        shown = chen.get(address).content.decode()
        assert address in listed and title in shown and "星河初级中学" in shown and case.reference in shown
        assert "小禾" not in shown
        assert title in text(chen.get(reverse("leave_paper_pdf", args=[case.reference, code])).content)
        assert signed_in("wu").get(address).status_code == 404
    assert chen.get(reverse("leave_paper", args=[case.reference, "slip"])).status_code == 404


def test_the_county_begins_with_what_the_hospital_reported_and_never_its_conclusion(db: None) -> None:
    case = on_leave(managed(RED))
    referral = referred(case)
    fang = actor("fang")
    referrals.receive(actor=fang, referral=referral)
    referrals.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    words = {"seen": "yes", "advice": "可半天返校", "conclusion": "中度抑郁发作"}
    referrals.record_feedback(actor=fang, referral=referral, attended=True, words=words)
    take(case, Move.SUBMIT)
    take(case, Move.REVIEW)
    shown = page(signed_in("zhou"), "weigh_return", case)
    assert "可半天返校" in shown and "中度抑郁" not in shown
    assert signed_in("chen").get(reverse("weigh_return", args=[case.reference])).status_code == 404


def test_a_contact_is_recorded_from_its_clock(db: None) -> None:
    case, chen = on_leave(), signed_in("chen")
    address = reverse("follow_leave", args=[case.reference])
    assert address in page(chen, "case", case)
    form = {"key": uuid4(), "reached": "yes", "talker": "counsellor", "going": "作息恢复"}
    assert chen.post(address, form).status_code == 302
    assert clocks(case)["leave_contact"] == "running"

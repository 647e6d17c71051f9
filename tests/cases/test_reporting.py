"""Written reports: their order, what they take from the record, and their prints; a fault beside its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cases import actions
from cases.mandatory import Authority, Ground
from cases.models import Case, ReportKind, WrittenReport
from cases.telling import How, Told, Whom
from tests.cases.test_safety_plan import PLAN
from tests.pdf.reading import own_words, text
from tests.stage import YELLOW, acknowledged, actor, clocks, signed_in
from wellbeing.errors import Invalid


def write(case: Case, kind: ReportKind, summary: str = "已脱离危险") -> WrittenReport:
    made: WrittenReport = actions.write_report(
        actor=actor("zhou"), case=case, kind=kind, words={"summary": summary, "next_steps": "明天家访"}
    )
    return made


def test_first_follow_up_and_final_report_in_their_order(db: None) -> None:
    case = acknowledged()
    for kind in (ReportKind.NEXT,):
        with pytest.raises(Invalid):
            write(case, kind)
    assert clocks(case)["first_report"] == "running"
    assert write(case, ReportKind.FIRST).number == 1
    assert (clocks(case)["first_report"], clocks(case)["next_report"]) == ("met", "running")
    with pytest.raises(Invalid):
        write(case, ReportKind.FIRST)
    assert write(case, ReportKind.NEXT).number == 2
    assert write(case, ReportKind.FINAL).number == 3
    assert clocks(case)["next_report"] == "met"
    with pytest.raises(Invalid):
        write(case, ReportKind.NEXT)
    with pytest.raises(Invalid) as refused:
        write(acknowledged(), ReportKind.FIRST, summary=" ")
    assert refused.value.field == "summary"


def test_a_case_with_reports_closes_after_the_final_one(db: None) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.UNKNOWN, words={"note": "没有说"})
    write(case, ReportKind.FIRST)
    with pytest.raises(Invalid, match="reason"):
        actions.close_case(actor=zhou, case=case, reason="handed_to_health")
    write(case, ReportKind.FINAL)
    actions.close_case(actor=zhou, case=case, reason="handed_to_health")


def test_the_report_takes_times_and_tellings_from_the_record_and_no_name(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={"name": "渔妈妈"})
    actions.plan_safety(actor=zhou, case=case, words=PLAN)
    write(case, ReportKind.FIRST)
    page = signed_in("zhou").get(reverse("report_print", args=[case.reference])).content.decode()
    for shown in ("初报", "已脱离危险", "监护人", "电话", "县区中心", "制定了安全计划", "红色"):
        assert shown in page, shown
    for name in ("小渔", "渔妈妈", "灯塔"):
        assert name not in page, name


def test_the_plan_and_the_report_are_pdfs_of_the_same_words(db: None) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    actions.plan_safety(actor=actor("zhou"), case=case, words=PLAN)
    write(case, ReportKind.FIRST)
    plan = zhou.get(reverse("safety_plan_pdf", args=[case.reference])).content
    assert all(words in text(plan) for words in PLAN.values()) and "2912345" in text(plan)
    assert case.reference not in text(plan) + own_words(plan) and "小渔" not in text(plan)
    report = zhou.get(reverse("report_pdf", args=[case.reference]))
    assert "已脱离危险" in text(report.content) and case.reference in text(report.content)
    assert report["Content-Disposition"] == f'inline; filename="{case.reference}-report.pdf"'
    assert "已脱离危险" not in own_words(report.content)


@pytest.mark.parametrize("name", ["safety_plan_print", "report_print", "safety_plan_pdf", "report_pdf"])
def test_what_was_never_written_is_not_found(db: None, name: str) -> None:
    case = acknowledged()
    assert signed_in("zhou").get(reverse(name, args=[case.reference])).status_code == 404
    assert signed_in("ye").get(reverse(name, args=[case.reference])).status_code == 404


FORMS: dict[str, dict[str, Any]] = {
    "tell": {"whom": "guardian", "told": "endangers", "note": ""},
    "plan_safety": {"stays": "妈妈，到明早"},
    "report_mandatory": {"ground": "other", "authority": "police", "at": "2090-01-01T10:00", "note": "已报警"},
    "note_receipt": {"note": "已报警"},
    "write_report": {"kind": "first", "summary": "", "measures": "已联系家长"},
    "pause_clock": {"kind": "first_meeting", "why": "weather", "because": ""},
}
BESIDE = {
    "tell": ("note", "请写明原因"),
    "plan_safety": ("signs", "请至少写一步"),
    "report_mandatory": ("at", "这个时间在将来"),
    "note_receipt": ("receipt_no", "请填写回执编号"),
    "write_report": ("summary", "请简要写明目前情况"),
    "pause_clock": ("because", "暂停计时必须写明原因"),
}


@pytest.mark.parametrize("name", FORMS)
def test_one_sentence_stands_beside_its_field_and_nothing_typed_is_lost(db: None, name: str) -> None:
    from uuid import uuid4

    case = acknowledged()
    if name == "note_receipt":
        actions.report_mandatory(
            actor=actor("zhou"), case=case, ground=Ground.OTHER, authority=Authority.POLICE, words={}
        )
    answer = signed_in("zhou").post(reverse(name, args=[case.reference]), FORMS[name] | {"key": str(uuid4())})
    page, (field, sentence) = answer.content.decode(), BESIDE[name]
    assert answer.status_code == 422
    fault = page[page.index(f'id="id_{field}_error"') :]
    assert sentence in fault[: fault.index("</ul>")]
    for value in FORMS[name].values():
        assert value in page

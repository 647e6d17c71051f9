"""Reports: mandatory ones with their receipt, written ones from the record, and the safety plan with its print."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.mandatory import AUTHORITY_TEXT, GROUND_TEXT, Authority, Ground
from cases.models import Case, Entry, MandatoryReport, ReportKind, WrittenReport
from cases.safety_plan import CODES, STEPS
from cases.telling import How, Told, Whom
from tests.pdf.reading import own_words, text
from tests.stage import YELLOW, acknowledged, actor, clocks
from wellbeing.access.actor import identity
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User

PLAN = {"signs": "一个人待着", "helpers": "奶奶", "stays": "妈妈，到明早"}


def client(name: str) -> Client:
    made = Client(HTTP_HOST="127.0.0.1")
    made.force_login(User.objects.get(username=name))
    return made


def write(case: Case, kind: ReportKind, summary: str = "已脱离危险") -> WrittenReport:
    made: WrittenReport = actions.write_report(
        actor=actor("zhou"), case=case, kind=kind, words={"summary": summary, "next_steps": "明天家访"}
    )
    return made


def test_nine_grounds_and_four_authorities_have_words() -> None:
    assert len(GROUND_TEXT) == len(Ground) == 9
    assert set(AUTHORITY_TEXT) == set(Authority)


def test_a_report_without_receipt_number_has_a_clock_until_it_comes(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    given = {"actor": zhou, "case": case, "ground": Ground.SELF_HARM, "authority": Authority.POLICE}
    actions.report_mandatory(**given, words={"reported_to": "值班民警"})
    assert clocks(case)["receipt"] == "running"
    with pytest.raises(Invalid) as refused:
        actions.note_receipt(actor=zhou, case=case, words={"receipt_no": " "})
    assert refused.value.field == "receipt_no"
    actions.note_receipt(actor=zhou, case=case, words={"receipt_no": "示例-0001"})
    assert clocks(case)["receipt"] == "met"
    with pytest.raises(WrongState):
        actions.note_receipt(actor=zhou, case=case, words={"receipt_no": "示例-0002"})
    actions.report_mandatory(**given, words={"receipt_no": "示例-0003"})
    assert clocks(case)["receipt"] == "met"


def test_the_ground_of_a_mandatory_report_is_sealed(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    actions.report_mandatory(actor=zhou, case=case, ground=Ground.UNDER_14, authority=Authority.POLICE, words={})
    with identity(zhou):
        row = MandatoryReport.objects.get(case=case)
        assert "ground" not in {field.name for field in row._meta.fields}
        assert not Entry.objects.filter(pk=row.entry_id).exists()  # who reports writes it, and reads it no more
    with identity(actor("lin")):
        assert Entry.objects.get(pk=row.entry_id).section == "sealed"


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
    page = client("zhou").get(reverse("report_print", args=[case.reference])).content.decode()
    for shown in ("初报", "已脱离危险", "监护人", "电话", "县区中心", "制定了安全计划", "红色"):
        assert shown in page, shown
    for name in ("小渔", "渔妈妈", "灯塔"):
        assert name not in page, name


def test_a_safety_plan_is_sealed_and_prints_without_a_name(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    assert len(STEPS) == 6 and set(PLAN) <= set(CODES)
    with pytest.raises(Invalid):
        actions.plan_safety(actor=zhou, case=case, words={"stays": "妈妈"})
    actions.plan_safety(actor=zhou, case=case, words=PLAN)
    with identity(zhou):
        sealed = bytes(Entry.objects.get(case=case, kind="safety_plan").sealed)
    assert "奶奶".encode() not in sealed
    page = client("zhou").get(reverse("safety_plan_print", args=[case.reference])).content.decode()
    sheet = page[page.index('class="sheet plan"') :]
    assert "一个人待着" in sheet and "2912345" in sheet
    assert "小渔" not in page and case.reference not in sheet.split("</section>")[0]


def test_the_plan_and_the_report_are_pdfs_of_the_same_words(db: None) -> None:
    case, zhou = acknowledged(), client("zhou")
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
    assert client("zhou").get(reverse(name, args=[case.reference])).status_code == 404
    assert client("ye").get(reverse(name, args=[case.reference])).status_code == 404


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
    answer = client("zhou").post(reverse(name, args=[case.reference]), FORMS[name] | {"key": str(uuid4())})
    page, (field, sentence) = answer.content.decode(), BESIDE[name]
    assert answer.status_code == 422
    fault = page[page.index(f'id="id_{field}_error"') :]
    assert sentence in fault[: fault.index("</ul>")]
    for value in FORMS[name].values():
        assert value in page

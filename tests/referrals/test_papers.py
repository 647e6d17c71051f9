"""Papers: no more than their packet, a code that holds the reference alone, and nothing for whoever may not read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from referrals import actions
from referrals.models import ConsentOutcome, Purpose, Referral
from referrals.papers import PAPERS, PaperCode
from tests.pdf.reading import fonts, own_words, pictures, text
from tests.pdf.test_engine import MARKUP
from tests.stage import acknowledged, actor, desk, referred, signed_in
from wellbeing.access.actor import identity
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.pdf.fonts import RARE
from wellbeing.people.models import Role, User


def test_each_paper_prints_with_its_reference_its_code_and_its_signers(db: None) -> None:
    referral, zhou = referred(), signed_in("zhou")
    listed = zhou.get(reverse("papers", args=[referral.reference])).content.decode()
    for code, paper in PAPERS.items():
        answer = zhou.get(reverse("paper", args=[referral.reference, code]))
        if paper.purpose in ("", Purpose.HOSPITAL):
            page = answer.content.decode()
            assert referral.reference in page and "<svg" in page and "定海区心理辅导中心" in page, code
            assert ("海云医院" in page) is not paper.for_school, code
            assert f"/papers/{code}/" in listed and f"/papers/{code}.pdf" in listed
        else:
            assert answer.status_code == 404 and f"/papers/{code}/" not in listed, code
            assert f"/papers/{code}.pdf" not in listed


def test_the_set_of_papers_is_complete() -> None:
    """PRACTICE.md 4.3, in its order, before those of other packets; the safety plan is printed from the case."""
    assert [code.name for code in PAPERS][:12] == [
        *("NOTICE_GUARDIAN", "CONSENT_REFERRAL", "REFERRAL_SLIP", "PROXY_ESCORT", "HOSPITAL_RECEIPT"),
        *("HOSPITAL_FEEDBACK", "REFUSAL_RECORD", "LEAVE_APP", "RETURN_APP", "RETURN_ASSESSMENT", "RETURN_PLAN"),
        "FOLLOWUP",
    ]
    assert all(paper.signers for paper in PAPERS.values())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_paper_is_a_pdf_that_says_what_its_page_says(db: None, language: str) -> None:
    referral, zhou = referred(), signed_in("zhou")
    zhou.cookies["django_language"] = language
    for code, paper in PAPERS.items():
        answer = zhou.get(reverse("paper_pdf", args=[referral.reference, code]))
        if paper.purpose not in ("", Purpose.HOSPITAL):
            assert answer.status_code == 404, code
            continue
        assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"] == f'inline; filename="{referral.reference}-{code}.pdf"'
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        said, embedded = text(answer.content), fonts(answer.content)
        assert all(pictures(program) for program in embedded.values()) and len(embedded) == 2
        with override(language):
            for shown in (paper.title, *paper.lead, *paper.signers, *(one.label for one in paper.blanks)):
                assert "".join(_(shown).split()) in said, (code, shown)
            assert "".join(str(referral.from_desk.organisation).split()) in said
        assert referral.reference in said and ("小渔" in said) == (code == PaperCode.REFERRAL_SLIP)
        assert "小渔" not in own_words(answer.content)


def test_what_was_written_into_a_letter_is_never_markup(db: None) -> None:
    words = {"summary": "".join(MARKUP), "measures": MARKUP[0], "question": MARKUP[1] + RARE + "😭"}
    letter = actions.open_channel(
        actor=actor("zhou"),
        case=acknowledged(),
        destination=desk("haiyun-hospital", Role.HOSPITAL_LIAISON),
        consent=ConsentOutcome.GIVEN,
        words=words,
    )
    pdf = signed_in("zhou").get(reverse("paper_pdf", args=[letter.reference, "slip"])).content
    for said in words.values():
        assert "".join(said.replace("😭", "[U+1F62D]").split()) in text(pdf).replace("\u200b", "")


def test_a_pdf_is_read_as_its_page_is_and_listing_papers_reads_nothing(db: None) -> None:
    referral, zhou = referred(), signed_in("zhou")
    before = readings(referral)
    zhou.get(reverse("papers", args=[referral.reference]))
    for code in (PaperCode.REFERRAL_SLIP, PaperCode.CONSENT_REFERRAL):
        zhou.get(reverse("paper", args=[referral.reference, code]))
    page = readings(referral)[len(before) :]
    for code in (PaperCode.REFERRAL_SLIP, PaperCode.CONSENT_REFERRAL):
        zhou.get(reverse("paper_pdf", args=[referral.reference, code]))
    assert page == readings(referral)[len(before) + 1 :] and len(page) == 1
    assert page[0]["facts"] == {"referral": str(referral.pk), "purposes": ["hospital"]}


def test_without_fonts_one_sentence_leads_to_the_print_page_and_nothing_counts_as_read(
    db: None, settings: Any, tmp_path: Any
) -> None:
    referral, zhou = referred(), signed_in("zhou")
    before = readings(referral)
    settings.PDF_FONT_FOLDER = str(tmp_path)
    answer = zhou.get(reverse("paper_pdf", args=[referral.reference, "slip"]))
    assert answer.status_code == 503 and "请改用打印页" in answer.content.decode()
    assert readings(referral) == before
    assert "小渔" in zhou.get(reverse("paper", args=[referral.reference, "slip"])).content.decode()


def readings(referral: Referral) -> list[dict[str, Any]]:
    """What was recorded of the referral's packets being read, without what makes each event its own."""
    with identity(actor("zhou")):
        rows = Event.objects.filter(stream=referral.case_id, act=Tag.READ_PACKET).order_by("seq")
        bodies = [json.loads(bytes(row.body)) for row in rows]
    return [{name: body[name] for name in ("actor", "post", "act", "facts")} for body in bodies]


def test_a_slip_carries_the_letter_and_a_form_to_fill_in_carries_nothing(db: None) -> None:
    referral, zhou = referred(), signed_in("zhou")
    slip = zhou.get(reverse("paper", args=[referral.reference, "slip"])).content.decode()
    assert "小渔" in slip and "灯塔下面很安静" not in slip
    for code in (PaperCode.CONSENT_REFERRAL, PaperCode.NOTICE_GUARDIAN, PaperCode.REFUSAL_RECORD):
        page = zhou.get(reverse("paper", args=[referral.reference, code])).content.decode()
        assert "小渔" not in page
    assert "抑郁" not in slip


@pytest.mark.parametrize("name", ["tao", "wu", "ye", "shen", "mallory"])
def test_nobody_else_finds_a_paper(db: None, name: str) -> None:
    referral = referred()
    for code in ("slip", "consent", "nothing"):
        for address in ("paper", "paper_pdf"):
            assert signed_in(name).get(reverse(address, args=[referral.reference, code])).status_code == 404


def test_the_school_prints_the_plan_and_never_the_report(db: None) -> None:
    from datetime import timedelta

    from wellbeing.workdays import now

    referral, fang = referred(), actor("fang")
    actions.receive(actor=fang, referral=referral)
    actions.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    actions.record_feedback(
        actor=fang, referral=referral, attended=True, words={"seen": "yes", "conclusion": "门诊随访"}
    )
    actions.return_to_school(
        actor=actor("zhou"),
        referral=referral,
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        manager=User.objects.get(username="chen"),
        words={"advice": "减半作业"},
    )
    chen = signed_in("chen")
    assert "减半作业" in chen.get(reverse("paper", args=[referral.reference, "return"])).content.decode()
    plan = chen.get(reverse("paper_pdf", args=[referral.reference, "return"]))
    assert "减半作业" in text(plan.content) and "门诊随访" not in text(plan.content)
    for address in ("paper", "paper_pdf"):
        assert chen.get(reverse(address, args=[referral.reference, "feedback"])).status_code == 404
    report = signed_in("zhou").get(reverse("paper_pdf", args=[referral.reference, "feedback"]))
    assert "门诊随访" in text(report.content)

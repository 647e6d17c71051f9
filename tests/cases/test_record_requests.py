"""Requests for records: two people, nothing of who reported, and one answer whether there is a file or none."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.access import open_case, visible_cases
from cases.models import Case, RecordAnswer, RecordRequest
from cases.record_requests import BLACK, RELEASABLE, Pick, Redaction, blacken
from cases.records_access import answer_of, open_request, reveal_answer, reveal_request, seal_answer
from cases.tick import escalate_requests
from tests.cases.records_stage import SAID, blackened, checked, decided, entry_of, proposed, received
from tests.cases.test_students import NATIONAL, cases_of, new_colleague, screened
from tests.stage import RED, actor, call, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.vault.models import DataKeyRow

pytestmark = pytest.mark.django_db
WORDS = {**RED, "done": "", "narrative": SAID, "caller_kind": "teacher"}
# What may never leave, wherever it stands: who called or reported, from where, and how the person or home is reached.
NEVER = {
    *("caller_kind", "caller_number", "callback_number", "number_kind", "reporter", "seen_by", "account", "merged"),
    *("contact", "school", "town", "guardian_name", "guardian_contact", "safe_words", "callback_when", "handed_to"),
    *("who", "whom", "name_of", "receipt_no", "authority", "file_key"),
}


def told(kind: str) -> set[int | None]:
    with identity(Actor.machine("ticker")):
        return set(Notice.objects.filter(kind=kind).values_list("desk_id", flat=True))


def test_what_may_go_is_a_table_and_blackening_only_takes_away() -> None:
    codes = {code for kinds in RELEASABLE.values() for fields in kinds.values() for code in fields}
    assert not codes & NEVER and "sealed" not in RELEASABLE and "guardian" not in RELEASABLE
    kinds = {kind for kinds in RELEASABLE.values() for kind in kinds}
    assert not kinds & {"concern", "telling", "mandatory", "access", "callback", "attachment", "group", "contact"}
    assert blacken("甲乙丙", "甲[[乙]]丙") == f"甲{BLACK}丙" and blacken("甲", "[[甲]]") == BLACK
    assert blacken("一\r\n二", "[[一]]\n二") == f"{BLACK}\n二"
    for marked in ("甲乙丙", "甲[[丁]]丙", "甲[[乙丙", "甲乙]]丙", "甲[[乙]]丙丙", "[[甲[[乙]]丙]]"):
        with pytest.raises(ValueError, match=r"marks|rewritten"):
            blacken("甲乙丙", marked)


def test_two_people_decide_and_only_what_was_picked_goes(wait: Any) -> None:
    case = call(WORDS)
    row = received()
    with pytest.raises(WrongState):  # nobody examines before it is known who asks
        proposed(row, case)
    for wrong in ("officers", "letter"):
        with pytest.raises(Invalid):
            actions.check_asker(actor=actor("zhou"), reference=row.reference, how=wrong)
    actions.check_asker(actor=actor("zhou"), reference=row.reference, how="documents")
    story, caller = blackened(case), entry_of(case, "narrative")
    for pick in (
        Pick(caller, "caller_kind", Redaction.WHOLE),
        Pick(entry_of(case, "guardian"), "guardian_contact", Redaction.WHOLE),
        Pick(caller, "narrative", Redaction.BLACKENED, SAID.replace("陈老师", "[[李老师]]")),
        Pick(caller, "narrative", Redaction.SUMMARY, SAID),
        Pick(str(case.pk), "narrative", Redaction.WHOLE),
    ):
        with pytest.raises(Invalid):
            proposed(row, case, pick)
    summary = Pick(caller, "done", Redaction.SUMMARY, "已作安全约定")
    with pytest.raises(Invalid):  # nothing was done on the call: the field is not there
        proposed(row, case, summary)
    proposed(row, case, story)
    for name, expected in (("zhou", Forbidden), ("luo", Forbidden), ("ye", Forbidden), ("lin", Forbidden)):
        with pytest.raises(expected):
            decided(row, by=name)
    with identity(actor("zhou")), pytest.raises(DatabaseError), transaction.atomic():  # nor in SQL: the wall
        he = actor("he")
        done = RecordAnswer.objects.filter(request=row).update(
            agreed=True, decided_by_id=he.id, decided_desk_id=he.desks[0]
        )
        assert done == 0
        raise DatabaseError
    assert told("records_proposed") == {actor("he").desks[0], actor("su").desks[0]}
    with pytest.raises(Invalid):
        decided(row, agree=False)
    first = decided(row, agree=False, note="请再遮盖")
    with identity(Actor.machine("keys")):
        assert not DataKeyRow.objects.filter(owner_id=first.pk).exists()
    proposed(row, case, story)
    with identity(actor("he")):
        answer = answer_of(row)
        assert answer is not None
        going = reveal_answer(actor("he"), answer)
        (line,) = going.lines
        assert line["value"] == SAID.replace("班主任陈老师", BLACK) and "陈老师" not in str(going.lines)
        with pytest.raises(Forbidden):
            open_case(actor("he"), case.reference)  # she judges the answer and sees nothing of the case
    decided(row)
    with identity(actor("zhou")), pytest.raises(KeyError):  # the door itself has no place for it
        seal_answer(answer, [{**line, "code": "caller_kind"}], "x")
    given = actions.hand_out_records(actor=actor("zhou"), reference=row.reference, how="in_person")
    assert (given.state, given.gives) == ("answered", True)
    with pytest.raises(WrongState):
        actions.hand_out_records(actor=actor("zhou"), reference=row.reference, how="in_person")


def test_a_closed_case_is_found_for_its_division_and_read_until_the_answer(wait: Any) -> None:
    case = call({"caller_kind": "self", "name": "小满", "narrative": "想找人说说话"})
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    row, other = checked("court", document="(2026)示例1号"), checked(division="330903", by="zhou")
    assert actions.take_up_record(actor=actor("zhou"), reference=row.reference, words="ZS-2222-2222") is None
    with pytest.raises(Forbidden):
        actions.take_up_record(actor=actor("zhou"), reference=other.reference, words=case.reference)
    assert actions.take_up_record(actor=actor("ye"), reference=other.reference, words=case.reference) is None
    with identity(actor("zhou")), pytest.raises(Forbidden):
        open_case(actor("zhou"), case.reference)
    for words in (case.reference, "ZS-2222-2222"):  # she received it, and learns not even whether there is one
        with pytest.raises(Invalid) as refused:
            actions.take_up_record(actor=actor("luo"), reference=row.reference, words=words)
        assert refused.value.field == "words"
    with identity(actor("luo")), pytest.raises(Forbidden):
        open_case(actor("luo"), case.reference)
    found = actions.take_up_record(actor=actor("zhou"), reference=row.reference, words=case.reference)
    assert found is not None and told("records_asked") == {fresh(case).owner_desk_id}
    with identity(actor("zhou")):
        assert open_case(actor("zhou"), case.reference).status == "closed"
    proposed(row, case, Pick(entry_of(case, "narrative"), "narrative", Redaction.WHOLE))
    with identity(actor("lin")), pytest.raises(Forbidden):
        open_request(actor("lin"), row.reference)
    decided(row, by="su")
    with identity(actor("zhou")), pytest.raises(Forbidden):
        open_case(actor("zhou"), case.reference)
    assert actions.hand_out_records(actor=actor("zhou"), reference=row.reference, how="officer").state == "answered"


def test_an_examination_ends_for_everybody_with_its_answer_and_opens_no_further_files() -> None:
    said = {"caller_kind": "self", "name": "小满", "narrative": "想找人说说话"}
    shut = [call(said) for _each in range(4)]
    for case in shut:
        actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    zhou, he = actor("zhou"), actor("he")

    def reads(who: Actor, case: Any) -> bool:
        with identity(who):
            return may(who, P.FILE_READ, fresh(case))

    row, other = checked(), checked(by="he")
    for words in (shut[0].reference, shut[1].reference, shut[0].reference, shut[2].reference):
        actions.take_up_record(actor=zhou, reference=row.reference, words=words)
    for words in (shut[3].reference, "ZS-2222-2222"):  # whether there is one or none
        with pytest.raises(Invalid) as refused:
            actions.take_up_record(actor=zhou, reference=row.reference, words=words)
        assert refused.value.field == "words"
    actions.take_up_record(actor=zhou, reference=other.reference, words=shut[3].reference)
    assert all(reads(zhou, case) for case in shut)
    proposed(row, None, by="luo")  # she looked at no file, and her answer names none
    decided(row)
    assert [reads(zhou, case) for case in shut] == [False, False, False, True]
    proposed(other, shut[3], by="zhou")
    decided(other, by="su")
    assert not reads(zhou, shut[3]) and not reads(he, shut[3])


def test_what_waits_too_long_goes_up_once(wait: Any) -> None:
    row = checked()
    assert escalate_requests() == 0
    wait(days=14, hours=1)
    assert escalate_requests() == 1 and told("records_late") == {actor("zhou").desks[0], actor("he").desks[0]}
    escalate_requests()
    with identity(Actor.machine("ticker")):
        assert Notice.objects.filter(kind="records_late").count() == 2
    wait(days=2)
    assert escalate_requests() == 1 and actor("shen").desks[0] in told("records_late")
    assert escalate_requests() == 0
    with identity(actor("zhou")):
        assert reveal_request(actor("zhou"), RecordRequest.objects.get(pk=row.pk))["about_name"] == "小渔"


def test_a_number_of_the_school_opens_no_other_childs_file(db: None) -> None:
    """Every school counts its students for itself: the newest file of the county under such a number is anybody's."""
    new_colleague()
    for by in ("chen", "yu"):
        screened("222222222", by, number="20230107")
    mine, other = ({one.pk for one in cases_of(by)} for by in ("chen", "yu"))
    with identity(Actor.machine("test")):
        for case in Case.objects.filter(pk__in=mine | other):
            revoke(case, holder=desk("dinghai-centre", Role.COUNTY_TRIAGE))
    zhou, row = actor("zhou"), checked()
    with pytest.raises(Invalid) as refused:
        actions.take_up_record(actor=zhou, reference=row.reference, words="20230107")
    assert refused.value.field == "school"
    page = signed_in("zhou")
    asked = {
        "words": "20230107",
        "school": str(desk("xinghe", Role.SCHOOL_COUNSELLOR).organisation_id),
        "key": str(uuid4()),
    }
    answer = page.post(reverse("take_up_record", args=[row.reference]), asked)
    assert answer.status_code == 302
    with identity(zhou):
        assert {case.pk for case in visible_cases(zhou)} == mine, "the county reads hers, and nobody else's"
    screened("222222222", "chen")
    again = checked()
    assert actions.take_up_record(actor=zhou, reference=again.reference, words=NATIONAL) is not None

"""A request for records to set a scene with, and its steps as the people who take them."""

from __future__ import annotations

from typing import Any

from cases import actions
from cases.models import Case, Entry, RecordRequest
from cases.record_requests import Pick, Redaction
from tests.stage import actor
from wellbeing.access.actor import identity

SAID = "我爸打我,班主任陈老师知道。我不想回家"
ASKING: dict[str, Any] = {
    "asker_name": "示例家长",
    "document": "身份证 示例0001",
    "about_name": "小渔",
    "basis": "个人信息保护法第四十五条",
    "wanted": "全部咨询记录",
}


def received(asker: str = "guardian", *, by: str = "luo", division: str = "330902", **more: str) -> RecordRequest:
    """A request that has arrived at a county centre."""
    words = {**ASKING, **more}
    made: RecordRequest = actions.receive_record_request(actor=actor(by), asker=asker, division=division, words=words)
    return made


def checked(asker: str = "guardian", *, by: str = "luo", **more: Any) -> RecordRequest:
    """One whose asker was checked, so that it may be examined: by a colleague of whoever examines it."""
    row = received(asker, by=by, **more)
    how = "documents" if asker in ("guardian", "person") else "officers"
    checked_row: RecordRequest = actions.check_asker(actor=actor(by), reference=row.reference, how=how)
    return checked_row


def entry_of(case: Case, section: str, kind: str = "call") -> str:
    """The id of an entry, as a form names it."""
    with identity(actor("zhou")):
        return str(Entry.objects.filter(case=case, section=section, kind=kind).latest("at").pk)


def proposed(row: RecordRequest, case: Case | None, *picks: Pick, by: str = "zhou") -> Any:
    """What Zhou proposes: a refusal without picks, "no file" without a case."""
    reference = case.reference if case else ""
    return actions.propose_answer(
        actor=actor(by), reference=row.reference, about=reference, picks=picks, because="已评估对当事人的影响"
    )


def decided(row: RecordRequest, *, by: str = "he", agree: bool = True, note: str = "") -> Any:
    return actions.decide_answer(actor=actor(by), reference=row.reference, agree=agree, note=note)


def blackened(case: Case) -> Pick:
    """The story with the form teacher's name taken out."""
    marked = SAID.replace("班主任陈老师", "[[班主任陈老师]]")
    return Pick(entry_of(case, "narrative"), "narrative", Redaction.BLACKENED, marked)

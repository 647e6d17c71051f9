"""What a caller takes back while she is on the line, and what a new plan leaves out, goes to nobody who is given a part
of the file."""

from __future__ import annotations

from typing import Any

import pytest

from cases import actions
from cases.access import Purpose, reveal
from cases.actions import CallSheet
from cases.models import Case, Section
from cases.moving import begun
from referrals import actions as referrals
from referrals.access import open_referral, reveal_packets
from referrals.models import ConsentOutcome
from tests.stage import RED, actor, desk, fresh
from wellbeing.access.actor import identity
from wellbeing.ids import uuid7
from wellbeing.people.models import Role

pytestmark = pytest.mark.django_db
SAID = {
    **RED,
    "name": "李小舟",
    "contact": "13800138001",
    "guardian_name": "继父",
    "guardian_contact": "13800138002",
}
# She is afraid of her stepfather, and asks to stay unnamed.
TAKEN_BACK = {code: value for code, value in SAID.items() if code not in ("name", "contact", "guardian_contact")}
TAKEN_BACK |= {"guardian_name": "外婆", "anonymous": "yes"}


def taken_back() -> Case:
    """A call that was logged while it went on, and whose sheet says less now; acknowledged."""
    lin, draft = actor("lin"), uuid7()
    first = CallSheet(words=SAID, division="330902")
    case = actions.take_call(actor=lin, call=first, draft=draft, goes_on=True, key=draft)
    sheet = CallSheet(words=TAKEN_BACK, division="330902")
    actions.continue_call(actor=lin, case=fresh(case), call=sheet, draft=draft, last=True)
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    return fresh(case)


def test_a_letter_carries_nothing_that_the_caller_took_back() -> None:
    """An emergency goes without a look at it."""
    case = taken_back()
    made = referrals.open_channel(
        actor=actor("zhou"),
        case=case,
        destination=desk("haiyun-hospital", Role.HOSPITAL_LIAISON),
        consent=ConsentOutcome.NOT_SOUGHT,
        emergency=True,
        words={"summary": "在路上"},
    )
    fang = actor("fang")
    with identity(fang):
        (letter,) = reveal_packets(fang, open_referral(fang, made.reference))
    assert letter.words["guardian_name"] == "外婆" and letter.words["age"] == SAID["age"]
    assert not {"name", "contact", "guardian_contact"} & letter.words.keys()


def test_another_county_is_given_what_stands_now() -> None:
    case, zhou = taken_back(), actor("zhou")
    plan: dict[str, Any] = {"signs": "不说话", "coping": "听海", "helpers": "继父"}
    actions.plan_safety(actor=zhou, case=case, words=plan, desk_id=zhou.desks[0])
    actions.plan_safety(actor=zhou, case=fresh(case), words={"signs": "不说话"}, desk_id=zhou.desks[0])
    with identity(zhou):
        given = begun(zhou, fresh(case))
        file = reveal(zhou, fresh(case), {Section.IDENTITY}, Purpose.CARE)
    assert "name" not in given and "helps" not in given and given["signs"] == "不说话"
    assert "李小舟" in str(file.entries), "the file itself keeps what was said before"

"""The door to read: sections by role, names for holders alone, and a grant that has ended opens nothing."""

from __future__ import annotations

import pytest

from cases import actions
from cases.access import Purpose, reveal, reveal_covers
from cases.models import Section
from cases.queues import worklist
from tests.stage import RED, acknowledged, actor, call, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role, User

MACHINE = Actor.machine("test")


def test_the_sections_of_a_file_open_by_role(db: None) -> None:
    case = acknowledged()
    lin, zhou = actor("lin"), actor("zhou")
    with identity(lin):
        mine = reveal(lin, case, Section.values, Purpose.CARE)
    with identity(zhou):
        theirs = reveal(zhou, case, Section.values, Purpose.TRIAGE)
    assert mine.hidden == frozenset()
    assert theirs.hidden == {"sealed"}
    for file in (mine, theirs):  # the caller's number is apart: tests/cases/test_caller.py
        assert "00000000003" not in str(file.entries)
    chen = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=zhou, case=case, manager=User.objects.get(username="chen"), desk=chen)
    with identity(actor("chen")):
        school = reveal(actor("chen"), case, Section.values, Purpose.CARE)
    assert school.hidden == {"sealed", "narrative"}
    assert RED["narrative"] not in str(school.entries)


def test_lists_show_names_to_holders_alone(db: None) -> None:
    case = call()
    zhou = actor("zhou")
    with identity(zhou):
        assert reveal_covers(zhou, worklist(zhou)) == {case.pk: "小渔"}
    ye = actor("ye")
    with identity(ye):
        assert reveal_covers(ye, [case]) == {}


def test_a_grant_lost_a_second_ago_is_no_grant(db: None) -> None:
    from wellbeing.access.grants import revoke

    case = call()
    with identity(MACHINE):
        revoke(case, holder=desk("dinghai-centre", Role.COUNTY_TRIAGE))
    with pytest.raises(Forbidden):
        actions.acknowledge(actor=actor("zhou"), case=case)

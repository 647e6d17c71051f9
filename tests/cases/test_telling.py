"""Who is told: its own clock for each, whom, when, how and by whom on record, and what a teacher's employer learns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import actions
from cases.access import Purpose, reveal
from cases.clocks import ClockKind
from cases.models import Deadline, Section, Telling
from cases.telling import CLOCK_OF, HOW_TEXT, TOLD_TEXT, WHOM_TEXT, How, Known, Told, Whom, clocks_of, ends_clock
from cases.tiers import Rule
from tests.cases.test_call_back import going
from tests.stage import RED, YELLOW, acknowledged, actor, call, clocks, desk, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
TEACHER = RED | {"about_kind": "teacher"}


def test_every_code_has_words() -> None:
    assert (set(WHOM_TEXT), set(HOW_TEXT), set(TOLD_TEXT)) == (set(Whom), set(How), set(Told))
    assert [told for told in Told if not ends_clock(told)] == [Told.UNREACHED]


@given(st.builds(Known, teacher=st.booleans(), somebody=st.booleans()), st.frozensets(st.sampled_from(Rule)))
def test_whom_a_warning_asks_to_tell(known: Known, rules: frozenset[Rule]) -> None:
    kinds = set(clocks_of(known, frozenset(rules)))
    assert ClockKind.TELL_CITY in kinds
    assert (ClockKind.TELL_RESCUE in kinds) == (Rule.ACT_UNDER_WAY in rules)
    assert (ClockKind.TELL_GUARDIAN in kinds) == (known.somebody and not known.teacher)
    assert (ClockKind.TELL_PRINCIPAL in kinds) == (known.somebody and not known.teacher)


@pytest.mark.parametrize("whom", CLOCK_OF)
def test_telling_stops_its_clock_and_says_who_when_how(db: None, whom: Whom) -> None:
    case, zhou = acknowledged(RED | {"act_now": "yes"}), actor("zhou")
    kind = CLOCK_OF[whom]
    assert clocks(case)[kind] == "running"
    actions.tell(actor=zhou, case=case, whom=whom, told=Told.UNREACHED, how=How.PHONE, words={"note": "无人接听"})
    assert clocks(case)[kind] == "running"
    actions.tell(actor=zhou, case=case, whom=whom, told=Told.TOLD, how=How.PHONE, words={"name": "渔妈妈"})
    assert clocks(case)[kind] == "met"
    with identity(zhou):
        last = Telling.objects.filter(case=case).order_by("at", "id").last()
        assert last is not None
        assert (last.whom, last.how, last.told, last.by_id) == (whom, "phone", "told", zhou.id)
        words = [e.words for e in reveal(zhou, case, [Section.GUARDIAN], Purpose.TRIAGE).entries]
    assert {"name": "渔妈妈", "whom": whom, "how": "phone", "told": "told"} in words


@pytest.mark.parametrize("whom", [Whom.GUARDIAN, Whom.POLICE])
def test_what_was_told_before_the_danger_leaves_the_clock_of_the_danger(wait: Any, whom: Whom) -> None:
    """On Monday somebody was called, and nobody wrote it down; what is seen on Wednesday is told to nobody yet."""
    case, zhou, kind = acknowledged(YELLOW), actor("zhou"), CLOCK_OF[whom]
    wait(minutes=1)
    monday = now()
    wait(days=2)
    actions.assess_risk(actor=zhou, case=case, words={"act_now": "yes"}, face_to_face=False)
    given = {"whom": whom, "told": Told.TOLD, "how": How.PHONE, "words": {"name": "渔妈妈"}}
    actions.tell(actor=zhou, case=fresh(case), at=monday, **given)
    assert clocks(case)[kind] == "running"
    with identity(zhou):
        assert Telling.objects.filter(case=case, whom=whom).count() == 1, "it stands in the file all the same"
    actions.tell(actor=zhou, case=fresh(case), at=now() - timedelta(minutes=5), **given)
    assert clocks(case)[kind] == "met", "a call of minutes before the raising is of the same act"


def test_the_county_is_told_by_its_own_acknowledgement(db: None) -> None:
    case = acknowledged()
    with identity(MACHINE):
        told = Telling.objects.get(case=case)
        assert (told.whom, told.by.username) == ("county", "zhou")


def test_an_anonymous_caller_has_nobody_to_tell_but_the_city(db: None) -> None:
    case = call({"thoughts": "active", "when": "now", "plan": "yes", "name": "海风"})
    assert {kind for kind in clocks(case) if kind.startswith("tell")} == {"tell_city"}


def test_who_is_known_only_later_in_the_call_is_to_be_told_from_then_on(wait: Any) -> None:
    words = {"thoughts": "active", "when": "now", "plan": "yes", "name": "海风"}
    draft, case = going(words)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.CITY, told=Told.TOLD, how=How.PHONE, words={})
    wait(minutes=10)
    sheet = actions.CallSheet(words=words | {"school": "星河中学"}, division="330902")
    for _twice in range(2):
        actions.continue_call(actor=actor("lin"), case=fresh(case), call=sheet, draft=draft)
    with identity(MACHINE):
        rows = Deadline.objects.filter(case=case, kind__startswith="tell").order_by("kind")
        told = [(row.kind, row.state, row.started_at == now(), row.desk) for row in rows]
    triage = desk("dinghai-centre", Role.COUNTY_TRIAGE)
    assert told == [
        ("tell_city", "met", False, triage),
        *((f"tell_{whom}", "running", True, triage) for whom in ("guardian", "principal")),
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"told": Told.TOLD}, "how"),
        ({"told": Told.ENDANGERS}, "note"),
        ({"told": Told.UNKNOWN, "words": {"note": " "}}, "note"),
        ({"told": Told.TOLD, "how": How.PHONE, "ahead": 5}, "at"),
        ({"told": Told.TOLD, "how": How.PHONE, "ahead": -60}, "at"),
    ],
)
def test_bad_input_is_refused_beside_its_cause(db: None, given: dict[str, Any], field: str) -> None:
    case, ahead = acknowledged(), given.pop("ahead", None)
    at = now() + timedelta(minutes=ahead) if ahead is not None else None
    with pytest.raises(Invalid) as refused:
        actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, at=at, **({"words": {}} | given))
    assert refused.value.field == field


def test_a_teachers_employer_stays_out_until_she_agrees(db: None) -> None:
    case, zhou = acknowledged(TEACHER), actor("zhou")
    assert {kind for kind in clocks(case) if kind.startswith("tell")} == {"tell_city"}
    school = {"manager": User.objects.get(username="chen"), "desk": desk("xinghe", Role.SCHOOL_COUNSELLOR)}
    with pytest.raises(Invalid) as refused:
        actions.assign_manager(actor=zhou, case=case, **school)
    assert refused.value.field == "manager"
    with pytest.raises(Invalid) as refused:
        actions.tell(actor=zhou, case=case, whom=Whom.PRINCIPAL, told=Told.TOLD, how=How.PHONE, words={})
    assert refused.value.field == "whom"
    with pytest.raises(Invalid):
        actions.agree_school(actor=zhou, case=case, words=" ")
    actions.agree_school(actor=zhou, case=case, words="本人今天口头同意学校心理教师参与")
    actions.assign_manager(actor=zhou, case=fresh(case), **school)
    with pytest.raises(WrongState):
        actions.agree_school(actor=zhou, case=fresh(case), words="再次")


def test_a_teachers_county_centre_colleague_may_manage_her_case(db: None) -> None:
    case = acknowledged(TEACHER)
    luo, triage = User.objects.get(username="luo"), desk("dinghai-centre", Role.COUNTY_TRIAGE)
    assert actions.assign_manager(actor=actor("zhou"), case=case, manager=luo, desk=triage).manager == luo

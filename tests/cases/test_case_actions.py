"""What the verbs of a case do and refuse; the matrix says who may call them (tests/rules/test_matrix.py)."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal, reveal_covers, who_may_read
from cases.models import CallBackOutcome, Case, Deadline, Section, Warning
from cases.queues import board, worklist
from cases.telling import How, Told, Whom
from cases.tick import tick
from cases.views import LATELY
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, clocks, desk, fresh, referred, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox import relay
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def test_a_call_opens_a_sealed_case_warns_its_county_and_starts_the_clocks(db: None) -> None:
    case = call()
    assert (case.tier, case.status, case.channel) == ("red", "opened", "hotline")
    kinds = {"acknowledge", "first_meeting", "callback", "first_report"}
    assert clocks(case) == dict.fromkeys(kinds | {"tell_principal", "tell_guardian", "tell_city"}, "running")
    with identity(MACHINE):
        clock = Deadline.objects.get(case=case, kind="acknowledge")
        assert clock.due_at - clock.started_at == timedelta(minutes=15)
        assert Warning.objects.get(case=case).desk == desk("dinghai-centre", Role.COUNTY_TRIAGE)
    assert [(h.name.split(" ")[0], h.hold) for h in _readers(case)] == [
        ("林晓(热线)", "work"),
        ("定海区心理辅导中心(示例)", "work"),
    ]


def _readers(case: Case) -> list[Any]:
    with identity(actor("zhou")):
        return who_may_read(case)


def test_nothing_is_required_and_green_warns_nobody(db: None) -> None:
    case = call({})
    assert (case.tier, case.status) == ("green", "acknowledged")
    assert clocks(case) == {}
    with identity(MACHINE):
        assert not Notice.objects.exists()
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")


def test_a_caller_from_nowhere_goes_to_the_city(db: None) -> None:
    case = call(RED, division="")
    he = actor("he")
    with identity(he):
        assert [row.case for row in board(he).rows] == [case]


def test_a_person_may_go_above_the_proposal_and_never_below(db: None) -> None:
    assert call(YELLOW, tier="red").tier == "red"
    with pytest.raises(Invalid) as refused:
        call(RED, tier="orange")
    assert refused.value.field == "tier"
    with identity(MACHINE):
        assert Case.objects.count() == 1


def test_a_call_cannot_begin_in_the_future(db: None) -> None:
    sheet = actions.CallSheet(words=RED, started_at=now() + timedelta(minutes=5))
    with pytest.raises(Invalid) as refused:
        actions.take_call(actor=actor("lin"), call=sheet)
    assert refused.value.field == "started_at"


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


def test_acknowledging_stops_the_clock_once(db: None) -> None:
    case = call()
    actions.acknowledge(actor=actor("zhou"), case=case)
    state = clocks(case)
    assert (state["acknowledge"], state["first_meeting"], state["reassess"]) == ("met", "running", "running")
    with pytest.raises(WrongState):
        actions.acknowledge(actor=actor("luo"), case=case)


def test_a_grant_lost_a_second_ago_is_no_grant(db: None) -> None:
    from wellbeing.access.grants import revoke

    case = call()
    with identity(MACHINE):
        revoke(case, holder=desk("dinghai-centre", Role.COUNTY_TRIAGE))
    with pytest.raises(Forbidden):
        actions.acknowledge(actor=actor("zhou"), case=case)


def test_raising_is_one_persons_click_and_warns_anew(db: None) -> None:
    case = acknowledged(YELLOW)
    raised = actions.raise_tier(actor=actor("lin"), case=case, to="red")
    assert (raised.tier, raised.status) == ("red", "opened")
    with identity(MACHINE):
        assert Warning.objects.filter(case=case, ended_at=None).get().tier == "red"
        assert Notice.objects.filter(kind="warning").count() == 2
    with pytest.raises(Invalid):
        actions.raise_tier(actor=actor("lin"), case=case, to="red")


def test_lowering_takes_a_fresh_meeting_two_people_and_time(wait: Any) -> None:
    case = acknowledged()
    zhou, luo = actor("zhou"), actor("luo")
    lower = {"case": case, "to": "orange", "because": "见面评估"}
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    wait(hours=73)
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    actions.assess_risk(actor=zhou, case=case, words={}, face_to_face=False)
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    wait(minutes=1)
    actions.assess_risk(actor=zhou, case=case, words={}, face_to_face=True)
    with pytest.raises(Invalid):  # the guardian was not reached, and the call-back of the next day was missed
        actions.lower_tier(actor=zhou, **lower)
    actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    actions.call_back(actor=actor("lin"), case=case, outcome=CallBackOutcome.REACHED, words={})
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **{**lower, "to": "yellow"})
    actions.lower_tier(actor=zhou, **lower)
    assert fresh(case).tier == "red"
    with pytest.raises(Invalid, match="confirm"):
        actions.confirm_lowering(actor=zhou, case=case)
    assert actions.confirm_lowering(actor=luo, case=case).tier == "orange"
    with pytest.raises(WrongState):
        actions.confirm_lowering(actor=luo, case=case)


def test_a_low_score_never_lowers(db: None) -> None:
    case = acknowledged()
    actions.assess_risk(actor=actor("zhou"), case=case, words={"thoughts": "none"}, face_to_face=True)
    assert fresh(case).tier == "red"


def test_an_overdue_clock_goes_up_the_ladder_once_per_level_and_says_how_late(wait: Any) -> None:
    from cases.models import Escalation

    def levels() -> list[tuple[int, str, int]]:
        with identity(MACHINE):
            steps = Escalation.objects.filter(deadline__kind="acknowledge").order_by("level")
            return [(step.level, step.desk.role, step.late_s // 60) for step in steps]

    case = call()
    tick()
    assert levels() == []
    wait(minutes=20)  # an outage: the clock was due at 15 minutes
    for _ in range(3):
        tick()
    assert levels() == [(1, "city_duty", 5)]
    he = actor("he")
    with identity(he):
        assert open_case(he, case.reference) == case
    wait(days=3)
    for _ in range(3):
        tick()
    assert levels() == [(1, "city_duty", 5), (2, "education_admin", 3 * 1440 - 10)]
    shen = actor("shen")
    with identity(shen), pytest.raises(Forbidden):
        open_case(shen, case.reference)
    relay.sweep()
    with identity(shen):
        from wellbeing.outbox.inbox import unread

        assert {item.target for item in unread(shen)} == {""}


def test_an_acknowledged_warning_is_not_escalated(wait: Any) -> None:
    from cases.models import Escalation

    case = acknowledged()
    wait(minutes=55)
    tick()
    with identity(MACHINE):
        assert not Escalation.objects.filter(deadline__kind="acknowledge").exists()
        assert Warning.objects.get(case=case).rings == 0


def test_closing_ends_every_grant_and_clock_and_refuses_what_is_outstanding(db: None) -> None:
    case = acknowledged(YELLOW)
    referral = referred(case)
    zhou = actor("zhou")
    with pytest.raises(Invalid):
        actions.close_case(actor=zhou, case=case, reason="handed_to_health")
    from referrals import actions as referrals

    referrals.withdraw(actor=zhou, referral=referral)
    with pytest.raises(Invalid):
        actions.close_case(actor=actor("lin"), case=case, reason="improved")
    closed = actions.close_case(actor=zhou, case=case, reason="handed_to_health")
    assert closed.status == "closed"
    with identity(MACHINE):
        assert who_may_read(closed) == []
        assert not Deadline.objects.filter(case=case, state="running").exists()
    with pytest.raises(Forbidden):
        actions.raise_tier(actor=zhou, case=case, to="red")


def test_a_red_case_is_a_duplicate_only_of_a_file_that_is_as_grave(db: None) -> None:
    red, twin, lower, zhou = acknowledged(), acknowledged(), acknowledged(YELLOW), actor("zhou")
    for case in (red, twin):
        actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    beyond = call(division="330903")
    notes = ("", "见另一份卷宗", *(f"并入{one.reference}处理" for one in (red, lower, beyond)), "ZS-2222-2222")
    for note in notes:
        with pytest.raises(Invalid) as refused:
            actions.close_case(actor=zhou, case=red, reason="duplicate", note=note)
        assert refused.value.field == "note" and fresh(red).status == "acknowledged"
    note = f"并入{twin.reference.lower()}处理"
    assert not actions.close_case(actor=zhou, case=red, reason="duplicate", note=note).closed_at, "another looks too"
    lowers = fresh(twin)
    with identity(MACHINE):
        type(lowers).objects.filter(pk=lowers.pk).update(status="closed", closed_at=lowers.opened_at)
    with pytest.raises(Invalid, match="confirm"):  # the other one has closed meanwhile
        actions.confirm_lowering(actor=actor("luo"), case=fresh(red))
    with identity(MACHINE):
        type(lowers).objects.filter(pk=lowers.pk).update(status="acknowledged", closed_at=None)
    assert actions.confirm_lowering(actor=actor("luo"), case=fresh(red)).closed_at
    assert actions.close_case(actor=zhou, case=lower, reason="duplicate").closed_at, "below orange as before"
    with pytest.raises(Invalid):  # the other one is closed: nothing is left to go on in
        actions.close_case(actor=zhou, case=twin, reason="duplicate", note=red.reference)


def test_the_same_form_sent_again_gives_the_first_case(db: None) -> None:
    key = uuid4()
    first, again = call(GREEN, key=key), call(GREEN, key=key)
    assert first == again
    with identity(MACHINE):
        assert Case.objects.count() == 1
    with pytest.raises(WrongState):
        call(YELLOW, key=key)


def test_fifty_parallel_sends_of_one_form_open_one_case(committed: SimpleNamespace) -> None:
    key, answers, start = uuid4(), [], threading.Barrier(10)
    lin = actor("lin")

    def send() -> None:
        start.wait()
        for _ in range(5):
            answers.append(
                actions.take_call(actor=lin, call=actions.CallSheet(words=RED, division="330902"), key=key).pk
            )
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with identity(MACHINE):
        assert (len(answers), len(set(answers)), Case.objects.count()) == (50, 1, 1)


def test_explain_gives_the_tree_that_decides(db: None) -> None:
    from wellbeing.access.policy import explain, may

    case = call()
    for name in ("lin", "zhou", "ye", "shen", "mallory"):
        who = actor(name)
        with identity(who):
            verdict = explain(who, P.TIER_RAISE, case)
            assert verdict.allowed == may(who, P.TIER_RAISE, case) == all(step.holds for step in verdict.steps)
    assert [step.holds for step in explain(actor("ye"), P.TIER_RAISE, case).steps] == [True, True, False, False]


def test_what_happened_goes_on_behind_a_mark_and_leaves_nothing_out(db: None) -> None:
    """A long case is read page by page: each page continues where the last one ended, with and without scripts."""
    case, lin = call(), signed_in("lin")
    address = reverse("case", args=[case.reference])
    for _time in range(30):  # each opening is an event
        lin.get(reverse("case_file", args=[case.reference]))
    with identity(actor("lin")):
        known = len(trail(case.pk, 1000, without=[P.CLOCK_KEEP]))
    page = lin.get(address)
    rows, mark = list(page.context["timeline"]), page.context["next_mark"]
    assert len(rows) == LATELY
    while mark:
        rest = lin.get(address, {"after": mark}, HTTP_HX_REQUEST="true")
        assert rest.templates[0].name == "cases/_trail.html"
        assert lin.get(address, {"after": mark}).context["timeline"][0] == rest.context["timeline"][0]
        rows, mark = [*rows, *rest.context["timeline"]], rest.context["next_mark"]
    assert len(rows) == known > 2 * LATELY
    assert [row["seq"] for row in rows] == sorted((row["seq"] for row in rows), reverse=True)
    assert lin.get(address, {"after": "٩" * 40}).status_code == 200

"""Crisis call-backs: next day, one week, one, three and twelve months; three tries on three half-days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import actions
from cases.clocks import ClockKind, by_the_end_of, callbacks
from cases.drafts import DraftKind
from cases.models import Call, CallBackOutcome, Case, Deadline, Escalation, Section
from cases.policy import Policy
from cases.tick import tick
from cases.tiers import Tier
from tests.stage import GREEN, RED, YELLOW, actor, call, clocks, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import FULL, grant
from wellbeing.access.models import Origin
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden, WrongState
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User
from wellbeing.workdays import TIMEZONE, now

MACHINE = Actor.machine("test")


def running(case: Case) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=ClockKind.CALLBACK, state="running")


def back(case: Case, outcome: CallBackOutcome) -> None:
    actions.call_back(actor=actor("lin"), case=case, outcome=outcome, words={"note": "接通"})


def test_the_series_counts_from_the_call(wait: Any) -> None:
    case = call()
    begun, passed, dates = running(case).started_at, timedelta(), []
    while clocks(case)["callback"] == "running":
        due = running(case).due_at
        dates.append(due)
        wait(seconds=(due - begun - passed).total_seconds())
        passed = due - begun
        back(case, CallBackOutcome.REACHED)
    assert dates == callbacks(begun, Policy())


def test_a_call_at_the_very_moment_of_the_next_date_takes_its_place(wait: Any) -> None:
    case = call()
    begun = running(case).started_at
    dates = callbacks(begun, Policy())
    wait(seconds=(dates[1] - begun).total_seconds())
    back(case, CallBackOutcome.REACHED)
    assert (running(case).step, running(case).due_at) == (2, dates[2])


def test_three_half_days_without_an_answer_go_to_the_supervisor(wait: Any) -> None:
    case = call()
    wait(days=1)
    for _ in range(2):
        back(case, CallBackOutcome.UNREACHED)
        back(case, CallBackOutcome.UNREACHED)  # twice on one half-day counts once
        wait(hours=12)
    with identity(MACHINE):
        assert not Notice.objects.filter(kind="callback_unreached").exists()
    back(case, CallBackOutcome.UNREACHED)
    with identity(MACHINE):
        notice = Notice.objects.get(kind="callback_unreached")
        assert notice.target == f"case:{case.reference}"
    assert clocks(case)["callback"] == "running"


def test_a_missed_call_back_climbs_the_ladder(wait: Any) -> None:
    case = call()
    wait(days=1, minutes=1)
    for _ in range(3):
        tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(deadline=running(case)).exists()


def test_declining_ends_the_series_and_yellow_has_none(db: None) -> None:
    case = call()
    back(case, CallBackOutcome.DECLINED)
    assert clocks(case)["callback"] == "met"
    with pytest.raises(WrongState):
        back(case, CallBackOutcome.REACHED)
    assert "callback" not in clocks(call(YELLOW))


def test_only_the_newest_try_of_ones_own_is_taken_back_and_only_at_once(wait: Any) -> None:
    case = call()
    back(case, CallBackOutcome.UNREACHED)
    with pytest.raises(WrongState):  # it moved the clock, and ended nothing
        actions.take_back_call(actor=actor("lin"), case=case)
    back(case, CallBackOutcome.REACHED)
    assert running(case).step == 1
    with pytest.raises(Forbidden):
        actions.take_back_call(actor=actor("gao"), case=case)
    actions.take_back_call(actor=actor("lin"), case=case)
    assert (running(case).step, running(case).next_act) == (0, "escalate")
    back(case, CallBackOutcome.DECLINED)
    wait(minutes=11)
    with pytest.raises(WrongState):
        actions.take_back_call(actor=actor("lin"), case=case)


AGREED = {"callback_consent": "yes"}


def day(days: int) -> datetime:
    """By the end of the day that lies so many days ahead."""
    return by_the_end_of(now().astimezone(TIMEZONE).date() + timedelta(days=days))


def test_a_caller_below_danger_is_called_back_where_she_agreed_and_only_there(wait: Any) -> None:
    for words in (YELLOW, GREEN, GREEN | {"callback_when": "明天"}, YELLOW | {"callback_consent": "no"}):
        assert "callback" not in clocks(call(words)), words
    assert clocks(call(RED | {"callback_consent": "no"}))["callback"] == "running"  # her life comes before it
    moderate, low, asked = call(YELLOW | AGREED), call(GREEN | AGREED), call(GREEN | AGREED | {"callback_when": "后天"})
    began = running(moderate).started_at
    assert abs(running(moderate).due_at - began - timedelta(days=7)) < timedelta(minutes=1)
    assert abs(running(low).due_at - began - timedelta(days=7)) < timedelta(minutes=1)
    assert running(asked).due_at == day(2)
    back(asked, CallBackOutcome.REACHED)
    assert clocks(asked)["callback"] == "met"
    actions.close_case(actor=actor("lin"), case=fresh(low), reason="no_concern")
    assert clocks(low)["callback"] == "void"
    shown = signed_in("lin").get(reverse("call_backs")).content.decode()
    assert moderate.reference in shown and low.reference not in shown and asked.reference not in shown
    back(moderate, CallBackOutcome.REACHED)
    month = callbacks(running(moderate).started_at, Policy(), Tier.YELLOW)[1]
    assert (running(moderate).step, abs(running(moderate).due_at - month) < timedelta(minutes=1)) == (1, True)


@pytest.mark.parametrize("outcome", [CallBackOutcome.REACHED, CallBackOutcome.DECLINED])
def test_an_intent_that_is_rated_on_a_call_back_raises_a_case_that_stands_lower(
    db: None, outcome: CallBackOutcome
) -> None:
    """On the sheet of a call the same number would: whoever is called back is not heard less."""
    case = call(GREEN | AGREED)
    words = {"note": "不太好", "hope": 20, "distress": 80, "intent": 70}
    actions.call_back(actor=actor("lin"), case=case, outcome=outcome, words=words)
    assert (fresh(case).tier, clocks(case)["acknowledge"]) == ("yellow", "running")
    with identity(MACHINE):
        assert Notice.objects.filter(kind="warning", target=f"case:{case.reference}", tier="yellow").exists()
    calm = call(GREEN | AGREED)
    actions.call_back(actor=actor("lin"), case=calm, outcome=outcome, words={**words, "intent": 0})
    assert fresh(calm).tier == "green"


def test_a_promise_that_is_missed_climbs_the_ladder_and_one_in_danger_is_kept_besides_policy_s(wait: Any) -> None:
    green = call(GREEN | AGREED | {"callback_when": "明天"})
    red = call(RED | AGREED | {"callback_when": "3天后 16点"})
    assert running(red).due_at < day(1) + timedelta(days=1)
    back(red, CallBackOutcome.REACHED)
    assert (running(red).step, running(red).due_at) == (1, day(3))
    back(red, CallBackOutcome.REACHED)
    assert running(red).step == 2 and running(red).due_at > day(6)
    wait(days=2, minutes=1)
    for _ in range(3):
        tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(deadline=running(green)).exists()


def going(words: dict[str, Any]) -> tuple[Any, Case]:
    """A call that was logged while it still goes on: its draft, and its case."""
    lin, draft = actor("lin"), uuid7()
    actions.save_draft(actor=lin, draft_id=draft, kind=DraftKind.CALL, words=words, base=0)
    sheet = actions.CallSheet(words=words, division="330902")
    return draft, actions.take_call(actor=lin, call=sheet, draft=draft, goes_on=True, key=draft)


def test_a_sheet_that_goes_on_moves_what_was_promised_and_takes_it_back(db: None) -> None:
    draft, case = going(GREEN)

    def on(**more: Any) -> None:
        sheet = actions.CallSheet(words=GREEN | more, division="330902")
        actions.continue_call(actor=actor("lin"), case=fresh(case), call=sheet, draft=draft)

    assert "callback" not in clocks(case)
    on(**AGREED)
    first = running(case)
    on(**AGREED, narrative="又说了一会儿")
    assert running(case).pk == first.pk  # nothing new was promised: the same clock
    on(**AGREED, callback_when="后天")
    assert running(case).due_at == day(2)
    on(callback_consent="no")
    assert clocks(case)["callback"] == "void"
    on(**AGREED, callback_when="后天")
    on(**AGREED, callback_when="后天", **{code: value for code, value in RED.items() if code not in GREEN})
    assert fresh(case).tier == "red" and running(case).tier == "red"
    assert running(case).due_at < day(1) + timedelta(days=1)
    with identity(MACHINE):
        assert Call.objects.get(case=case).promised_at == day(2)


TOLD = {
    **{"callback_number": "13900000077", "callback_when": "后天放学后", "safe_words": "就说是图书馆"},
    **{"contact": "住校", "narrative": "不该在这一页上的话"},
}


def test_the_page_of_a_call_back_opens_what_she_needs_before_she_rings_and_that_is_recorded(db: None) -> None:
    case = call(YELLOW | AGREED | TOLD)
    page = reverse("call_back", args=[case.reference])
    shown = signed_in("lin").get(page).content.decode()
    for code in ("callback_number", "callback_when", "safe_words", "contact"):
        assert TOLD[code] in shown, code
    assert TOLD["narrative"] not in shown
    assert readings(case, "lin") == [{Section.IDENTITY, Section.NARRATIVE, Section.SEALED}]

    gao, until = User.objects.get(username="gao"), now() + timedelta(days=1)
    with identity(MACHINE):  # a colleague helps out, without the sealed section
        grant(case, to=gao, origin=Origin.GIVEN, expires_at=until, by=actor("lin"), holds=FULL)
    shown = signed_in("gao").get(page).content.decode()
    assert TOLD["safe_words"] in shown and TOLD["callback_number"] not in shown and "回访号码已封存" in shown
    assert readings(case, "gao") == [{Section.IDENTITY, Section.NARRATIVE}]
    assert signed_in("su").get(page).status_code == 404

    actions.stop_contact(actor=actor("lin"), case=case, because="家中有危险")
    shown = signed_in("lin").get(page).content.decode()
    assert TOLD["callback_number"] not in shown and "家中有危险" in shown


def readings(case: Case, who: str) -> list[set[str]]:
    """Which sections somebody opened, reading by reading."""
    with identity(actor("lin")):
        rows = Event.objects.filter(stream=case.pk, act=Tag.READ_FILE, actor_id=actor(who).id).order_by("seq")
        return [set(json.loads(bytes(row.body))["facts"]["sections"]) for row in rows]

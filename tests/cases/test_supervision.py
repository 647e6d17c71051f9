"""The supervisor of the hotline: her sample, what a review opens and for how long, the load, the note after a call."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal
from cases.display import timeline
from cases.models import Call, Debriefing, Review, Section
from cases.quality import Load, Taken, drawn, loads
from tests.cases.review_stage import call_of
from tests.exchange.stage import rang
from tests.stage import GREEN, RED, actor, call, desk, fresh, policy, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import held
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

GOOD = {"process": 4, "attitude": 5, "communication": 3}


def test_the_sample_is_of_its_size_and_grows_with_its_share() -> None:
    calls, key = [UUID(int=n) for n in range(4000)], b"k" * 32
    five = {one for one in calls if drawn(one, 5, key)}
    assert 140 < len(five) < 260
    assert five < {one for one in calls if drawn(one, 20, key)}
    assert all(drawn(one, 100, key) for one in calls) and not any(drawn(one, 0, key) for one in calls)
    assert five != {one for one in calls if drawn(one, 5, b"another" * 5)}


def test_the_load_is_that_of_the_shift_and_too_many_reds_are_heavy() -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    hours = [at - timedelta(hours=n) for n in range(24)]
    taken = [Taken(1, "a", hours[n], 10, red=n < 4) for n in (1, 2, 3, 9)] + [Taken(2, "b", hours[5], 7, red=False)]
    taken.append(Taken(3, "c", hours[20], 7, red=True))  # of an earlier shift
    found = loads(taken, {1: ("a", hours[8], at), 4: ("d", hours[8], at)}, hours[12], 3)
    assert found == [
        Load(1, "a", hours[8], at, 3, 30, 3, heavy=True),
        Load(2, "b", hours[12], None, 1, 7, 0, heavy=False),
        Load(4, "d", hours[8], at, 0, 0, 0, heavy=False),
    ]


@pytest.mark.django_db
def test_a_review_opens_a_call_of_the_sample_for_its_days_and_judges_it_once(wait: Any) -> None:
    policy(review_percent=0)
    red, green, own = call(RED), call(GREEN), call(RED, by="su")
    su, page = actor("su"), signed_in("su")
    shown = page.get(reverse("reviews")).content.decode()
    assert str(call_of(red).pk) in shown
    for other in (green, own):
        assert str(call_of(other).pk) not in shown
        with pytest.raises(Forbidden):
            actions.begin_review(actor=su, call_id=call_of(other).pk)
    with identity(su), pytest.raises(Forbidden):
        open_case(su, red.reference)
    went = page.post(reverse("begin_review", args=[call_of(red).pk]))
    with identity(su):
        review = Review.objects.get()
        file = reveal(su, open_case(su, red.reference), [Section.NARRATIVE], Purpose.SUPERVISION)
        assert file.entries and not any(entry.section == Section.SEALED for entry in file.entries)
        with pytest.raises(Forbidden):
            open_case(su, red.reference, P.RISK_ASSESS)
        grant = {(one.origin, one.hold) for one in held(su, red)}
    assert went["Location"] == reverse("judge_review", args=[review.pk])
    assert grant == {(Origin.SUPERVISION, "see"), (Origin.SUPERVISION, "read")}
    assert red.reference in page.get(went["Location"]).content.decode()
    with pytest.raises(WrongState):
        actions.begin_review(actor=su, call_id=call_of(red).pk)
    with pytest.raises(Invalid):
        actions.judge_review(actor=su, review_id=review.pk, marks=GOOD | {"attitude": 6})
    sent = page.post(went["Location"], {**GOOD, "note": "问得直接", "key": str(uuid4())})
    assert sent["Location"] == reverse("reviews")
    with pytest.raises(WrongState):
        actions.judge_review(actor=su, review_id=review.pk, marks=GOOD)
    done = fresh(review)
    assert (done.process, done.attitude, done.communication) == (4, 5, 3)
    assert "问得直接".encode() not in bytes(done.sealed)
    for name in ("gao", "zhou", "an"):
        with identity(actor(name)):
            assert not Review.objects.exists(), name
    with identity(actor("lin")):
        assert not DataKeyRow.objects.filter(owner_kind="review").exists(), "her marks, and not the note"
    mine = signed_in("lin").get(reverse("shift")).content.decode()
    assert "流程 4 分，态度 5 分，沟通 3 分" in mine and "问得直接" not in mine
    he = signed_in("he")  # su is the only supervisor: the city's duty reviews her calls, and nobody else's
    shown = he.get(reverse("reviews")).content.decode()
    assert str(call_of(own).pk) in shown and str(call_of(red).pk) not in shown
    with pytest.raises(Forbidden):
        actions.begin_review(actor=actor("he"), call_id=call_of(green).pk)
    hers = actions.begin_review(actor=actor("he"), call_id=call_of(own).pk)
    actions.judge_review(actor=actor("he"), review_id=hers.pk, marks=GOOD)
    with identity(su):
        assert {one.pk for one in Review.objects.all()} == {review.pk, hers.pk}
    with identity(Actor.machine("ticker")):
        assert not DataKeyRow.objects.filter(owner_kind="review").exists()
    wait(days=8)
    with identity(su), pytest.raises(Forbidden):
        open_case(su, red.reference)
    assert "4" in page.get(reverse("reviews")).content.decode()


@pytest.mark.django_db
def test_a_call_that_its_counsellor_wants_looked_at_stands_first_with_that_reason(wait: Any) -> None:
    policy(review_percent=0)
    asked = call(GREEN | {"review": "yes"})
    wait(minutes=2)
    red, quiet = call(RED), call(GREEN | {"review": "no"})
    page = signed_in("su")
    rows = page.get(reverse("reviews"))
    assert [(one.call.case_id, one.asked, one.high) for one in rows.context["rows"]] == [
        (asked.pk, True, False),
        (red.pk, False, True),
    ]
    text = rows.content.decode()
    assert text.count("接线员请求督导</strong>") == 1 and str(call_of(quiet).pk) not in text
    review = actions.begin_review(actor=actor("su"), call_id=call_of(asked).pk)
    assert [one.asked for one in page.get(reverse("reviews")).context["rows"]] == [True, False]  # begun, not judged
    actions.judge_review(actor=actor("su"), review_id=review.pk, marks=GOOD)
    assert [one.asked for one in page.get(reverse("reviews")).context["rows"]] == [False, True]


@pytest.mark.django_db
def test_a_note_after_a_hard_call_is_between_her_and_the_supervisor() -> None:
    case, lin = call(RED), signed_in("lin")
    pk = call_of(case).pk
    assert reverse("debrief", args=[pk]) in lin.get(reverse("shift")).content.decode()
    assert lin.post(reverse("debrief", args=[pk]), {"text": " ", "key": str(uuid4())}).status_code == 422
    assert lin.post(reverse("debrief", args=[pk]), {"text": "手还在抖", "key": str(uuid4())}).status_code == 302
    for other in ("gao", "zhou", "su"):
        with pytest.raises(Forbidden):
            actions.write_debriefing(actor=actor(other), call_id=pk, text="x")
    shown = lin.get(reverse("shift")).content.decode()
    assert "手还在抖" in shown and "手还在抖" not in signed_in("gao").get(reverse("shift")).content.decode()
    assert "手还在抖" in signed_in("su").get(reverse("reviews")).content.decode()
    with identity(Actor.machine("ticker")):
        told = Notice.objects.get(kind="debrief_left")
        assert (told.desk_id, told.target) == (desk("hotline", Role.HOTLINE_SUPERVISOR).pk, "reviews")
    # it speaks of her, not of the case: whoever works on the case does not read that she needed one
    with identity(actor("zhou")):
        assert len(timeline(actor("zhou"), case, limit=100)) == 1
    for name, sees in (("lin", True), ("su", True), ("gao", False), ("zhou", False), ("an", False)):
        with identity(actor(name)):
            assert Debriefing.objects.exists() == sees, name
    with identity(actor("lin")), pytest.raises(DatabaseError), transaction.atomic():
        Debriefing.objects.update(at=now())  # never changed


@pytest.mark.django_db
def test_the_live_desks_show_who_carries_too_much() -> None:
    policy(reds_per_shift=2)
    for _n in range(2):
        call(RED)
    call(GREEN, by="gao")
    rang("live", ended=False)
    rang("waits", answered=False, ended=False, ago=timedelta(seconds=95))
    page = signed_in("su").get(reverse("live_desks"))
    assert [(one.name, one.calls, one.reds, one.heavy) for one in page.context["loads"]] == [
        ("林晓(热线)", 2, 2, True),
        ("高远(热线)", 1, 0, False),
    ]
    text = page.content.decode()
    assert "负荷过重" in text and "8001" in text
    # who waits and for how long, and how long people waited on this day
    assert re.search(r"等待中.*?>1:3\d<", text, re.S) and "等待中位数" in text and page.context["today"].wait_s == 9
    with identity(actor("su")):
        assert not Call.objects.exists()  # she sees numbers, and no call


def test_too_many_red_calls_in_a_shift_are_told_once(wait: Any) -> None:
    def told() -> list[tuple[int | None, str]]:
        with identity(Actor.machine("test")):
            return list(Notice.objects.filter(kind="heavy_shift").values_list("desk_id", "target"))

    to_su = (desk("hotline", Role.HOTLINE_SUPERVISOR).pk, "live_desks")
    for _red in range(2):
        call(RED)
    call(RED, by="gao")
    call(GREEN)
    assert told() == [], "two of Lin's, one of Gao's"
    call(RED)
    call(RED)
    assert told() == [to_su], "from the third on, and once"
    wait(hours=13)
    for _red in range(2):
        call(RED)
    assert told() == [to_su]
    call(RED)
    assert told() == [to_su, to_su], "the next shift counts anew"

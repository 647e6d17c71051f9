"""Meetings of a school counsellor: noted from a template or in free words, and of a group in each file alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case
from cases.session import Meeting
from tests.cases.school_stage import entries, report
from tests.stage import YELLOW, actor, fresh, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden
from wellbeing.workdays import now


def test_a_meeting_is_noted_from_the_template_or_in_free_words(db: None) -> None:
    case, chen = managed(), signed_in("chen")
    address = reverse("log_session", args=[case.reference])
    assert "家访" in chen.get(f"{address}?kind=home_visit").content.decode()
    soon = (now() + timedelta(days=3)).replace(second=0, microsecond=0)
    form = {"key": uuid4(), "kind": "home_visit", "visitors": "陈卓、丁蓉", "child_seen": "yes", "home": "与奶奶同住"}
    assert chen.post(address, {**form, "next_at": soon.strftime("%Y-%m-%dT%H:%M")}).status_code == 302
    assert chen.post(address, {"key": uuid4(), "kind": "session"}).status_code == 422  # nothing is said
    late = {"key": uuid4(), "kind": "session", "free": "愿意再来", "held_at": "2099-01-01T08:00"}
    answer = chen.post(address, late)
    assert answer.status_code == 422 and "愿意再来" in answer.content.decode()
    assert chen.post(address, {**late, "key": uuid4(), "held_at": ""}).status_code == 302
    kinds = {e.kind: e for e in entries(case) if e.kind in ("home_visit", "session")}
    assert kinds["home_visit"].words["home"] == "与奶奶同住" and kinds["session"].words == {"free": "愿意再来"}
    assert fresh(case).status == "following"
    with identity(actor("chen")):
        (clock,) = _clocks.running(fresh(case), ClockKind.FOLLOW_UP)
    assert clock.due_at != soon  # the session after the visit set it anew, by policy
    closed = report("小满")
    actions.close_case(actor=actor("chen"), case=closed, reason="no_concern")
    with identity(Actor.machine("test")):
        assert Case.objects.get(pk=closed.pk).status == "closed"
    with pytest.raises(Forbidden):
        actions.log_session(actor=actor("chen"), case=closed, kind=Meeting.SESSION, words={"free": "x"})


def test_the_note_of_a_meeting_that_was_before_the_danger_puts_off_no_follow_up(db: None, wait: Any) -> None:
    """She writes up last week's talks; that the case rose since is answered by none of them."""
    case, chen = managed(YELLOW), actor("chen")
    wait(minutes=1)
    held = now()
    wait(days=7)
    actions.raise_tier(actor=actor("zhou"), case=case, to="red")

    def due() -> datetime:
        with identity(chen):
            return _clocks.running(fresh(case), ClockKind.FOLLOW_UP)[0].due_at

    before = due()
    wait(hours=20)
    late = {"actor": chen, "kind": Meeting.SESSION, "words": {"free": "上周谈过"}, "held_at": held}
    actions.log_session(case=fresh(case), next_at=now() + timedelta(days=5), **late)
    actions.log_session(case=fresh(case), **late)
    assert due() == before
    soon = now() + timedelta(hours=1)
    actions.log_session(case=fresh(case), next_at=soon, **late)
    assert due() == soon
    actions.log_session(case=fresh(case), **{**late, "held_at": None})
    assert due() > before, "a talk since then is one"


def test_a_group_session_stands_in_each_file_alone(db: None) -> None:
    one, two, other = report("小舟"), report("小桨"), managed()
    chen = signed_in("chen")
    address = reverse("log_group")
    looked = chen.post(address, {"key": uuid4(), "find": "xiaozhou", "look": "1"}).content.decode()
    assert one.reference in looked and "checked" in looked and two.reference not in looked
    form: dict[str, Any] = {
        "key": uuid4(),
        "cases": [one.reference, two.reference],
        "situation": "练习说不",
        f"own_{two.reference}": "主动发言",
    }
    alone = chen.post(address, {**form, "key": uuid4(), "cases": [one.reference]})
    assert alone.status_code == 422 and "练习说不" in alone.content.decode()
    assert chen.post(address, form).status_code == 302
    said = {case.pk: [e.words for e in entries(case) if e.kind == "group"] for case in (one, two, other)}
    assert said == {
        one.pk: [{"situation": "练习说不"}],
        two.pk: [{"situation": "练习说不", "own": "主动发言"}],
        other.pk: [],
    }
    with pytest.raises(Forbidden):  # one of them is not hers: nothing is kept
        actions.log_group(
            actor=actor("wu"), references=[one.reference, two.reference], words={"free": "x"}, own={}, held_at=None
        )

"""Undoing, where it is safe: what was done offers the inverse act on the next page, and both stand in the audit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CampaignStudent, Deadline, Restriction, ShiftNote
from cases.shift import note_owed
from tests.cases.review_stage import harassed, restriction
from tests.exchange.stage import rang, seated
from tests.rota.scenes import dinghai, hour, rows, shift, user_id
from tests.stage import acknowledged, actor, campaign, clocks, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import held
from wellbeing.exchange.seats import seats
from wellbeing.people.models import Role
from wellbeing.reports import counting
from wellbeing.rota.models import Shift
from wellbeing.workdays import TIMEZONE, now

pytestmark = pytest.mark.django_db
FORM = re.compile(r'<form method="post" class="undo" action="([^"]+)">(.*?)</form>', re.S)
FIELD = re.compile(r'name="([^"]+)" value="([^"]*)"')


def done(browser: Client, address: str, words: dict[str, object], pause: Callable[[], None] = lambda: None) -> Client:
    """Send a form, follow it to the next page, and press "undo" there, twice."""
    answer = browser.post(address, {"key": str(uuid4()), **words})
    assert answer.status_code == 302, answer.content.decode()
    to, inside = FORM.findall(browser.get(answer["Location"]).content.decode())[
        -1
    ]  # an undo that was pressed before offers its own
    fields = {unescape(name): unescape(value) for name, value in FIELD.findall(inside)}
    pause()
    assert browser.post(unescape(to), fields).status_code == 302
    assert browser.post(unescape(to), fields).status_code in (302, 409), "a second press does nothing"
    return browser


def test_what_is_done_by_mistake_is_undone_by_one_press() -> None:
    case, lin, zhou, su = acknowledged(), actor("lin"), signed_in("zhou"), signed_in("su")
    # a note to the next shift: it is owed again, and shown to nobody
    done(signed_in("lin"), reverse("shift"), {"text": "写错了"})
    with identity(lin):
        assert ShiftNote.objects.get().withdrawn_at and note_owed(lin)
    assert "写错了" not in signed_in("gao").get(reverse("shift")).content.decode()
    # late: one that her next note followed stands, for her and for whoever read it; somebody else's does anyway
    for text in ("先写的", "后写的"):
        assert signed_in("lin").post(reverse("shift"), {"key": str(uuid4()), "text": text}).status_code == 302
    with identity(lin):
        later, first = ShiftNote.objects.order_by("-at", "-pk")[:2]
    for name, note, status in (("lin", first, 409), ("gao", later, 404)):
        sent = signed_in(name).post(reverse("withdraw_note", args=[note.pk]), {"key": str(uuid4())})
        assert sent.status_code == status, name
    # a call of the exchange that needs no sheet
    ring = rang("undo")
    done(signed_in("lin"), reverse("settle_ring", args=[ring.pk]), {"why_not": "silent"})
    assert (fresh(ring).why_not, fresh(ring).settled_at) == ("", None)
    # a number that was restricted
    done(su, reverse("restrict_caller", args=[harassed().pk]), {"days": 7})
    with identity(actor("su")):
        lifted = Restriction.objects.get()
        assert lifted.ended == "lifted"
    # one that was lifted by mistake: it runs again, for the days that were left
    again = restriction()
    done(su, reverse("lift_restriction", args=[again.pk]), {})
    with identity(actor("su")):
        runs = Restriction.objects.get(ended_at=None)
        assert (runs.mark, runs.quarter) == (again.mark, again.quarter) and runs.pk not in (again.pk, lifted.pk)
        assert again.until - timedelta(days=1) <= runs.until <= again.until, "no longer than before"
    # a clock that was paused
    done(
        zhou,
        reverse("pause_clock", args=[case.reference]),
        {"kind": "first_meeting", "why": "agreed", "because": "改期"},
    )
    assert clocks(case)["first_meeting"] == "running"
    # a call-back with somebody reached, or who wants no more: due again as it was, once, and counted as none
    with identity(actor("lin")):
        due = Deadline.objects.get(case=case, kind="callback", state="running").due_at
    for outcome in ("reached", "declined"):
        done(signed_in("lin"), reverse("call_back", args=[case.reference]), {"outcome": outcome})
        with identity(actor("lin")):
            assert [c.due_at for c in Deadline.objects.filter(case=case, kind="callback", state="running")] == [due]
    said = zhou.get(reverse("case", args=[case.reference])).content.decode()
    assert said.count("误记，已撤销") == 2 and "已联系上" in said
    with identity(Actor.machine("reports")):
        assert list(counting._tries(now() - timedelta(days=1), now() + timedelta(days=1))) == []
    # a file that was opened to others
    to = desk("city-centre", Role.CITY_DUTY)
    given = {"to": f"desk:{to.pk}", "hold": "read", "until": now().date() + timedelta(days=3), "because": "会商"}
    done(signed_in("lin"), reverse("grant_access", args=[case.reference]), given)
    with identity(actor("he")):
        assert not held(actor("he"), case)
    # who takes part in a screening
    _made, ((student, _words),) = campaign("S1", consent="signed")
    for said in ("no", "yes"):  # a click taken back is neither a consent that nobody gave nor an opting out
        done(signed_in("chen"), reverse("opt_out", args=[student.pk]), {"takes_part": said})
        with identity(actor("chen")):
            one = CampaignStudent.objects.get(pk=student.pk)
        assert (one.opted_out_at, one.consented_at) == (None, None), said


def sits() -> list[str]:
    """Who sits at the seat 8001 now."""
    with identity(actor("su")):
        return [one.counsellor.username for one in seats(actor("su").posts[0].organisation_id) if one.until is None]


def test_a_rota_and_a_seat_are_as_they_were_before(wait: Any) -> None:
    zhou, su = signed_in("zhou"), signed_in("su")
    kept, person = shift("luo", 30, 38), user_id("zhou")
    wait(minutes=1)
    span = {"starts_at": hour(40).astimezone(TIMEZONE), "ends_at": hour(48).astimezone(TIMEZONE)}
    done(
        zhou,
        reverse("plan_shift", args=[dinghai().pk]),
        {"user_id": person, **{k: f"{at:%FT%R}" for k, at in span.items()}},
    )
    assert rows(Shift) == [kept]
    week = {"first_day": now().date() + timedelta(days=3), "weeks": 2, "weekdays": [0, 1, 2, 3, 4, 5, 6]}
    done(
        zhou,
        reverse("plan_week", args=[dinghai().pk]),
        {**week, "starts_1": "08:00", "ends_1": "20:00", "person_1": person},
    )
    assert rows(Shift) == [kept], "all of the plan, and nothing of another"
    # the seat: somebody else sits there again; one that nobody sat at is free; one that was freed has her back
    first = seated("8001", "lin", ago=timedelta(hours=1))
    done(su, reverse("seats"), {"seat": "8001", "counsellor": user_id("gao")}, lambda: wait(minutes=1))
    assert sits() == ["lin"] and fresh(first).until is not None
    done(su, reverse("seats"), {"seat": "8002", "counsellor": user_id("gao")}, lambda: wait(minutes=1))
    assert sits() == ["lin"]
    with identity(actor("su")):
        (now_there,) = (one for one in seats(first.hotline_id) if one.until is None)
    done(su, reverse("leave_seat", args=[now_there.pk]), {}, lambda: wait(minutes=1))
    assert sits() == ["lin"]
    with identity(actor("su")):
        back, *before = [one for one in seats(first.hotline_id) if one.counsellor.username == "lin"]
    assert back.since == before[0].until, "without a gap: whatever she took meanwhile is hers"
    # entered for earlier: the calls in between would keep the wrong name, so nothing is offered
    earlier = f"{now().astimezone(TIMEZONE):%FT%R}"
    wait(minutes=5)
    answer = su.post(reverse("seats"), {"key": uuid4(), "seat": "8003", "counsellor": user_id("gao"), "since": earlier})
    assert answer.status_code == 302 and not FORM.findall(su.get(answer["Location"]).content.decode())

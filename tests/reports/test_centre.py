"""Figures of the city's centre from the doors, and calls sorted a second time that give no call away."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from cases import actions as cases
from cases.tick import tick
from tests.registers.scenes import activity, incident
from tests.stage import RED, actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.registers import actions as registers
from wellbeing.registers.kinds import ActivityKind
from wellbeing.reports import figures, paper, subject
from wellbeing.reports import measures as m
from wellbeing.reports.actions import publish_month
from wellbeing.reports.actions.publish_month import _again
from wellbeing.reports.counting import count_day
from wellbeing.reports.models import DayFigure
from wellbeing.reports.months import back, month_of
from wellbeing.reports.sheets import Sheet, pdf_bytes
from wellbeing.suppression import rounded
from wellbeing.workdays import now

MACHINE = Actor.machine("ticker")


def counted(day: date | None = None) -> Counter[str]:
    with identity(MACHINE):
        found: Counter[str] = Counter()
        for (_division, measure), n in count_day(day or now().date()).items():
            found[measure] += n
        return found


@pytest.mark.django_db
def test_a_case_that_goes_up_to_the_centre_and_how_it_ends(wait: Any) -> None:
    case = call(RED)
    wait(minutes=59)
    tick()  # nobody acknowledged it: county, then city, are told
    taken = now().date()
    assert counted()["taken.cases"] == 1
    wait(hours=3)
    before = counted()["sessions.held"]
    cases.assess_risk(actor=actor("lin"), case=fresh(case), words=RED, face_to_face=True)
    assert counted()["sessions.held"] == before + 1
    wait(days=91)
    judged = {k: n for k, n in counted(taken + timedelta(days=7)).items() if k.startswith("contact")}
    assert sum(judged.values()) == 1 and "contact:beyond" not in judged
    assert counted(taken + timedelta(days=30))["after30.same"] == 1
    assert counted(taken + timedelta(days=90))["after90.same"] == 1
    assert not counted(taken + timedelta(days=1))["taken.cases"]


@pytest.mark.django_db
def test_activities_and_incidents_by_day() -> None:
    one = activity(ActivityKind.EVENT, reached=400)
    activity(ActivityKind.TRAINING, reached=31)
    incident(happened_at=now())
    found = counted()
    assert (found["activities.event"], found["reached.event"], found["activities.training"]) == (1, 400, 1)
    assert found["incidents.student"] == 1
    registers.strike_activity(actor=actor("he"), activity=one)
    assert not counted()["activities.event"]


@pytest.mark.django_db
def test_acts_of_the_centre_are_published_as_they_are_and_people_in_fives() -> None:
    month = back(month_of(now().date()), 1)
    rows = {"activities.training": 3, "reached.training": 33, "hours.h10": 41, "weekdays.mon": 41, "lines.2912345": 41}
    with identity(MACHINE):
        DayFigure.objects.bulk_create(
            DayFigure(day=month, division_id=m.CITY, measure=measure, counted=n, waiting=n)
            for measure, n in {**rows, "calls.other_day": 41}.items()
        )
    publish_month(actor=MACHINE, month=month)
    shen = actor("shen")
    with identity(shen):
        page, book = subject.page(shen, "centre"), figures.past_year(shen)
        hotline = subject.page(shen, "hotline")
    texts = {row["code"]: row["month"] for row in page["rows"]}
    assert (texts["trainings"], texts["trained"]) == ("3", "≈ 35")
    sums = book.sums(["calls.other_day", "hours.h10", "weekdays.mon", "lines.2912345"], book.months)
    assert set(sums.values()) == {40}
    assert [one["code"] for one in hotline["patterns"]] == ["hours", "weekdays", "lines", "kinds"]
    assert [part["title"] for part in page["chain"]] and len(page["chain"]) == 4
    for made in (page, hotline):
        made_pdf = pdf_bytes(Sheet("x", [], lambda: [], lambda made=made: paper.of_subject(made)), "mark")
        assert made_pdf.startswith(b"%PDF")


def test_calls_sorted_again_always_have_a_world_of_fives() -> None:
    """Over many random months: every published second table is of fives, none negative, and its groups have the sums
    that the first table was published with, so that one history of fives would have shown both."""
    dice = random.Random(2912345)
    calls = next(table for table in m.TABLES if table.code == "calls")
    left: Counter[tuple[str, str]] = Counter()
    for _month in range(300):
        for _call in range(dice.randint(0, 40)):
            hour = dice.randrange(24)
            night = f"h{hour:02}" in m.NIGHT
            kind = f"calls.{dice.choice(('high', 'other'))}_{'night' if night else 'day'}"
            left[dice.choice(("330902", "330903", m.CITY)), kind] += 1
            left[m.CITY, f"hours.h{hour:02}"] += 1
            left[m.CITY, f"weekdays.{dice.choice(m.WEEKDAYS)}"] += 1
            left[m.CITY, f"lines.{dice.choice(m.LINES)}"] += 1
            left[m.CITY, f"kinds.{dice.choice(m.KINDS)}"] += 1
        cells = [(code, measure) for measure in calls.measures for code in ("330902", "330903", m.CITY)]
        made = dict(zip(cells, rounded([left[cell] for cell in cells]), strict=True))
        for again in m.AGAIN:
            found = dict(_again(again, made, left))
            assert all(n >= 0 and n % 5 == 0 for n in found.values())
            for of, group in again.groups.items():
                same = sum(n for (_c, measure), n in made.items() if measure.removeprefix("calls.") in of.split())
                assert sum(found[m.CITY, f"{again.code}.{cell}"] for cell in group) == same
            left.subtract(found)
        left.subtract(made)
    assert max(map(abs, left.values())) < 40  # nothing drifts away

"""Thirteen invented months of figures before the demo city begins, so that its pages show what a running city's would.

Written as a machine would have counted them, then published by the door. Rates are near those of PRACTICE.md 3.5.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from cases.ballots import Slip
from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.reports import centre_measures
from wellbeing.reports import measures as m
from wellbeing.reports.ballot_measures import tally
from wellbeing.reports.models import DayFigure, FigureDay, MonthFigure
from wellbeing.reports.months import back, month_of
from wellbeing.reports.prepare import prepare
from wellbeing.workdays import now

BEFORE = timedelta(days=4)  # the days after these are counted from the demo's own cases
# Where callers live, in parts of a hundred; some do not say.
HOMES = {"330902": 38, "330903": 32, "330921": 14, "330922": 6, m.CITY: 10}


def load_figures() -> None:
    """Once: an invented history, up to the days of the demo's own cases."""
    with identity(TICKER):
        if FigureDay.objects.exists():
            return
        at = now()
        dice, day = random.Random(2912345), back(month_of(at.date()), 13)
        days, rows = [], []
        while day < at.date() - BEFORE:
            days.append(FigureDay(day=day, counted_at=at))
            rows += [
                DayFigure(day=day, division_id=division, measure=measure, counted=n, waiting=n)
                for (division, measure), n in _day(dice, day).items()
            ]
            day += timedelta(days=1)
        FigureDay.objects.bulk_create(days)
        DayFigure.objects.bulk_create(rows)
    prepare(since=at.date() - BEFORE)  # no day between is left out: the data platform's file would be refused
    with identity(TICKER):
        months = MonthFigure.objects.order_by("month").values_list("month", flat=True).distinct()
        MonthFigure.objects.bulk_create(
            MonthFigure(month=month, division_id=m.CITY, measure=measure, value=value)
            for month in months
            for measure, value in tally(_slip(dice) for _call in range(dice.randint(180, 330))).items()
        )


def _slip(dice: random.Random) -> Slip:
    """What a call leaves in the ballot box of its month."""
    found: Slip = {
        "caller_from": dice.choices(("local", "outside", ""), (80, 8, 12))[0],
        "difficult": dice.choices(("yes", "no", ""), (9, 71, 20))[0],
        "mhl23": dice.choices(("advised", "not_advised", ""), (10, 4, 86))[0],
    }
    if dice.random() < 0.9:
        found["topic"] = dice.choices(list(TOPICS), list(TOPICS.values()))[0]
    if dice.random() < 0.3:
        found["mark"] = dice.choices((5, 4, 3, 2, 1), (48, 35, 11, 4, 2))[0]
    if dice.random() < 0.12:
        found["intent_drop"] = round(dice.gauss(28, 14))
    return found


TOPICS = {
    **{"study": 22, "family": 17, "peers": 14, "emotion": 18, "self_harm": 6, "romance": 4, "sexuality": 1},
    **{"internet": 5, "bullying": 3, "abuse": 1, "sleep": 3, "health": 1, "symptoms": 3, "adapting": 3},
    **{"marriage": 2, "parenting": 5, "other": 3},
}
CAMPAIGN_ENDS = ((4, 24), (10, 23))  # month and day


def _day(dice: random.Random, day: date) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    busy = 1.4 if day.month in (3, 4, 5, 10, 11) else 0.7 if day.month in (2, 7, 8) else 1.0
    for _call in range(round(dice.uniform(5, 15) * busy)):
        home = dice.choices(list(HOMES), list(HOMES.values()))[0]
        high, night = dice.random() < 0.13, dice.random() < 0.24
        found[home, f"calls.{'high' if high else 'other'}_{'night' if night else 'day'}"] += 1
        hour = dice.choice((22, 22, 23, 23, 0, 1, 5)) if night else 6 + int(16 * dice.betavariate(3.2, 2))
        found[m.CITY, f"hours.h{hour:02}"] += 1
        found[m.CITY, f"weekdays.{m.WEEKDAYS[day.weekday()]}"] += 1
        found[m.CITY, f"lines.{dice.choices(('2912345', '12356', '12355'), (86, 9, 5))[0]}"] += 1
        found[m.CITY, f"kinds.{dice.choices(m.KINDS, (86, 6, 3, 3, 1, 1))[0]}"] += 1
        wait = int(dice.expovariate(1 / 14)) + 3
        found[home, m.WAIT.measure(wait)] += 1
        found[home, m.WAITS] += 1
        found[home, m.SECONDS] += wait
        found[home, m.LENGTH.measure(round(dice.gauss(18, 8)))] += 1
        seen = dice.random() < (0.94 if high else 0.05)
        found[m.CITY, f"supervised.{'reviewed' if seen else 'unreviewed'}"] += 1
        _case(dice, found, home, high)
    if (day.month, day.day) in CAMPAIGN_ENDS:
        _screened(dice, found)
    found[m.CITY, "shifts.shifts"] += 4
    found[m.CITY, m.HOURS] += 24
    _centre(dice, found, day)
    return found


def _centre(dice: random.Random, found: Counter[tuple[str, str]], day: date) -> None:
    """A day of the city's centre: a case taken over now and then, and what it holds on working days."""
    home = dice.choices(list(HOMES), list(HOMES.values()))[0]
    if dice.random() < 0.45:
        found[home, "taken.cases"] += 1
        found[home, centre_measures.CONTACT.measure(int(dice.expovariate(1 / 9)) + 1)] += 1
        found[home, "sessions.held"] += dice.randint(2, 6)
        found[home, f"after30.{dice.choices(centre_measures.OUTCOMES, (20, 40, 35, 5))[0]}"] += 1
        found[home, f"after90.{dice.choices(centre_measures.OUTCOMES, (45, 35, 16, 4))[0]}"] += 1
    if dice.random() < 0.02:
        found[home, f"incidents.{dice.choices(('student', 'teacher'), (85, 15))[0]}"] += 1
    if day.weekday() < 5:
        for kind, chance, people in (
            ("training", 0.12, 40),
            ("supervision", 0.2, 6),
            ("event", 0.05, 320),
            ("class", 0.15, 45),
        ):
            if dice.random() < chance:
                found[m.CITY, f"activities.{kind}"] += 1
                found[m.CITY, f"reached.{kind}"] += round(people * dice.uniform(0.6, 1.5))


def _screened(dice: random.Random, found: Counter[tuple[str, str]]) -> None:
    """The end of a campaign: who answered, who did not, who opted out."""
    for home in HOMES:
        if home != m.CITY:
            listed = dice.randint(1500, 6000)
            unasked = round(listed * dice.uniform(0.01, 0.04))
            answered = round((listed - unasked) * dice.uniform(0.88, 0.98))
            found[home, "screened.answered"] += answered
            found[home, "screened.unasked"] += unasked
            found[home, "screened.unanswered"] += listed - unasked - answered
            found[home, "filed.sheets"] += dice.randint(0, 300)


def _case(dice: random.Random, found: Counter[tuple[str, str]], home: str, high: bool) -> None:
    """What comes of a call: a warning, its acknowledgement, call-backs, a referral."""
    tier = ("red" if dice.random() < 0.3 else "orange") if high else dice.choice(("yellow", "blue", ""))
    if tier:
        found[home, f"warnings.{tier}"] += 1
        found[home, f"acknowledged.{tier}_{'in_time' if dice.random() < 0.93 else 'late'}"] += 1
    if not high:
        return
    for _step in range(2):
        found[home, f"callbacks.{'in_time' if dice.random() < 0.88 else 'late'}"] += 1
        found[home, f"tries.{dice.choices(('reached', 'unreached', 'declined'), (70, 24, 6))[0]}"] += 1
    if dice.random() < 0.6:
        found[home, f"requests.{'accepted' if dice.random() < 0.9 else 'declined'}"] += 1
        found[home, f"visits.{'within' if dice.random() < 0.7 else 'later'}"] += 1
        end = dice.choices(("looped", "reported", "silent"), (70, 20, 10))[0]
        found[home, f"ended.{end}"] += 1
        if end != "silent":
            found[home, m.LOOP.measure(int(dice.expovariate(1 / 9)) + 2)] += 1

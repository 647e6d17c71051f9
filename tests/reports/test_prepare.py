"""Prepared figures: a recount by hand gives the same, again changes nothing, late entries wait for the next month."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, InternalError, connection, transaction

from cases import actions as cases
from cases.models import Call, CallBack, CallBackOutcome, Case, Deadline, Review, Warning
from cases.tick import end_campaigns, import_waiting
from referrals import actions as referrals
from referrals.models import Referral, Step
from tests.cases.review_stage import call_of
from tests.exchange.stage import rang
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, campaign, fresh, referred, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import WrongState
from wellbeing.reports import figures, oversight, subject
from wellbeing.reports import measures as m
from wellbeing.reports.actions import prepare_day, publish_month
from wellbeing.reports.counting import bounds, count_day
from wellbeing.reports.models import DayFigure, FigureDay, MonthFigure
from wellbeing.reports.months import back, last, month_of, next_month
from wellbeing.reports.prepare import GRACE, MOST, keep_up, prepare
from wellbeing.suppression import SMALL, rounded
from wellbeing.workdays import TIMEZONE, now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("ticker")


def rows(model: Any, **which: Any) -> list[Any]:
    with identity(MACHINE):
        return list(model.objects.filter(**which))


def prepared(**which: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows(DayFigure, **which):
        found[row.measure] += row.counted
    return +found


def published(month: date) -> dict[tuple[str, str], int]:
    return {(r.division_id, r.measure): r.value for r in rows(MonthFigure, month=month)}


def today() -> date:
    return now().date()


def test_months() -> None:
    assert back(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert last(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_of(date(2026, 11, 26)) == date(2026, 11, 1)


def test_an_empty_city_has_nothing_to_count() -> None:
    assert prepare() == 0 and rows(FigureDay) == []


@pytest.fixture
def city(wait: Any) -> None:
    """Ten days of a small city, thrown together by dice: calls, acknowledgements, call-backs, referrals."""
    dice, divisions = random.Random(2912345), ["330902", "330903", "330921", "330922", ""]
    for _day in range(10):
        for _call in range(dice.randint(0, 4)):
            words = dice.choice((RED, YELLOW, GREEN))
            at = now() - timedelta(hours=dice.choice((0, 1, 9, 30)), minutes=20)
            sheet = cases.CallSheet(
                words=words | {"call_kind": dice.choice(("", "valid", "silent", "repeat"))},
                division=dice.choice(divisions),
                started_at=at,
                answered_after_s=dice.choice((None, 4, 17, 44, 900)),
                length_min=dice.choice((None, 8, 20)),
            )
            case = cases.take_call(actor=actor("lin"), call=sheet)
            if words is RED and dice.random() < 0.5:
                wait(minutes=dice.choice((2, 40)))
                by = {"330902": "zhou", "330903": "ye"}.get(case.division_id)
                if by:
                    cases.acknowledge(actor=actor(by), case=case)
            if words is RED and dice.random() < 0.5:
                review = cases.begin_review(actor=actor("su"), call_id=call_of(case).pk)
                wait(hours=dice.choice((1, 90)))
                if dice.random() < 0.7:
                    marks = dict.fromkeys(("process", "attitude", "communication"), 3)
                    cases.judge_review(actor=actor("su"), review_id=review.pk, marks=marks)
            if words is RED and dice.random() < 0.6:
                wait(hours=dice.choice((3, 30)))
                outcome = dice.choice(list(CallBackOutcome))
                cases.call_back(actor=actor("lin"), case=fresh(case), outcome=outcome, words={})
        wait(hours=dice.randint(14, 30))
    sent = [referred() for _ in range(3)]
    for one in sent[:2]:
        referrals.receive(actor=actor("fang"), referral=one)
        referrals.book(actor=actor("fang"), referral=fresh(one), at=now() + timedelta(hours=1))
    wait(days=2)
    referrals.record_feedback(actor=actor("fang"), referral=fresh(sent[0]), attended=True, words={})
    referrals.withdraw(actor=actor("zhou"), referral=fresh(sent[2]))
    wait(days=8)


def by_hand() -> Counter[str]:
    """The same events counted over the whole of time, one by one, in plain Python."""
    found: Counter[str] = Counter()
    tomorrow = bounds(today())[1]
    with identity(MACHINE):
        for one in Call.objects.select_related("case"):
            grave = any(
                w.raised_at == one.case.opened_at and w.tier in ("red", "orange")
                for w in Warning.objects.filter(case=one.case)
            )
            night = (one.started_at + timedelta(hours=8)).hour in (22, 23, 0, 1, 2, 3, 4, 5)
            found[f"calls.{'high' if grave else 'other'}_{'night' if night else 'day'}"] += 1
            here = one.started_at + timedelta(hours=8)
            found[f"hours.h{here:%H}"] += 1
            found[f"weekdays.{here:%a}".lower()] += 1
            found[f"lines.{one.line}"] += 1
            found[f"kinds.{ {'': 'valid', 'silent': 'silence'}.get(one.kind, one.kind) }"] += 1
            if one.started_at + timedelta(days=14) < tomorrow:
                review = Review.objects.filter(call=one).first()
                seen = review and review.reviewed_at and review.reviewed_at <= one.started_at + timedelta(days=14)
                found[f"supervised.{'reviewed' if seen else 'unreviewed'}"] += 1
            if one.answered_after_s is not None:
                found[m.WAIT.measure(one.answered_after_s)] += 1
                found[m.WAITS] += 1
                found[m.SECONDS] += one.answered_after_s
            if one.length_min is not None:
                found[m.LENGTH.measure(one.length_min)] += 1
        for warning in Warning.objects.all():
            found[f"warnings.{warning.tier}"] += 1
        for clock in Deadline.objects.filter(kind="acknowledge", state="met"):
            found[f"acknowledged.{clock.tier}_{'in_time' if clock.ended_at <= clock.due_at else 'late'}"] += 1
        for clock in Deadline.objects.filter(kind="callback", due_at__lt=tomorrow):
            if clock.state == "void" and clock.ended_at <= clock.due_at:
                continue
            done = clock.state == "met" and clock.ended_at <= clock.due_at
            found[f"callbacks.{'in_time' if done else 'late'}"] += 1
        for one in CallBack.objects.all():
            found[f"tries.{one.outcome}"] += 1
        for referral in Referral.objects.all():
            steps = {s.state: s.at for s in Step.objects.filter(referral=referral).order_by("-at")}
            if "sent" in steps and bounds((steps["sent"] + timedelta(days=7, hours=8)).date())[0] < tomorrow:
                came = "attended" in steps and steps["attended"] <= steps["sent"] + timedelta(days=7)
                found[f"visits.{'within' if came else 'later'}"] += 1
            if referral.ended_at and "sent" in steps:
                looped = "reported" in steps and "return_plan" in steps
                found[f"ended.{'looped' if looped else 'reported' if 'reported' in steps else 'silent'}"] += 1
            if "reported" in steps:
                days = (steps["reported"] - min(steps.values())) / timedelta(days=1)
                found[m.LOOP.measure(int(-(-days // 1)))] += 1
    return found


def test_a_recount_by_hand_gives_the_same_and_counting_again_changes_nothing(city: None) -> None:
    assert prepare() > 10
    assert prepared() == by_hand()
    assert len(prepared()) > 20
    before = {(r.day, r.division_id, r.measure): (r.counted, r.waiting) for r in rows(DayFigure)}
    with identity(MACHINE):
        first = FigureDay.objects.order_by("day")[0].day
    assert prepare(since=first) > 10
    assert prepare_day(actor=MACHINE, day=today()) == 0
    after = {(r.day, r.division_id, r.measure): (r.counted, r.waiting) for r in rows(DayFigure)}
    assert after == before


def test_days_that_were_missed_are_caught_up(wait: Any) -> None:
    call()
    prepare()
    wait(days=3)
    call()
    wait(days=2)
    assert prepare() >= 6
    assert {row.day for row in rows(FigureDay)} >= {today() - timedelta(days=n) for n in range(6)}
    assert prepare() == 1  # today again, and nothing else


def test_the_ticker_keeps_up_and_the_command_does_the_same(capsys: Any) -> None:
    call()
    keep_up()
    assert prepared(day=today())["calls.high_day"] + prepared(day=today())["calls.high_night"] == 1
    call_command("prepare_figures")
    assert "1 days counted" in capsys.readouterr().out


def test_nothing_sealed_is_read_and_no_key_is_asked(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from wellbeing.vault import keys

    asked: list[str] = []
    for name in ("load_for", "load", "new_key"):
        if hasattr(keys, name):
            monkeypatch.setattr(keys, name, lambda *a, **k: asked.append("key"))
    read: list[str] = []

    def spy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        read.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(spy):
        prepare()
    text = " ".join(read)
    assert asked == [] and "reports_dayfigure" in text
    for word in ("sealed", "cover", "vault_", "datakey", "caller_index", "cases_entry", "cases_person", "packet"):
        assert word not in text, word


def fill(day: date, division: str, measure: str, counted: int) -> None:
    """What a day came to, as the machine would write it."""
    with identity(MACHINE):
        DayFigure.objects.create(day=day, division_id=division, measure=measure, counted=counted, waiting=counted)


MONTH = date(2026, 9, 1)


def test_a_month_is_published_in_fives_and_only_once() -> None:
    for division, n in (("330902", 3), ("330903", 4), ("330921", 12), ("330922", 1)):
        fill(date(2026, 9, 7), division, "warnings.red", n)
    publish_month(actor=MACHINE, month=MONTH)
    found = published(MONTH)
    red = [found[division, "warnings.red"] for division in ("330900", "330902", "330903", "330921", "330922")]
    assert red == rounded([0, 3, 4, 12, 1]) and sum(red) == 20
    counts = [n for (_d, measure), n in found.items() if measure not in (*m.CLASSES, m.ASA, m.YEARS_ASA)]
    assert all(n % SMALL == 0 for n in counts)
    with pytest.raises(WrongState):
        publish_month(actor=MACHINE, month=MONTH)
    with pytest.raises(WrongState):
        publish_month(actor=MACHINE, month=back(MONTH, 1))
    with identity(MACHINE), pytest.raises((DatabaseError, InternalError)), transaction.atomic():
        if not MonthFigure.objects.update(value=7):
            raise DatabaseError("the wall shows no row to change")
    assert published(MONTH) == found


def test_what_is_entered_late_is_published_with_the_next_month() -> None:
    fill(date(2026, 9, 7), "330902", "warnings.red", 5)
    publish_month(actor=MACHINE, month=MONTH)
    before = published(MONTH)
    with identity(MACHINE):  # a recount found ten more
        DayFigure.objects.filter(measure="warnings.red").update(counted=15, waiting=10)
    publish_month(actor=MACHINE, month=next_month(MONTH))
    assert published(MONTH) == before
    assert published(next_month(MONTH))["330902", "warnings.red"] == 10
    assert not rows(DayFigure, waiting__gt=0)


def test_what_rounding_leaves_over_waits_for_the_next_month() -> None:
    months = [MONTH, next_month(MONTH), next_month(next_month(MONTH))]
    for month in months:
        fill(month, "330902", "warnings.red", 2)
        publish_month(actor=MACHINE, month=month)
    assert [published(month)["330902", "warnings.red"] for month in months] == [0, 5, 0]
    assert sum(row.waiting for row in rows(DayFigure)) == 1 and sum(row.counted for row in rows(DayFigure)) == 6


def test_a_recount_waits_with_its_change_alone() -> None:
    call()
    prepare()
    with identity(MACHINE):
        DayFigure.objects.update(waiting=0)  # published
    call()
    prepare_day(actor=MACHINE, day=today())
    (row,) = [r for r in rows(DayFigure) if r.measure == "warnings.red"]
    assert (row.counted, row.waiting) == (2, 1)


def test_medians_are_of_enough_and_in_classes() -> None:
    for n, top in ((12, 10), (7, 20)):
        fill(date(2026, 9, 7), "330902", f"wait:{top}", n)
    publish_month(actor=MACHINE, month=MONTH)
    assert published(MONTH)[m.CITY, "wait.median"] is None  # nineteen are too few
    fill(date(2026, 10, 7), "330902", "wait:10", 12)
    fill(date(2026, 10, 8), "330903", "wait:beyond", 8)
    publish_month(actor=MACHINE, month=next_month(MONTH))
    found = published(next_month(MONTH))
    assert found[m.CITY, "wait.median"] == 10 and found[m.CITY, "wait.p90"] is None


def test_what_the_exchange_heard_makes_the_rates_and_a_silent_one_a_dash(wait: Any) -> None:
    rate, offered = (next(one for one in m.HOTLINE if one.code == code) for code in ("answer_rate", "offered"))
    noon = datetime.combine(today() + timedelta(days=1), time(12), TIMEZONE)
    wait(seconds=(noon - now()).total_seconds())  # five minutes ago it was this day too
    cases.take_call(actor=actor("lin"), call=cases.CallSheet(words=GREEN, answered_after_s=700))
    with identity(MACHINE):
        typed = count_day(today())
    assert {measure for _d, measure in typed if measure.startswith(("rings", "wait"))} == {
        *("wait:beyond", m.WAITS, m.SECONDS)
    }
    for n in range(3):
        rang(f"a{n}", ago=timedelta(minutes=5))
    rang("given up", answered=False, ago=timedelta(minutes=5))
    rang("waits", answered=False, ended=False, ago=timedelta(minutes=5))
    with identity(MACHINE):
        heard = {measure: n for (_d, measure), n in count_day(today()).items() if measure.startswith(("rings", "wait"))}
    assert heard == {"rings.quick": 3, "rings.abandoned": 1, "wait:10": 3, m.WAITS: 3, m.SECONDS: 27}
    for cell, n in (("quick", 61), ("slow", 19), ("abandoned", 20)):
        fill(date(2026, 9, 7), m.CITY, f"rings.{cell}", n)
    fill(date(2026, 10, 7), m.CITY, "rings.quick", 2)  # a few say no more than none would
    for month in (MONTH, next_month(MONTH)):
        publish_month(actor=MACHINE, month=month)
    with identity(actor("shen")):
        book = figures.read(actor("shen"), [MONTH, next_month(MONTH)])
    assert (book.value(offered, [MONTH]), book.value(rate, [MONTH])) == (100, Fraction(80, 100))
    assert (book.value(offered, [next_month(MONTH)]), book.value(rate, [next_month(MONTH)])) == (None, None)
    assert sum(row.waiting for row in rows(DayFigure, day__lt=date(2026, 11, 1))) == 2


def test_a_month_waits_for_its_grace(wait: Any) -> None:
    call()
    prepare()
    first = month_of(today())
    wait(days=(next_month(first) - today()).days)
    prepare()
    assert published(first) == {}
    wait(days=GRACE.days)
    prepare()
    assert sum(v for (_d, measure), v in published(first).items() if measure.startswith("calls.")) == 0  # one call: <5
    assert published(next_month(first)) == {}


def test_counting_asks_little_more_for_more_events(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        acknowledged()
    with identity(MACHINE), django_assert_max_num_queries(22):
        count_day(today())


def test_others_read_nothing_of_it() -> None:
    call()
    prepare()
    fill(date(2026, 9, 7), "330902", "warnings.red", 9)
    publish_month(actor=MACHINE, month=MONTH)
    for name in ("zhou", "he", "lin", "sun", "an", "jian", "mallory", "shen"):
        with identity(actor(name)):
            assert (DayFigure.objects.count(), FigureDay.objects.count()) == (0, 0)
            assert MonthFigure.objects.exists() == (name == "shen"), name
            assert Case.objects.exists() == (name in ("zhou", "lin")), name


def test_a_roll_counts_once_on_the_day_its_campaign_ends(wait: Any) -> None:
    call(GREEN)  # the city's first day
    chen, (made, roll) = actor("chen"), campaign(*(f"S{n}" for n in range(60)))
    for student, _words in roll[:6]:
        cases.record_opt_out(actor=chen, student_id=student.pk, takes_part=False)
    found = staged(*(f"S{n},000000000" for n in range(48)), campaign=made)  # the six who opted out are left out
    beside = staged("S70,000000000", "S71,000000000")  # of no campaign: no share of any roll
    for one in (found, beside):
        cases.confirm_screening(actor=chen, batch_id=one.batch.pk)
    import_waiting(30)
    prepare()
    with identity(MACHINE):
        assert {measure: n for (_d, measure), n in count_day(today()).items() if "filed" in measure} == {
            "filed.sheets": 2
        }
    assert not [measure for measure in prepared() if measure.startswith("screened")]
    wait(days=1)
    end_campaigns()
    # Of the 48 in the file those who opted out are left out; nobody else answered.
    out = {words["number"] for _student, words in roll[:6]}
    answered = 48 - len(out & {f"S{n}" for n in range(48)})
    with identity(MACHINE):
        ended = count_day(today())
    assert {measure: n for (_d, measure), n in ended.items() if measure.startswith("screened")} == {
        "screened.answered": answered,
        "screened.unanswered": 60 - 6 - answered,
        "screened.unasked": 6,
    }
    wait(days=45)
    while prepare() == MOST:
        pass
    shen = actor("shen")
    with identity(shen):
        tile = oversight.screening_tile(figures.past_year(shen))
        page = subject.page(shen, "screening")
    rate = int(tile.lines[0].text.removesuffix(" %"))
    assert abs(rate - 100 * answered / 60) <= 5  # rounded to fives
    assert tile.url.endswith("/screening/") and page["divisions"]["rows"][0]["cells"][0].endswith("%")

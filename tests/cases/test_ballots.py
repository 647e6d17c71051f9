"""The ballot box: what a logged call leaves, that nobody opens a box before its time, and what is told of it."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import actions
from cases.ballot_access import closed_boxes, open_box, sealed_slip
from cases.ballots import LATE, TOPICS, box, month_of_slip, slip
from cases.models import Ballot, Call
from tests.stage import GREEN, actor
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, WrongState
from wellbeing.people.models import User
from wellbeing.reports import figures
from wellbeing.reports import measures as m
from wellbeing.reports.actions import count_ballots, publish_month
from wellbeing.reports.actions.write_platform_file import _rows
from wellbeing.reports.ballot_measures import tally
from wellbeing.reports.models import MonthFigure
from wellbeing.reports.months import month_of, next_month
from wellbeing.reports.prepare import empty_boxes, prepare
from wellbeing.suppression import SMALL, coarse
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import TIMEZONE, now

COUNTS, TICKER = Actor.machine("ballots"), Actor.machine("ticker")
HOUR = timedelta(hours=1)


def logged(*, times: int = 1, ago: timedelta = timedelta(0), **words: Any) -> None:
    for _ in range(times):
        began = now() - ago if ago else None
        actions.take_call(actor=actor("lin"), call=actions.CallSheet(words=GREEN | words, started_at=began))


def put(times: int, **words: Any) -> None:
    """Slips as `take_call` puts them in, without the call."""
    with identity(actor("lin")):
        for _ in range(times):
            made = sealed_slip(words, now(), now())
            assert made is not None
            made.save(force_insert=True)


def to(wait: Any, moment: datetime) -> None:
    wait(seconds=(moment - now()).total_seconds())


def midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TIMEZONE)


def told() -> dict[str, int | None]:
    with identity(COUNTS):
        return dict(MonthFigure.objects.filter(measure__startswith="ballots.").values_list("measure", "value"))


def published() -> set[Any]:
    with identity(COUNTS):
        return set(MonthFigure.objects.values_list("month", flat=True))


def seen_by(who: Actor) -> tuple[int, int]:
    """Slips and keys of boxes that somebody finds, asking in plain SQL."""
    with identity(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_ballot")
        slips = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM vault_datakey WHERE owner_kind = 'ballots'")
        return slips, cursor.fetchone()[0]


OTHERS = ("zhou", "chen", "fang", "he", "shen", "sun", "an", "jian", "mallory", "ding")
MACHINES = [Actor.machine(name) for name in ("ticker", "figures", "link", "exchange", "supervision", "keys")]


@pytest.mark.django_db
def test_a_month_is_opened_once_when_it_is_over_and_leaves_sums_alone(wait: Any) -> None:
    month = next_month(month_of(now().date()))
    to(wait, midnight(month) + timedelta(days=9, hours=12))
    put(24, caller_from="local", difficult="no", main_topic="study", topics=["study", "sleep"])
    logged(caller_from="local", difficult="no", intent_before=30)  # asked once: not counted
    put(8, caller_from="local", mark="4", mhl23="advised", topics=["self_harm"])
    logged(times=2, caller_from="local", mark="4", mhl23="advised")
    logged(times=5, caller_from="local", mhl23="not_advised", intent_before=80, intent_after=40)
    logged(times=4, caller_from="outside", difficult="yes")
    put(4, caller_from="outside", topics=["abuse"])  # too rare to be told by its name
    put(2, caller_from="outside", topics=["family", "peers"])  # not said which of them
    logged()  # says nothing that is counted, as the next two
    logged(call_kind="test", mark="1", caller_from="outside")
    logged(caller_from="unknown", mhl23="none", mark="6", intent_before="x", intent_after=3)
    closes = midnight(next_month(month)) + LATE
    for moment in (None, midnight(next_month(month)) - HOUR, midnight(next_month(month)), closes + HOUR / 2):
        if moment:
            to(wait, moment)
        for who in (actor("lin"), actor("su"), *map(actor, OTHERS), *MACHINES, COUNTS):
            slips, keys = seen_by(who)
            assert slips == 0, who
            puts = who.name in (actor("lin").name, actor("su").name) and (moment is None or moment < closes)
            assert keys == puts, (who, moment)  # whoever takes calls seals by it, while it takes slips
        if moment and moment > closes:
            prepare()  # everything else of the month is published
            assert month in published()
        assert empty_boxes() == 0 and told() == {}
        with pytest.raises(WrongState):
            count_ballots(actor=COUNTS, month=month)
    to(wait, closes + HOUR)
    for who in (actor("lin"), actor("su"), *map(actor, OTHERS), *MACHINES):
        assert seen_by(who) == (0, 0), who
        with pytest.raises(Forbidden):
            count_ballots(actor=who, month=month)
    assert seen_by(COUNTS) == (50, 1)
    with identity(COUNTS):
        rows, slips = list(Ballot.objects.all()), open_box(month)
        calls = {str(pk) for pair in Call.objects.values_list("pk", "case_id") for pk in pair}
    assert len(slips) == 50 and {"caller_from": "local", "difficult": "no"} in slips
    assert {"mhl23": "not_advised", "intent_drop": 40, "caller_from": "local"} in slips
    assert {field.name for field in Ballot._meta.get_fields()} == {"id", "month", "city", "sealed"}
    assert all(row.pk.version == 4 and str(row.pk) not in calls for row in rows)
    assert len({len(row.sealed) for row in rows}) == 1  # padded: length says nothing of what was answered
    call_command("prepare_figures")
    found = told()
    assert found == {
        "ballots.caller_from_local": 40,
        "ballots.caller_from_outside": 10,
        "ballots.mhl23_advised": 10,
        "ballots.mhl23_not_advised": 5,
        "ballots.mark_sum": 40,
        "ballots.mark_number": 10,
        "ballots.intent_drop_sum": 200,
        "ballots.intent_drop_number": 5,
        "ballots.topic_study": 25,
        "ballots.topic_other": 10,  # abuse with the rarest of the others, self-harm: four alone would be told
    }  # of difficult calls nothing: four are too few, and the others beside them would give them away
    assert seen_by(COUNTS) == (0, 0)
    assert (empty_boxes(), told()) == (0, found)
    shown(found, month)


def shown(found: dict[str, int | None], month: Any) -> None:
    """What the city's administrator sees of it."""
    shen = Client(HTTP_HOST="127.0.0.1")
    shen.force_login(User.objects.get(username="shen"))
    with identity(actor("shen")):
        book = figures.past_year(actor("shen"))
    of = {one.code: book.value(one, [month]) for one in m.HOTLINE}
    assert of["local_share"] == Fraction(4, 5)
    assert (of["satisfaction"], of["mean_intent_drop"]) == (4, 40)
    assert (of["difficult_share"], of["mhl23_advice_rate"]) == (None, None)  # hidden; fewer than fifty
    text = shen.get(reverse("oversight_subject", args=["hotline"]), {"of": "satisfaction"}).content.decode()
    assert "≈ 4.0" in text and "≈ 40" in text and "80 %" in text and 'id="ballots"' in text
    assert 'id="topics"' in text and "≈ 25" in text
    report = shen.get(reverse("annual_report", args=[month.year]))
    assert "≈ 4.0" in report.content.decode()
    topics = {one.label: one.text for part in report.context["parts"] for one in part.fields}
    assert (topics["情绪"], topics["婚姻"]) == ("–", "–") and "≈ 35" in topics.values()
    answer = shen.get(reverse("subject_export", args=["hotline", "csv"]))
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {line[3]: int(line[5]) for line in lines[3:] if line[3].startswith("ballots.")} == found
    with identity(Actor.machine("ticker")):  # nothing of it leaves with the data platform's file
        assert not [row for row in _rows(now().date() - timedelta(days=1)) if row.measure.startswith("ballots")]


@pytest.mark.django_db
def test_too_few_are_never_told_and_late_ones_find_the_open_box(wait: Any) -> None:
    month = next_month(month_of(now().date()))
    to(wait, midnight(month) + timedelta(days=20, hours=12))
    logged(times=4, mark="5", caller_from="local", difficult="yes", mhl23="advised", intent_before=9, intent_after=2)
    closes = midnight(next_month(month)) + LATE
    to(wait, closes - HOUR)
    logged(ago=timedelta(days=5), caller_from="outside")  # entered from paper: still in its own month's box
    to(wait, closes)
    logged(ago=timedelta(days=6), mark="1")  # too late for that one
    to(wait, closes + HOUR)
    assert empty_boxes() == 0  # first the rest of the month is published
    publish_month(actor=TICKER, month=month)
    with identity(COUNTS):
        assert closed_boxes() == [month] and len(open_box(month)) == 5
    assert empty_boxes() == 1
    assert told() == {} and seen_by(COUNTS) == (0, 0)
    assert seen_by(actor("gao")) == (0, 1)  # the running month's key, and no slip
    to(wait, midnight(next_month(next_month(month))) + LATE + HOUR)
    with identity(COUNTS):
        assert open_box(next_month(month)) == [{"mark": 1}]


@pytest.mark.django_db
def test_a_call_that_says_nothing_leaves_nothing_and_the_wall_takes_no_other_slip(wait: Any) -> None:
    month = next_month(month_of(now().date()))
    to(wait, midnight(month) + timedelta(days=9, hours=12))
    logged(times=2)
    logged(call_kind="silent", difficult="yes")
    assert seen_by(actor("lin")) == (0, 0)  # not even a key was made
    put = "INSERT INTO cases_ballot (id, month, city, sealed) VALUES (gen_random_uuid(), %s, '330900', '')"
    wrong = [("lin", next_month(month)), ("lin", month_of(month - timedelta(days=1))), ("lin", month.replace(day=2))]
    wrong += [(name, month) for name in OTHERS]
    for name, into in wrong:
        with identity(actor(name)), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(put, [into])
    for machine in (*MACHINES, COUNTS):
        with identity(machine), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(put, [month])
    logged(difficult="yes")
    for sql in ("DELETE FROM cases_ballot", "DELETE FROM vault_datakey WHERE owner_kind = 'ballots'"):
        for who in (actor("lin"), *MACHINES, COUNTS):
            with identity(who), connection.cursor() as cursor:
                cursor.execute(sql)
                assert cursor.rowcount == 0, who
    for who in (actor("lin"), COUNTS):
        with identity(who), pytest.raises(DatabaseError), transaction.atomic():
            Ballot.objects.update(month=month)
    to(wait, midnight(next_month(month)) + LATE + HOUR)
    assert seen_by(COUNTS) == (1, 1)
    with identity(COUNTS):  # the key is lost, as after a restore of another backup: the slip is dropped, not told
        DataKeyRow.objects.filter(owner_id=box(month)).delete()
    publish_month(actor=TICKER, month=month)
    assert (empty_boxes(), told(), seen_by(COUNTS)) == (1, {}, (0, 0))


def test_a_slip_goes_into_the_month_of_its_call_while_that_takes_slips() -> None:
    def at(day: str) -> datetime:
        return datetime.fromisoformat(f"{day}+08:00")

    for began, logged_at, month in (
        ("2026-11-30T23:50", "2026-12-01T00:10", "2026-11"),
        ("2026-11-02T09:00", "2026-12-03T23:59", "2026-11"),
        ("2026-11-30T09:00", "2026-12-04T00:00", "2026-12"),
        ("2025-12-31T09:00", "2026-01-03T12:00", "2025-12"),
        ("2025-03-01T09:00", "2026-01-15T12:00", "2026-01"),
    ):
        assert f"{month_of_slip(at(began), at(logged_at)):%Y-%m}" == month
    assert str(box(at("2026-11-01T00:00").date())) == "00000000-0000-0000-0000-000000202611"
    for topic in TOPICS:  # the one that is ticked alone or named; all slips fit into envelopes of one length
        assert slip({"topics": [topic]}) == slip({"topics": ["study", topic], "main_topic": topic}) == {"topic": topic}
        assert len(topic) <= len("self_harm")
    assert slip({"topics": ["study", "sleep"]}) == slip({"topics": [], "main_topic": "x"}) == {}
    assert slip({"mark": "3", "difficult": "maybe", "intent_before": 0, "intent_after": 100}) == {
        "mark": 3,
        "intent_drop": -100,
    }


ANSWERED = st.tuples(
    st.sampled_from(("local", "outside", None)),
    st.sampled_from(("yes", "no", None)),
    st.sampled_from((1, 2, 3, 4, 5, None)),
    st.none() | st.integers(-100, 100),
)


@settings(max_examples=60)
@given(st.lists(ANSWERED, max_size=40))
def test_whatever_is_told_is_a_multiple_of_five_and_of_enough(answered: list[Any]) -> None:
    named = (dict(zip(("caller_from", "difficult", "mark", "intent_drop"), one, strict=True)) for one in answered)
    slips = [{field: answer for field, answer in one.items() if answer is not None} for one in named]
    found = tally(slips)
    assert all(value % SMALL == 0 for value in found.values())
    for field, answers in (("caller_from", ("local", "outside")), ("difficult", ("yes", "no"))):
        counts = [sum(one.get(field) == answer for one in slips) for answer in answers]
        cells = [found.get(f"ballots.{field}_{answer}") for answer in answers]
        assert (min(counts) >= SMALL) == (None not in cells) == any(cell is not None for cell in cells)
        for cell, count in zip(cells, counts, strict=True):
            assert cell is None or (cell >= SMALL and abs(cell - count) < SMALL)
    for field, width in (("mark", 5), ("intent_drop", 100)):
        ratings = [one[field] for one in slips if field in one]
        total, number = (found.get(f"ballots.{field}_{what}") for what in ("sum", "number"))
        assert (total is None) == (number is None) == (len(ratings) < SMALL)
        if number:
            mean = Fraction(sum(ratings), len(ratings))
            assert total % width == 0 and abs(Fraction(total, number) - mean) <= Fraction(width, 2 * number)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(TOPICS), st.integers(0, 12), max_size=8))
def test_topics_are_told_as_a_world_of_fives_would_tell_them(counts: dict[str, int]) -> None:
    def box(of: dict[str, int]) -> dict[str, int]:
        return tally([{"topic": topic} for topic, count in of.items() for _ in range(count)])

    found = {measure.removeprefix("ballots.topic_"): value for measure, value in box(counts).items()}
    assert (sum(counts.values()) < SMALL) == (not found)  # of fewer than five nothing, of five at least their sum
    if found:
        assert found["other"] >= SMALL and all(value >= SMALL and value % SMALL == 0 for value in found.values())
        assert all(counts[topic] >= SMALL for topic in found if topic != "other")
        assert abs(sum(found.values()) - sum(counts.values())) < SMALL
    # Whoever sees it cannot tell the box from one in which every topic was named in fives, or not at all.
    assert box(found) == {f"ballots.topic_{topic}": value for topic, value in found.items()}


def test_who_knows_all_ratings_but_one_does_not_find_it() -> None:
    for known in ([4, 4, 5, 4], [1, 2, 2, 1, 3], [5] * 19):
        told = [coarse([*known, last], 5) for last in range(1, 6)]
        assert len(set(told)) <= 2  # of five possible marks

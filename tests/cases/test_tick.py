"""The ticker: what is due is done, the gravest first; what fails stops nothing else and is tried again."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models.expressions import RawSQL

from cases import actions
from cases.access import open_case
from cases.actions.renew_grants import ending
from cases.models import Case, Deadline, Escalation, PolicyVersion, ScreeningBatch, Warning
from cases.outlived import end_numbers, find_what_is_due
from cases.tick import (
    BATCH,
    LOOK_SECONDS,
    _all,
    _each,
    drop_forgotten,
    hand_back_covered,
    import_waiting,
    renew_ending,
    tick,
)
from tests.exchange.stage import rang
from tests.stage import GREEN, YELLOW, actor, call, campaign, covered, desk, fresh, managed, scene, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.ids import uuid7
from wellbeing.outbox import heartbeat, relay
from wellbeing.outbox.hold import held_since
from wellbeing.outbox.models import InboxItem, Notice
from wellbeing.people.models import Desk, Private, Role
from wellbeing.reports.models import FigureDay
from wellbeing.web.management.commands.ticker import EVERY_MINUTE, end_grants, keep_figures, one_round
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
ORANGE = {"caller_kind": "self", "thoughts": "active", "means": "yes"}


def as_superuser(city: SimpleNamespace, sql: str) -> None:
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute(sql)  # type: ignore[arg-type]


def test_one_that_fails_is_logged_and_stops_neither_its_like_nor_another_duty(
    wait: Any, caplog: pytest.LogCaptureFixture
) -> None:
    case = scene().case
    made, _roll = campaign("S1")
    later, _roll = campaign("S2", title="补测")
    cover = covered(days=1)
    with identity(MACHINE):
        ScreeningBatch.objects.filter(campaign=made).update(state="finished")  # from which no campaign ends
    wait(days=3)
    one_round(0)
    assert "what is due could not be done" in caplog.text
    assert fresh(made).ended_at is None and fresh(later).ended_at, "the one beside it is done"
    assert fresh(cover).ended_at, "and what comes after both"
    with identity(MACHINE):
        assert Escalation.objects.filter(case=case).exists()
    assert "ticker" not in heartbeat.stale()


def test_a_ticker_that_moves_no_clock_shows_no_heartbeat_and_still_delivers(
    committed: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    case = call()
    as_superuser(committed, "REVOKE SELECT ON cases_deadline FROM wellbeing_app")
    one_round(1)
    assert "ticker" in heartbeat.stale() and "a duty of the ticker failed" in caplog.text
    with identity(MACHINE):
        assert InboxItem.objects.filter(target=f"case:{case.reference}").exists()
    as_superuser(committed, "GRANT SELECT ON cases_deadline TO wellbeing_app")
    one_round(1)
    assert "ticker" not in heartbeat.stale()


def test_a_restored_copy_on_hold_sends_and_moves_nothing_until_it_is_released(committed: SimpleNamespace) -> None:
    case = call()
    as_superuser(committed, "INSERT INTO outbox_hold (id, since, manifests, ended) VALUES (1, '2026-01-02', '{}', 0)")
    assert held_since() == datetime(2026, 1, 2, tzinfo=UTC)
    with identity(MACHINE):
        Deadline.objects.filter(case=case, kind="acknowledge").update(next_act="escalate", next_at=now())
    one_round(1)
    assert relay.sweep() == 0 and "ticker" not in heartbeat.stale()
    with identity(MACHINE):
        assert not InboxItem.objects.exists() and not Escalation.objects.exists()
    as_superuser(committed, "DELETE FROM outbox_hold")
    assert held_since() is None
    one_round(1)
    with identity(MACHINE):
        assert InboxItem.objects.exists() and Escalation.objects.exists()


def test_one_clock_that_fails_stops_no_other_and_is_looked_at_again(
    wait: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bad, _good = call(), call()
    with identity(MACHINE):
        broken = Deadline.objects.filter(case=bad, kind="acknowledge")
        broken.update(next_act="nothing", next_at=now())
    assert tick() == 0
    wait(minutes=3)
    assert tick() == 2, "both warnings ring again"
    assert [row.getMessage() for row in caplog.records] == ["what is due could not be done"] * 2
    with identity(MACHINE):
        broken.update(next_act="escalate")
    assert tick() == 1 and tick() == 0
    with identity(MACHINE):
        assert [row.deadline_id for row in Escalation.objects.all()] == [broken.get().pk]


def test_the_gravest_first_and_of_one_tier_whatever_is_due_longest(wait: Any) -> None:
    slow, late, early = call(YELLOW), call(), call()
    with identity(MACHINE):
        Deadline.objects.exclude(kind="acknowledge").update(next_at=None)
        Warning.objects.update(ring_at=None)
        for case, ago in ((slow, 9), (late, 3), (early, 6)):
            at = now() - timedelta(minutes=ago)
            Deadline.objects.filter(case=case, kind="acknowledge").update(next_act="escalate", next_at=at)
    assert tick() == 3
    with identity(MACHINE):  # in the order in which they were written
        assert [row.case_id for row in Escalation.objects.order_by(RawSQL("ctid", []))] == [early.pk, late.pk, slow.pk]


def test_a_file_that_nobody_confirms_goes_when_its_hours_are_over(wait: Any) -> None:
    waits = staged("S1,000000000").batch
    with identity(MACHINE):
        hours = PolicyVersion.current().policy().screening_wait_hours
    wait(hours=hours, seconds=-1)
    assert drop_forgotten() == 0
    wait(seconds=1)
    second = staged("S2,000000000").batch
    with identity(MACHINE):
        ScreeningBatch.objects.filter(pk=second.pk).update(state="unmapped", staged_at=waits.staged_at)
    assert drop_forgotten() == 2 and drop_forgotten() == 0
    assert {fresh(one).state for one in (waits, second)} == {"dropped"}


def test_parts_of_a_file_are_taken_for_a_while_the_oldest_file_first(wait: Any) -> None:
    first, second = (staged(f"S{n},000000000").batch for n in (1, 2))
    wait(minutes=1)
    for batch in (second, first):
        actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    assert import_waiting(0) == 0, "no time, no part"
    assert import_waiting(30) == 2 and import_waiting(30) == 0, "one part of each"
    assert {fresh(one).state for one in (first, second)} == {"finished"}


def test_one_that_stays_due_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """A fault that moves nothing must not keep the ticker in a circle while a red clock waits."""
    stuck, waits = SimpleNamespace(pk=uuid7()), SimpleNamespace(pk=uuid7())
    open_ones, asked = [stuck, waits], Counter[Any]()

    def act(row: Any) -> bool:
        asked[row.pk] += 1
        if row is waits:
            open_ones.remove(row)
        return row is waits

    assert _all(lambda failed: [row for row in open_ones if row.pk not in failed], act) == 1
    assert asked == {stuck.pk: 20, waits.pk: 1} and "stays due" in caplog.text


def test_what_ends_by_its_date_is_counted_once(wait: Any) -> None:
    case = call()  # with the caller's number, which the exchange knows of another call
    rang("unlogged")
    wait(hours=71)
    assert end_numbers() == 0
    wait(hours=2)
    assert end_numbers() == 2 and end_numbers() == 0
    alone = call(GREEN)
    wait(days=175)
    assert renew_ending() == 0
    wait(days=2)
    assert renew_ending() == 1 and renew_ending() == 0, "the red case's grants end within a day"
    wait(days=3)
    assert renew_ending() == 1 and fresh(alone).closed_at is None is fresh(case).closed_at


def test_a_county_to_which_a_clock_came_up_once_keeps_its_case_past_half_a_year(wait: Any) -> None:
    """The grant of an escalation took the place of triage's and ended on its day: the county's own clocks ran on where
    nobody of the county saw them."""
    case = managed()
    wait(days=1, minutes=1)
    tick()
    with identity(MACHINE):
        county = desk("dinghai-centre", Role.COUNTY_TRIAGE)
        (follow_up,) = Deadline.objects.filter(case=case, kind="follow_up")
        assert Escalation.objects.filter(deadline=follow_up, desk=county).exists()
    for _step in range(2):
        _half_a_year(wait)
        zhou = actor("zhou")
        with identity(zhou):
            assert open_case(zhou, case.reference, P.RISK_ASSESS).pk == case.pk


def _half_a_year(wait: Any) -> None:
    """For so long a grant runs; the ticker looks on its last day and after it."""
    wait(days=179, hours=12)
    end_grants()
    wait(hours=13)
    end_grants()


def test_a_desk_at_which_a_clock_runs_keeps_its_case_also_without_a_manager(wait: Any) -> None:
    """The manager has left; her colleagues go on, and nobody has named one of them within half a year."""
    case = managed()
    with identity(MACHINE):
        Case.objects.filter(pk=case.pk).update(manager=None)
    _half_a_year(wait)
    chen = actor("chen")
    with identity(chen):
        assert open_case(chen, case.reference, P.FOLLOW_UP).pk == case.pk


def test_every_cover_comes_back_when_its_last_day_is_over(wait: Any) -> None:
    scene()
    cover = covered(days=1)
    wait(days=1)
    assert hand_back_covered() == 0 and fresh(cover).ended_at is None
    wait(days=1)
    assert hand_back_covered() == 1 and hand_back_covered() == 0 and fresh(cover).ended_at == now()


def test_a_red_clock_that_fails_is_told_to_the_county_and_the_city_once_a_day(
    wait: Any, caplog: pytest.LogCaptureFixture
) -> None:
    case = call()
    county, city = desk("dinghai-centre", Role.COUNTY_TRIAGE).pk, desk("city-centre", Role.CITY_DUTY).pk
    with identity(MACHINE):
        Deadline.objects.filter(case=case, kind="acknowledge").update(next_act="nothing", next_at=now())
    for _again in range(2):
        tick()
    with identity(MACHINE):
        told = Notice.objects.filter(kind="clock_stuck")
        assert set(told.values_list("desk_id", "target")) == {(county, f"case:{case.reference}"), (city, "")}
        assert told.count() == 2 and "stays due" not in caplog.text
    wait(days=1)
    tick()
    with identity(MACHINE):
        assert told.count() == 4, "and again the next day"


def test_what_is_stuck_at_red_is_told_although_it_was_told_at_yellow_on_the_same_day(wait: Any) -> None:
    case = call(YELLOW)

    def told() -> list[str]:
        with identity(MACHINE):
            Deadline.objects.filter(case=case, kind="first_meeting").update(next_act="nothing", next_at=now())
        tick()
        with identity(MACHINE):
            rows = Notice.objects.filter(kind="clock_stuck", target=f"case:{case.reference}")
            return list(rows.order_by("created_at", "id").values_list("tier", flat=True))

    assert told() == ["yellow"] == told()
    actions.raise_tier(actor=actor("zhou"), case=case, to="red")
    assert told() == ["yellow", "red"]


def test_a_duty_that_finds_nothing_to_do_says_nothing(wait: Any) -> None:
    """The audit tells of numbers, keys and files that were destroyed, and not every minute that none was."""
    call()

    def told() -> list[str]:
        for duty in (*EVERY_MINUTE, find_what_is_due):
            duty()
        with identity(Actor.machine("verify")):
            return list(Event.objects.order_by("id").values_list("act", flat=True))

    first = told()
    wait(minutes=1)
    nothing = {P.CALLER_FORGET, P.RING_FORGET, P.EXPORT_END, P.INDEX_KEYS_END, P.ERASURE_PROPOSE}
    assert told() == first and not nothing & set(first)


def test_what_rings_waits_for_one_batch_of_clocks_at_most() -> None:
    """Thousands of yellow reminders come due at one moment after a screening; a red warning rings on among them."""
    clocks, order = [SimpleNamespace(pk=uuid7()) for _one in range(2 * BATCH)], []

    def act(row: Any) -> bool:
        clocks.remove(row)
        return True

    def between() -> int:
        order.append(len(clocks))
        return 1

    done = _all(lambda failed: clocks[:BATCH], act, between=between)
    assert order == [BATCH, 0] and done == 2 * BATCH + 2


def test_a_red_warning_rings_before_those_that_wait_longer(wait: Any) -> None:
    orange, red = call(ORANGE), call()
    with identity(MACHINE):
        Deadline.objects.update(next_at=None)
        Warning.objects.filter(case=orange).update(ring_at=now() - timedelta(minutes=9))
        Warning.objects.filter(case=red).update(ring_at=now())
    assert tick() == 2
    with identity(MACHINE):
        rung = Warning.objects.filter(rings__gt=0).order_by(RawSQL("ctid", []))
        assert [one.case_id for one in rung] == [red.pk, orange.pk]


def test_a_folder_of_the_data_platform_that_hangs_keeps_no_clock_waiting(
    committed: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    pipe = tmp_path / "key"
    os.mkfifo(pipe)  # whoever opens it waits
    settings.PLATFORM_FOLDER, settings.PLATFORM_KEY_FILE = str(tmp_path), str(pipe)
    stop, case = threading.Event(), call()
    with identity(MACHINE):
        Deadline.objects.filter(case=case, kind="acknowledge").update(next_act="escalate", next_at=now())

    def a_round() -> None:
        one_round(0)
        connection.close()

    figures, clocks = threading.Thread(target=keep_figures, args=(stop,)), threading.Thread(target=a_round)
    for thread in (figures, clocks):
        thread.start()
    try:
        clocks.join(60)
        assert not clocks.is_alive() and figures.is_alive() and "ticker" not in heartbeat.stale()
    finally:
        stop.set()
        while figures.is_alive() or clocks.is_alive():
            with suppress(OSError), open(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "w"):
                pass
            figures.join(0.1)
    with identity(MACHINE):
        assert Escalation.objects.filter(case=case).exists() and FigureDay.objects.exists(), "what hangs comes last"


def test_what_comes_by_the_thousand_keeps_no_red_warning_waiting(db: None) -> None:
    """Half a year after a wave of screenings the grants of all its cases are renewed in one minute."""
    case, rings = call(), list[int]()

    def act(_row: int) -> None:
        with identity(MACHINE):
            rings.append(Warning.objects.get(case=case).rings)
        time.sleep(LOOK_SECONDS * 0.55)

    with identity(MACHINE):
        Deadline.objects.update(next_at=None)
        Warning.objects.filter(case=case).update(ring_at=now())
    assert _each(range(3), act) == 3 and rings == [0, 0, 1]
    with identity(MACHINE):
        assert InboxItem.objects.filter(kind="warning_again").exists(), "and it is delivered"


def test_a_database_whose_machine_is_gone_keeps_nobody_waiting_for_hours(db: None) -> None:
    """A machine that is gone refuses nothing: without keepalives of ours the system would wait for two hours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        asks = [line.getsockopt(socket.IPPROTO_TCP, one) for one in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL)]
        tries = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
        unheard = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert asks[0] + asks[1] * tries <= 30 and 0 < unheard <= 30_000


def test_what_is_stuck_is_told_where_no_city_desk_is_set_up_and_at_red_outside_the_page(
    db: None, settings: Any
) -> None:
    settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_KEY = "set"
    case, county = call(), desk("dinghai-centre", Role.COUNTY_TRIAGE).pk
    with identity(MACHINE):
        Private.objects.filter(user__username="zhou").update(mobile="13000000000")
        Deadline.objects.filter(case=case, kind="acknowledge").update(next_act="nothing", next_at=now())
        Desk.objects.filter(role=Role.CITY_DUTY).update(role=Role.HOSPITAL_LIAISON)
    tick()
    with identity(MACHINE):
        told = set(Notice.objects.filter(kind="clock_stuck").values_list("channel", "desk_id", "user__username"))
    assert told == {("in_app", county, None), ("sms", None, "zhou")}


def test_what_is_to_be_renewed_is_asked_case_by_case(wait: Any, django_assert_num_queries: Any) -> None:
    """Half a year after a wave thousands come at once: what each needs is asked between two looks at what is due."""
    for _one in range(3):
        call()
    wait(days=180)
    with identity(MACHINE), django_assert_num_queries(2):
        assert len(ending()) == 3
    assert renew_ending() == 3 and renew_ending() == 0

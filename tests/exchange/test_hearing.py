"""From the exchange's script to the hotline's page: every call is logged or shown as not logged."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from tests.exchange.stage import EXCHANGE, KEY, NUMBER, product, rang, seated
from tests.exchange.test_records import ROW
from tests.stage import RED, actor, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.exchange import actions
from wellbeing.exchange.access import open_ring, reveal_number
from wellbeing.exchange.events import Event, EventKind, event
from wellbeing.exchange.models import Ring
from wellbeing.exchange.queues import ended, running, today
from wellbeing.exchange.seats import mine
from wellbeing.exchange.signing import sign
from wellbeing.exchange.unlogged import remind_unlogged
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now


def page(name: str, username: str, **more: Any) -> Any:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.get(reverse(name), **more)


@pytest.mark.django_db
def test_the_number_is_told_to_the_hotline_until_the_call_is_settled() -> None:
    ring = rang()
    assert NUMBER.encode() not in bytes(ring.number or b"")
    for other in ("zhou", "chen", "shen", "an"):
        with identity(actor(other)), pytest.raises(Forbidden):
            open_ring(actor(other), ring.pk, P.RING_SEE)
    with identity(EXCHANGE), pytest.raises((SealError, Forbidden)):
        reveal_number(EXCHANGE, fresh(ring))
    with identity(actor("lin")):
        assert reveal_number(actor("lin"), open_ring(actor("lin"), ring.pk, P.RING_SEE)) == NUMBER
    envelope = bytes(ring.number or b"")
    cases.take_call(actor=actor("lin"), call=cases.CallSheet(words=RED), ring=ring.pk)
    logged = fresh(ring)
    assert (logged.settled_by_id, logged.why_not, logged.number) == (actor("lin").id, "", None)
    with identity(actor("lin")), pytest.raises(SealError):  # a copy of the row opens no more
        logged.number = envelope
        reveal_number(actor("lin"), logged)
    cases.take_call(actor=actor("gao"), call=cases.CallSheet(words=RED), ring=ring.pk)  # two sheets, nothing refused
    assert fresh(ring).settled_by_id == actor("lin").id


@pytest.mark.django_db
def test_the_number_is_kept_whichever_event_says_it_and_not_again_once_settled() -> None:
    at = now() - timedelta(minutes=5)
    actions.hear(actor=EXCHANGE, event=Event("late", EventKind.ENDED, at + timedelta(minutes=1)))
    rings = Event("late", EventKind.RINGING, at, "2912345", NUMBER)
    ring = actions.hear(actor=EXCHANGE, event=rings)
    with identity(actor("lin")):
        assert reveal_number(actor("lin"), open_ring(actor("lin"), ring.pk, P.RING_SEE)) == NUMBER
    actions.settle_ring(actor=actor("lin"), ring_id=ring.pk, why_not="misdial")
    actions.hear(actor=EXCHANGE, event=rings)
    assert fresh(ring).number is None


@pytest.mark.django_db
def test_not_logged_is_shown_until_it_is_logged_or_settled(wait: Any) -> None:
    answered, given_up, runs = rang("1"), rang("2", answered=False), rang("3", ended=False)
    shown = page("rings", "gao").content.decode()
    assert str(answered.pk) in shown and str(given_up.pk) not in shown
    with pytest.raises(Invalid):
        actions.settle_ring(actor=actor("gao"), ring_id=runs.pk, why_not="silent")
    actions.settle_ring(actor=actor("gao"), ring_id=answered.pk, why_not="silent")
    with pytest.raises(WrongState):
        actions.settle_ring(actor=actor("lin"), ring_id=answered.pk, why_not="test")
    assert str(answered.pk) not in page("rings", "gao").content.decode()
    assert page("rings", "gao", data={"all": "1"}).content.decode().count("<tr role") == 3  # head and two that ended
    assert page("rings", "zhou").status_code == 404
    actions.reopen_ring(actor=actor("gao"), ring_id=answered.pk)
    assert page("rings", "gao").context["today"].unlogged == 1
    wait(hours=25)  # as old as they are, and the end of one was lost: the count says what the list shows
    assert page("rings", "gao").context["today"].unlogged == len(page("rings", "gao").context["rows"]) == 2
    settle = reverse("settle_ring", args=[answered.pk])
    done = signed_in("gao").post(settle, {"why_not": "sheet", "key": str(uuid4())}, follow=True).content.decode()
    assert fresh(answered).settled_by_id == actor("gao").id and not fresh(answered).why_not
    assert (
        reverse("reopen_ring", args=[answered.pk]) not in done
    )  # a sheet stands behind it: nothing offers to undo that
    with pytest.raises(WrongState):
        actions.reopen_ring(actor=actor("gao"), ring_id=answered.pk)
    case = cases.take_call(actor=actor("lin"), call=cases.CallSheet(words=RED))  # its call-back is due tomorrow
    shown = page("call_backs", "lin").content.decode()
    assert case.reference in shown and RED["name"] in shown
    assert case.reference not in page("call_backs", "gao").content.decode()  # a colleague's, without a grant
    wait(hours=73)
    assert actions.forget_numbers(actor=Actor.machine("ticker"), hours=72) == 2
    assert fresh(given_up).number is None
    with identity(Actor.machine("ticker")):  # which sees the keys of numbers that are blank
        assert DataKeyRow.objects.filter(owner_kind="ring").count() == 0


@pytest.mark.django_db
def test_a_call_whose_end_was_lost_is_shown_as_not_logged(wait: Any) -> None:
    seated(ago=timedelta(hours=1))
    lost, given_up = rang("1", ended=False), rang("2", ended=False, answered=False)
    with identity(actor("lin")):
        assert {one.pk for one in running()} == {lost.pk, given_up.pk} and today().unlogged == 0
    wait(hours=4)
    with identity(actor("lin")):
        assert running() == []
        assert (today().unlogged, today().abandoned) == (1, 1)
        assert [one.pk for one in mine(actor("lin"))] == [lost.pk]
        assert [one.pk for one in ended(all_of_them=False)] == [lost.pk]
        assert {one.pk for one in ended(all_of_them=True)} == {lost.pk, given_up.pk}
    assert "从未告知" in page("rings", "gao").content.decode()
    actions.settle_ring(actor=actor("lin"), ring_id=lost.pk, why_not="silent")
    with identity(actor("lin")):
        assert (mine(actor("lin")), ended(all_of_them=False), today().unlogged) == ([], [], 0)


@pytest.mark.django_db
def test_an_answer_without_a_ring_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    rang("1")
    assert not caplog.records
    actions.hear(actor=EXCHANGE, event=Event("another id", EventKind.ANSWERED, now(), seat="8001"))
    assert [one.name for one in caplog.records] == ["wellbeing.exchange"]
    assert "8001" not in caplog.text and "another id" not in caplog.text


@pytest.mark.django_db
def test_the_address_takes_what_is_signed_and_nothing_else(settings: Any, client: Client) -> None:
    address = reverse("exchange_events")
    said = {"call": "9", "event": "ringing", "at": now().isoformat(), "line": "2912345", "number": NUMBER}
    body = json.dumps(said).encode()

    def send(body: bytes, key: str = KEY) -> Any:
        stamp = str(int(now().timestamp()))
        headers = {"X-Timestamp": stamp, "X-Signature": sign(key, stamp, body)}
        return client.post(address, body, content_type="application/json", headers=headers)

    assert send(body).status_code == 404  # no key is set: nobody is trusted
    settings.EXCHANGE_KEY = KEY
    assert send(body, "another key").status_code == 404
    assert client.post(address, body, content_type="application/json").status_code == 404
    assert (send(body).status_code, send(body).status_code) == (200, 200)
    with identity(EXCHANGE):
        assert Ring.objects.filter(exchange_id="9").count() == 1
    wrong = send(json.dumps({**said, "event": "held"}).encode())
    assert (wrong.status_code, wrong.json()) == (422, {"wrong": "event"})
    assert send(b"[]").json() == {"wrong": "call"} and send(b"{").json() == {"wrong": "json"}


@pytest.mark.django_db
def test_a_file_of_records_comes_in_once_or_not_at_all(tmp_path: Path) -> None:
    good = [ROW.format(answer="2026-11-01 22:00:09", disposition="ANSWERED", call=n) for n in range(3)]
    file = tmp_path / "Master.csv"
    file.write_text("\n".join([*good, good[0].replace("2026-11-01 22:00:00", "then")]))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("import_calls", str(file), stderr=err)
    assert err.getvalue() == "line 4: start cannot be read\n"
    with identity(EXCHANGE):
        assert not Ring.objects.exists()
    file.write_text("\n".join([*good, good[0].replace(",2912345,", ",8002,")]), "gb18030")
    for _twice in range(2):
        call_command("import_calls", str(file), stdout=out)
    assert out.getvalue().splitlines() == [
        "3 calls are new, 0 are better known, 0 were known already",
        "1 rows are of other lines than 2912345: passed over",
        "0 calls are new, 0 are better known, 3 were known already",
        "1 rows are of other lines than 2912345: passed over",
    ]
    file.write_text("")
    with pytest.raises(CommandError):
        call_command("import_calls", str(file), stderr=err)
    assert err.getvalue().endswith("The file is empty.\n")
    with identity(EXCHANGE):
        ring = Ring.objects.get(exchange_id="1793541600.0")
        assert Ring.objects.count() == 3
    assert (ring.seat, ring.waited_s, ring.offered_at) == ("8001", 9, datetime(2026, 11, 1, 14, 0, tzinfo=UTC))


def test_the_exchange_s_script_loses_nothing_while_the_product_restarts(tmp_path: Path) -> None:
    script = str(Path(__file__).parents[2] / "deploy/exchange.py")
    with product(tmp_path) as (wire, env):

        def say(*words: str) -> int:
            return subprocess.run([sys.executable, script, *words], env=env, check=False).returncode

        wire.deaf = True
        assert say("ringing", "7", "2912345", NUMBER) == 1
        assert len(list((tmp_path / "spool").iterdir())) == 1
        wire.deaf = False
        assert say("answered", "7", "2912345", "-", "8001") == 0
    assert [(one["event"], one["number"], one["seat"]) for one in wire.kept] == [
        ("ringing", NUMBER, ""),
        ("answered", "", "8001"),
    ]
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.django_db
def test_a_call_that_nobody_logs_is_told_of_before_its_number_goes(wait: Any) -> None:
    rang("given up", answered=False), rang("taken")

    def told() -> list[tuple[str, int | None]]:
        with identity(Actor.machine("ticker")):
            return list(Notice.objects.filter(kind="calls_unlogged").values_list("target", "desk_id"))

    wait(hours=23)
    assert remind_unlogged(24, kept=72) == 0 and told() == []
    wait(hours=1)
    assert remind_unlogged(24, kept=72) == 1 and remind_unlogged(24, kept=72) == 0
    assert told() == [("rings", actor("su").desks[0])]
    wait(hours=24)
    assert remind_unlogged(24, kept=72) == 1 and len(told()) == 2, "every day while it still opens"
    with identity(actor("lin")):
        settled = Ring.objects.get(exchange_id="taken")
        actions.settle_ring(actor=actor("lin"), ring_id=settled.pk, why_not="test")
    wait(hours=24)
    assert remind_unlogged(24, kept=72) == 0


@pytest.mark.django_db
def test_a_call_without_a_number_that_nobody_logs_is_told_of_as_long_as_others_are(wait: Any) -> None:
    for kind in (EventKind.RINGING, EventKind.ANSWERED, EventKind.ENDED):
        actions.hear(actor=EXCHANGE, event=event(said("hidden", kind, number="anonymous")))
    wait(hours=25)
    assert remind_unlogged(24, kept=72) == 1
    wait(hours=24)
    assert remind_unlogged(24, kept=72) == 1
    wait(hours=24)
    assert remind_unlogged(24, kept=72) == 0, "after policy's hours it stands on the list alone"


def said(call: str, kind: EventKind, **more: str) -> dict[str, str]:
    return {"call": call, "event": kind.value, "at": now().isoformat(), "line": "2912345", **more}


def test_an_event_on_which_the_product_fails_hides_none_behind_it(tmp_path: Path) -> None:
    script = str(Path(__file__).parents[2] / "deploy/exchange.py")
    with product(tmp_path) as (wire, env):
        wire.failing = {"7"}
        for call, number in (("7", NUMBER), ("8", "9" * 5_000)):
            subprocess.run([sys.executable, script, "ringing", call, "2912345", number], env=env, check=False)
        assert [(one["call"], len(one["number"])) for one in wire.kept] == [("8", 64)]
        wire.failing = set()
        assert subprocess.run([sys.executable, script, "ended", "8"], env=env, check=False).returncode == 0
    assert [(one["call"], one["event"]) for one in wire.kept[1:]] == [("7", "ringing"), ("8", "ended")]

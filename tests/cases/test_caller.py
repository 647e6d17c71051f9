"""A caller's number: two people open it, once, for minutes; it has a key of its own and ends after policy's hours."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal
from cases.caller_access import number_of, open_number
from cases.models import CallerAsk, CallerNumber, Case, Section
from cases.outlived import end_numbers
from tests.cases.glass_stage import opened
from tests.stage import RED, actor, call, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.vault.models import DataKeyRow

pytestmark = pytest.mark.django_db
NUMBER = RED["caller_number"]


def told(kind: str) -> int:
    with identity(Actor.machine("ticker")):
        return Notice.objects.filter(kind=kind).count()


def test_two_people_open_it_and_one_reads_it_once(wait: Any) -> None:
    case = call()
    lin, he = actor("lin"), actor("he")
    with identity(lin):
        entries = reveal(lin, open_case(lin, case.reference), Section.values, Purpose.CARE).entries
        assert NUMBER not in [value for entry in entries for value in entry.words.values()]
        assert number_of(case) is not None
    for name, expected in (("ye", Forbidden), ("chen", Forbidden), ("shen", Forbidden)):
        with pytest.raises(expected):
            actions.ask_caller(actor=actor(name), case=case, why="danger")
    page = signed_in("lin").post(reverse("ask_caller", args=[case.reference]), {"why": "danger", "key": case.pk})
    assert page.status_code == 302 and page.url == reverse("callers")
    with identity(lin):
        ask = CallerAsk.objects.get()
        with pytest.raises(Forbidden), transaction.atomic():  # not confirmed: the wall shows no key
            open_number(ask)
        with connection.cursor() as cursor, transaction.atomic():  # nor does she confirm it herself, in SQL
            cursor.execute(
                "UPDATE cases_callerask SET confirmed_at = now(), confirmed_by_id = %s WHERE id = %s", [he.id, ask.pk]
            )
            assert cursor.rowcount == 0
    assert told("caller_asked") == 2
    with pytest.raises(Invalid):
        actions.ask_caller(actor=lin, case=case, why="danger")
    with pytest.raises(Forbidden):
        actions.confirm_caller(actor=lin, ask_id=ask.pk)
    with pytest.raises(WrongState):
        actions.read_caller(actor=lin, ask_id=ask.pk)
    shown = signed_in("he").get(reverse("callers")).content.decode()
    assert reverse("confirm_caller", args=[ask.pk]) in shown and NUMBER not in shown
    assert signed_in("he").get(reverse("confirm_caller", args=[ask.pk])).status_code == 200
    actions.confirm_caller(actor=he, ask_id=ask.pk)
    assert told("caller_confirmed") == 1
    with pytest.raises(WrongState):
        actions.confirm_caller(actor=he, ask_id=ask.pk)
    with pytest.raises(Forbidden):
        actions.read_caller(actor=he, ask_id=ask.pk)
    with identity(he), pytest.raises(Forbidden), transaction.atomic():
        open_number(CallerAsk.objects.get())
    assert reverse("read_caller", args=[ask.pk]) in signed_in("lin").get(reverse("callers")).content.decode()
    page = signed_in("lin").post(reverse("read_caller", args=[ask.pk]))
    assert NUMBER in page.content.decode() and page["Cache-Control"] == "no-store"
    assert signed_in("lin").post(reverse("read_caller", args=[ask.pk])).status_code == 409
    assert told("caller_read") == 1
    with identity(lin), pytest.raises(Forbidden), transaction.atomic():  # read: shut again
        open_number(CallerAsk.objects.get())
    for change in ("read_at = NULL", "confirmed_at = app_now()"):  # nor in SQL: once is once, and minutes are minutes
        with identity(lin), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"UPDATE cases_callerask SET {change} WHERE id = %s", [ask.pk])
    with identity(Actor.machine("verify")):
        acts = list(
            Event.objects.filter(act__startswith="cases:caller:").order_by("seq").values_list("act", "actor_id")
        )
        bodies = b"".join(bytes(body) for body in Event.objects.values_list("body", flat=True))
    assert acts == [(P.CALLER_ASK, lin.id), (P.CALLER_CONFIRM, he.id), (P.CALLER_READ, lin.id)]
    assert NUMBER.encode() not in bodies


def test_it_lapses_and_is_destroyed_after_its_hours(wait: Any) -> None:
    case, lin, he = call(), actor("lin"), actor("he")
    late = actions.ask_caller(actor=lin, case=case, why="rescue")
    wait(minutes=11)
    with pytest.raises(WrongState):
        actions.confirm_caller(actor=he, ask_id=late.pk)
    ask = actions.ask_caller(actor=lin, case=case, why="rescue")
    actions.confirm_caller(actor=he, ask_id=ask.pk)
    wait(minutes=11)
    with pytest.raises(WrongState):
        actions.read_caller(actor=lin, ask_id=ask.pk)
    with identity(lin), pytest.raises(Forbidden), transaction.atomic():
        open_number(CallerAsk.objects.get(pk=ask.pk))
    with identity(lin), pytest.raises(DatabaseError), transaction.atomic():  # another number's asking is no way around
        CallerAsk.objects.filter(pk=ask.pk).update(number_id=case.pk)
    assert end_numbers() == 0
    wait(hours=72)
    ticker = Actor.machine("ticker")
    with identity(ticker):
        assert DataKeyRow.objects.filter(owner_kind="caller").count() == 0, (
            "a machine sees no key of a number that stands"
        )
    assert end_numbers() == 1 and end_numbers() == 0
    with identity(ticker):
        assert CallerNumber.objects.get().sealed is None
        assert DataKeyRow.objects.filter(owner_kind="caller").count() == 0
    with pytest.raises(Invalid):
        actions.ask_caller(actor=lin, case=case, why="rescue")
    assert "保存期已过" in signed_in("lin").get(reverse("ask_caller", args=[case.reference])).content.decode()


def test_who_reads_a_file_in_an_emergency_asks_too_and_writes_nothing_into_it() -> None:
    """Gao's caller is to be found, and Gao cannot be reached: Lin reads by broken glass, and asks as Gao would."""
    case, lin = call(by="gao"), actor("lin")
    opened(case)
    page = signed_in("lin").post(reverse("ask_caller", args=[case.reference]), {"why": "rescue", "key": case.pk})
    assert page.status_code == 302 and page.url == reverse("callers")
    with identity(lin):
        ask = CallerAsk.objects.get()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(school_apart=True)
    actions.confirm_caller(actor=actor("su"), ask_id=ask.pk)
    assert actions.read_caller(actor=lin, ask_id=ask.pk) == NUMBER

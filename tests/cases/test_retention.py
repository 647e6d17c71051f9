"""The end of closed cases: proposed from covers when their time is over, two people of two desks, and holds that win at
the door and at the database."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.models import Case, Deadline, Erasure
from cases.outlived import find_what_is_due
from cases.policy import Policy
from cases.record_requests import Pick, Redaction
from cases.retention import due
from cases.retention_access import confirmed
from tests.cases.records_stage import checked, decided, entry_of, proposed
from tests.custody.test_rotate_keys import ask, custodian
from tests.stage import GREEN, RED, actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import KEYS
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import User
from wellbeing.web.names import called
from wellbeing.workdays import now

AT = datetime(2024, 2, 29, 12, tzinfo=UTC)
PAST_ITS_TIME = "1200 days"


def closed(words: dict[str, Any] = GREEN) -> Case:
    case = call(words)
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    return fresh(case)


def waiting() -> list[str]:
    with identity(Actor.machine("ticker")):
        return list(Erasure.objects.filter(erased_at=None).values_list("reference", flat=True))


def test_how_long_it_is_kept() -> None:
    rules: dict[str, Any] = {"hotline": True, "danger": False, "given": (), "policy": Policy()}
    assert due(AT, **rules) == date(2027, 3, 1)
    assert due(AT, **{**rules, "hotline": False}) == date(2029, 3, 1)
    assert due(AT, **{**rules, "danger": True}) == date(2034, 3, 1)
    assert due(AT, **{**rules, "given": [AT + timedelta(days=400)]}) == date(2028, 4, 4)


def test_only_what_is_closed_and_over_is_proposed_and_two_desks_stand_for_it(wait: Any) -> None:
    gone, kept, opened = closed(), closed(), call(RED)
    hold = actions.set_hold(
        actor=actor("zhou"), reference=kept.reference, why="lawsuit", until=now() + timedelta(days=2000)
    )
    with pytest.raises(Invalid):
        actions.set_hold(actor=actor("ye"), reference=opened.reference, why="inquiry", until=now() + timedelta(days=9))
    assert find_what_is_due() == 0
    wait(days=3 * 365 + 2)
    young = closed()
    assert find_what_is_due() == 1 and waiting() == [gone.reference] and young.reference not in waiting()
    assert find_what_is_due() == 0
    zhou, he = Client(), Client()
    zhou.force_login(User.objects.get(username="zhou"))
    he.force_login(User.objects.get(username="he"))
    shown = zhou.get(reverse("retention")).content.decode()
    assert reverse("ask_erasure", args=[gone.reference]) in shown and kept.reference in shown and "小满" not in shown
    with pytest.raises(Forbidden):
        actions.ask_erasure(actor=actor("ye"), reference=gone.reference, typed=gone.reference)
    with pytest.raises(WrongState):
        actions.confirm_erasure(actor=actor("he"), reference=gone.reference, typed=gone.reference)
    page, key = reverse("ask_erasure", args=[gone.reference]), str(gone.pk)
    wrong = zhou.post(page, {"typed": "ZS-2222-2222", "key": key})
    assert wrong.status_code == 422 and "逐字输入" in wrong.content.decode()
    assert zhou.post(page, {"typed": gone.reference, "key": key}).status_code == 302
    for name in ("zhou", "luo"):  # neither herself nor her desk
        with pytest.raises(Forbidden):
            actions.confirm_erasure(actor=actor(name), reference=gone.reference, typed=gone.reference)
    with identity(actor("zhou")), pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.filter(reference=gone.reference).update(
            confirmed_by_id=actor("zhou").id, confirmed_desk_id=actor("he").desks[0], confirmed_at=now()
        )
    assert reverse("confirm_erasure", args=[gone.reference]) in he.get(reverse("retention")).content.decode()
    actions.confirm_erasure(actor=actor("he"), reference=gone.reference, typed=gone.reference.lower())
    actions.set_hold(actor=actor("su"), reference=gone.reference, why="complaint", until=now() + timedelta(days=1))
    find_what_is_due()
    assert waiting() == [], "a hold ends the proposal, even one that two people confirmed"
    actions.lift_hold(actor=actor("zhou"), hold_id=hold.pk)
    with pytest.raises(WrongState):
        actions.lift_hold(actor=actor("zhou"), hold_id=hold.pk)
    second = he.get(reverse("lift_hold", args=[hold.pk])).content.decode()
    assert str(actor("zhou").name) in second and called(hold.why, "legal_hold") in second, "who asks, and what ends"
    with identity(actor("zhou")), pytest.raises(DatabaseError), transaction.atomic():
        type(hold).objects.filter(pk=hold.pk).update(lifted_by_id=actor("zhou").id, lifted_at=now())
    assert actions.lift_hold(actor=actor("he"), hold_id=hold.pk).lifted_at
    find_what_is_due()
    assert waiting() == [kept.reference]
    actions.reopen_case(actor=actor("zhou"), reference=kept.reference, to="yellow", because="又来电")
    find_what_is_due()
    assert waiting() == []


@pytest.mark.parametrize("told", [False, True])
def test_what_was_opened_again_and_closed_since_is_not_erased_by_what_was_decided_before(wait: Any, told: bool) -> None:
    """The ticker looks every ten minutes: what happens between two looks leaves the case closed, as it was."""
    case = closed()
    wait(days=3 * 365 + 2)
    assert find_what_is_due() == 1
    actions.ask_erasure(actor=actor("zhou"), reference=case.reference, typed=case.reference)
    if told:
        actions.confirm_erasure(actor=actor("he"), reference=case.reference, typed=case.reference)
        with identity(KEYS):
            assert [row.reference for row in confirmed()] == [case.reference]
    wait(minutes=1)
    actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="yellow", because="又来电")
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    with identity(Actor.machine("test")):
        Deadline.objects.filter(case=case).update(state="met", next_at=None)
    actions.close_case(actor=actor("zhou"), case=fresh(case), reason="duplicate", note="见另案")
    assert fresh(case).status == "closed"
    with identity(KEYS):
        assert list(confirmed()) == []
    if not told:
        with pytest.raises(WrongState):
            actions.confirm_erasure(actor=actor("he"), reference=case.reference, typed=case.reference)
    find_what_is_due()
    assert waiting() == [], "its time has begun anew"


def test_what_was_given_to_others_stays_on_record_for_its_years(wait: Any) -> None:
    case = closed()
    wait(days=3 * 365 - 30)
    row = checked("court", document="(2029)示例1号")
    actions.take_up_record(actor=actor("zhou"), reference=row.reference, words=case.reference)
    proposed(row, case, Pick(entry_of(case, "narrative"), "narrative", Redaction.WHOLE))
    decided(row, by="su")
    actions.hand_out_records(actor=actor("zhou"), reference=row.reference, how="officer")
    wait(days=33)
    assert find_what_is_due() == 0 and waiting() == []
    wait(days=3 * 365)
    assert find_what_is_due() == 1 and waiting() == [case.reference]


def test_the_hold_beats_an_erasure_at_the_door_and_at_the_database(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    case, other = closed(), closed()
    with psycopg.connect(committed.superuser_url) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '{PAST_ITS_TIME}'")
    connection.close()
    assert find_what_is_due() == 2
    for one in (case, other):
        actions.ask_erasure(actor=actor("zhou"), reference=one.reference, typed=one.reference)
        actions.confirm_erasure(actor=actor("he"), reference=one.reference, typed=one.reference)
    actions.set_hold(actor=actor("zhou"), reference=case.reference, why="inquiry", until=now() + timedelta(days=1))

    def erase(*words: str) -> str:
        out = io.StringIO()
        with custodian(committed):
            call_command("erase", *words, stdout=out)
        return out.getvalue()

    left = "SELECT count(*) FROM vault_datakey WHERE owner_id IN ('{}', '{}')"
    said = erase("--confirmed")
    assert f"{case.reference}: not closed any more, held" in said and f"{other.reference}: 2 keys" in said
    with pytest.raises(CommandError, match="legal hold"):
        erase(case.reference, "--ground", "court", "--first", "shen", "--second", "an")
    with psycopg.connect(committed.keys_url) as keys, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        keys.execute("SET app.system = 'on'")
        keys.execute("DELETE FROM vault.vault_datakey WHERE owner_id = %s", [case.pk])
    with psycopg.connect(committed.superuser_url) as admin, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        admin.execute("DELETE FROM vault.vault_datakey WHERE owner_id = %s", [case.person_id])
    assert ask(committed, left.format(case.pk, case.person_id)) == [(2,)]
    assert ask(committed, left.format(other.pk, other.person_id)) == [(0,)]
    with psycopg.connect(committed.superuser_url) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '1202 days'")
    connection.close()
    assert f"{case.reference}: 2 keys" in erase("--confirmed"), "the hold ended on its day"
    assert erase("--confirmed") == ""


def test_what_has_just_been_erased_is_neither_held_nor_opened_again(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    case = closed()
    with psycopg.connect(committed.superuser_url) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '{PAST_ITS_TIME}'")
    connection.close()
    assert find_what_is_due() == 1
    actions.ask_erasure(actor=actor("zhou"), reference=case.reference, typed=case.reference)
    actions.confirm_erasure(actor=actor("he"), reference=case.reference, typed=case.reference)
    with custodian(committed):
        call_command("erase", "--confirmed", stdout=io.StringIO())
    with pytest.raises(Invalid) as told:
        actions.set_hold(actor=actor("zhou"), reference=case.reference, why="inquiry", until=now() + timedelta(days=1))
    assert told.value.field == "reference"
    zhou = Client(HTTP_HOST="127.0.0.1")
    zhou.force_login(User.objects.get(username="zhou"))
    sent = {"to": "red", "because": "又来电", "key": str(case.pk)}
    answer = zhou.post(reverse("reopen_case", args=[case.reference]), sent)
    assert answer.status_code == 422 and "已经销毁" in answer.content.decode(), (
        "danger is sent to a new case, and no error"
    )
    assert fresh(case).status == "closed"


def test_what_somebody_asked_for_is_not_erased_before_she_is_answered(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    """Zhou was let into the closed file for a parent's request: neither half of its erasure is taken, nor does the
    custodian's run destroy what was confirmed before, until the request is answered."""
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    case, confirmed_before = closed(), closed()
    with psycopg.connect(committed.superuser_url) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '{PAST_ITS_TIME}'")
    connection.close()
    assert find_what_is_due() == 2
    typed = {one: {"reference": one.reference, "typed": one.reference} for one in (case, confirmed_before)}
    actions.ask_erasure(actor=actor("zhou"), **typed[confirmed_before])
    actions.confirm_erasure(actor=actor("he"), **typed[confirmed_before])
    rows = [checked(), checked()]
    for row, one in zip(rows, (case, confirmed_before), strict=True):
        actions.take_up_record(actor=actor("zhou"), reference=row.reference, words=one.reference)
    with pytest.raises(Invalid) as told:
        actions.ask_erasure(actor=actor("zhou"), **typed[case])
    assert told.value.field == "typed"

    def erased() -> str:
        out = io.StringIO()
        with custodian(committed):
            call_command("erase", "--confirmed", stdout=out)
        return out.getvalue()

    assert "asked for" in erased() and waiting().count(confirmed_before.reference) == 1
    proposed(rows[1], confirmed_before)  # nothing of it may go
    decided(rows[1])
    assert "asked for" in erased(), "decided, and not handed over"
    with psycopg.connect(committed.superuser_url) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '1300 days'")
    connection.close()
    actions.hand_out_records(actor=actor("luo"), reference=rows[1].reference, how="in_person")
    assert f"{confirmed_before.reference}: 4 keys" in erased()
    with pytest.raises(Invalid):
        actions.ask_erasure(actor=actor("zhou"), **typed[case])

"""By SQL nobody goes further than by her pages: each of the cast tries what the application may write, table by table.

A wall is asked before a column that must not be empty: a statement that leaves them out is refused by the wall (42501), or
fails for what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases import actions
from cases.models import Case, ScreeningBatch
from tests.access.test_by_sql import gains
from tests.rota.scenes import user_id
from tests.stage import YELLOW, acknowledged, actor, call, desk, fresh, referred, staged
from wellbeing.access.actor import identity
from wellbeing.access.models import Hold
from wellbeing.demo.city import CAST
from wellbeing.people.models import Role, User
from wellbeing.rota import actions as rota
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
EVERYBODY = tuple(member.username for member in CAST)
HOTLINE, TRIAGE = {"lin", "gao", "su"}, {"zhou", "luo", "ye", "he"}
SCHOOLS = {"chen", "wu"}


def refused(name: str, statement: str, **values: Any) -> bool:
    """Whether a wall refuses the statement itself, whatever it leaves out."""
    who = actor(name)
    desk_id = who.desks[0] if who.desks else None
    try:
        with transaction.atomic(), identity(who), connection.cursor() as cursor:
            cursor.execute(statement, {"me": who.id, "mine": desk_id, **values})
            transaction.set_rollback(True)
    except DatabaseError as fault:
        return getattr(fault.__cause__, "sqlstate", "") == "42501"
    return False


BEGINS = {
    "cases_campaign (made_by_id) VALUES (%(me)s)": SCHOOLS | TRIAGE,
    "cases_debriefing (by_id) VALUES (%(me)s)": HOTLINE,
    "cases_draft (owner_id, desk_id, tier) VALUES (%(me)s, %(mine)s, 'red')": HOTLINE | SCHOOLS | TRIAGE,
    "cases_handover (by_id, desk_id) VALUES (%(me)s, %(xinghe)s)": {"chen"} | TRIAGE,
    "cases_legalhold (set_by_id) VALUES (%(me)s)": {"su"} | TRIAGE,
    "cases_export (by_id, receiver_id, desk_id) VALUES (%(me)s, %(me)s, %(mine)s)": SCHOOLS | TRIAGE,
    "cases_recordanswer (proposed_by_id, desk_id) VALUES (%(me)s, %(mine)s)": TRIAGE,
    "cases_review (by_id, counsellor_id, desk_id) VALUES (%(me)s, %(chen)s, %(mine)s)": {"su", "he"},
    "cases_shiftnote (by_id, desk_id) VALUES (%(me)s, %(mine)s)": HOTLINE,
    "outbox_notice (kind, user_id) VALUES ('warning', %(chen)s)": set(EVERYBODY) - {"mallory"},
    "cases_recordrequest (received_by_id, received_desk_id) VALUES (%(me)s, %(mine)s)": TRIAGE,
    "cases_screeningbatch (made_by_id, desk_id, school_id, state) VALUES (%(me)s, %(mine)s, %(school)s, 'staged')": (
        {"chen"} | TRIAGE
    ),
    "cases_screeningbatch (made_by_id, desk_id, school_id, state) VALUES (%(me)s, %(mine)s, %(school)s, 'running')": set(),
    "cases_escalation (level) VALUES (1)": set(),
    "vault.vault_namedkey (purpose, period) VALUES ('caller', '2099Q1')": set(),
    "vault.vault_divisionkey (division) VALUES ('330902')": set(),
    "referrals_slot (desk_id, taken) VALUES (%(hospital)s, false)": {"fang"},
    "referrals_link (made_by_id, referral_id) VALUES (%(me)s, %(referral)s)": {"zhou", "luo"},
}


def test_each_begins_what_her_pages_begin_and_nothing_else() -> None:
    referral = referred()
    at = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    given = {
        "xinghe": at.pk,
        "school": at.organisation_id,
        "hospital": desk("haiyun-hospital", Role.HOSPITAL_LIAISON).pk,
        "referral": referral.pk,
        "chen": actor("chen").id,
    }
    for statement, may in BEGINS.items():
        found = {name for name in EVERYBODY if not refused(name, f"INSERT INTO {statement}", **given)}
        assert found == may & set(EVERYBODY), statement


def test_who_sees_a_cover_writes_nothing_that_counts_and_a_call_is_hers_who_took_it() -> None:
    case = call(YELLOW)
    actions.grant_access(
        actor=actor("lin"),
        case=case,
        to=User.objects.get(username="su"),
        hold=Hold.SEE,
        until=now() + timedelta(days=1),
        because="督导旁听",
    )
    counts = (
        "cases_assessment (case_id) VALUES (%(case)s)",
        "cases_deadline (case_id) VALUES (%(case)s)",
        "cases_warning (case_id, raised_by_id) VALUES (%(case)s, %(me)s)",
    )
    with identity(actor("su")):
        assert Case.objects.filter(pk=case.pk).exists()
    for statement in counts:
        assert refused("su", f"INSERT INTO {statement}", case=case.pk), statement
        assert not refused("lin", f"INSERT INTO {statement}", case=case.pk), statement
    taken = "INSERT INTO cases_call (case_id, counsellor_id) VALUES (%(case)s, %(whom)s)"
    assert refused("lin", taken, case=case.pk, whom=actor("gao").id)
    assert not refused("lin", taken, case=case.pk, whom=actor("lin").id)
    # Lists of what is open ask for this moment: an open case does not go by it.
    assert gains("lin", "UPDATE cases_case SET closed_at = app_now()", told=case) == 0
    assert fresh(case).closed_at is None


def test_nobody_takes_anothers_name_and_an_item_stays_as_it_came() -> None:
    acknowledged()
    names = (
        "display_name = '值班主任'",
        "username = 'zhou2'",
        "is_active = false",
        "first_name = '宁'",
    )
    for name in EVERYBODY:
        for change in names:
            assert gains(name, f"UPDATE people_user SET {change} WHERE id = %(me)s") == 0, (name, change)
    assert gains("mallory", "UPDATE people_user SET guided_at = app_now() WHERE id = %(me)s") == 1
    with identity(actor("zhou")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_inboxitem")
        found = cursor.fetchone()
    for change in ("target = 'rota'", "tier = 'blue'", "kind = 'rota'", "desk_id = desk_id + 0, user_id = %(me)s"):
        assert gains("zhou", f"UPDATE outbox_inboxitem SET {change}") == 0, change
    assert found is not None


def test_a_schools_screening_files_are_its_counsellors() -> None:
    batch = staged().batch
    for name in EVERYBODY:
        with identity(actor(name)):
            assert ScreeningBatch.objects.filter(pk=batch.pk).exists() == (name == "chen"), name
    for to in ("finished", "collecting"):
        assert gains("chen", "UPDATE cases_screeningbatch SET state = %(to)s", to=to) == 0, to


def test_a_roster_of_the_hotline_is_planned_by_its_supervisor_and_swapped_by_those_who_asked() -> None:
    at = desk("hotline", Role.HOTLINE_COUNSELLOR)
    begin = now() + timedelta(hours=30)
    shift = rota.plan_shift(
        actor=actor("su"), desk=at, user_id=user_id("lin"), starts_at=begin, ends_at=begin + timedelta(hours=4)
    )
    given = {"shift": shift.pk, "desk": at.pk, "lin": user_id("lin")}
    here = " WHERE id = %(shift)s"
    attacks = (
        "DELETE FROM rota_shift" + here,
        "UPDATE rota_shift SET user_id = %(me)s" + here,
        "UPDATE rota_shift SET ends_at = starts_at + interval '1 minute'" + here,
        "INSERT INTO rota_shift (id, desk_id, user_id, starts_at, ends_at, planned_by_id, planned_at) SELECT"
        " gen_random_uuid(), desk_id, %(lin)s, starts_at - interval '1 day', ends_at - interval '1 day', %(me)s, app_now()"
        " FROM rota_shift" + here,
    )
    for name in ("gao", "lin", "zhou", "mallory"):
        for statement in attacks:
            if name != "lin" or "SET user_id" not in statement:
                assert gains(name, statement, **given) == 0, (name, statement)
    forged = (
        "INSERT INTO rota_swap (id, shift_id, asked_by_id, to_user_id, asked_at) VALUES (gen_random_uuid(), %(shift)s,"
        " {}, {}, app_now())"
    )
    assert gains("gao", forged.format("%(lin)s", "%(me)s"), **given) == 0, "she asks herself in another's name"
    for statement in attacks[1:]:
        assert gains("su", statement, **given) == 1, statement

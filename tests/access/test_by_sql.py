"""Whoever reaches the database as the application does, and says truly who she is, gets no further there than at the
doors: what a policy or a trigger holds against its own holder. Each attack is one statement, and is refused or finds
nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from cases import actions
from cases.clocks import ClockKind
from cases.leave import Move
from cases.mandatory import Authority, Ground
from cases.models import CallerNumber, Case, Deadline, Entry, Lowering, MandatoryReport, Person, Stub
from cases.models.case import CaseUserObjectPermission
from cases.outlived import find_what_is_due
from cases.tick import tick
from referrals import actions as refer
from referrals.models import Referral
from referrals.queues import free_slots
from tests.api.stage import program
from tests.cases.glass_stage import BECAUSE, opened
from tests.cases.leave_stage import AWAY, begun, take
from tests.cases.records_stage import checked, decided, proposed
from tests.cases.test_exports import exported
from tests.cases.test_retention import closed
from tests.cases.transfer_stage import ask
from tests.people.scenes import confirmed, filed, locked, submitted, teacher, term
from tests.registers.scenes import hotline_year
from tests.rota.scenes import user_id
from tests.rules.test_walls import OUTSIDE
from tests.stage import (
    RED,
    YELLOW,
    acknowledged,
    actor,
    call,
    closed_by_two,
    desk,
    fresh,
    managed,
    policy,
    ready,
    referred,
    scene,
    staged,
)
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.audit.record import record
from wellbeing.errors import Invalid
from wellbeing.people import actions as people
from wellbeing.people.models import Post, PostKind, Role, User
from wellbeing.registers import actions as registers
from wellbeing.rota.actions import plan_shift
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
# By the name of a policy or a trigger, by a column that is not hers to write, by a constraint.
REFUSED = {"42501", "23514"}
USERS, DESKS = "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"


def gains(name: str, statement: str, *, told: Case | None = None, **values: Any) -> int:
    """How many rows somebody changes by a statement of her own, as at the commit of it; none where the database refuses
    it. `told` is a case on whose chain her event is written with it, as an action would."""
    who = actor(name)
    try:
        with transaction.atomic(), identity(who), connection.cursor() as cursor:
            cursor.execute(statement, {"me": who.id, **values})
            changed = int(cursor.rowcount)
            if told:
                record(stream=told.pk, act=P.FOLLOW_UP, actor=who, facts={})
            return changed
    except DatabaseError as refused:
        if getattr(refused.__cause__, "sqlstate", "") not in REFUSED:
            raise
        return 0


def rows(table: str, **which: Any) -> Iterator[tuple[Any, ...]]:
    """The grants on a case as they stand."""
    with identity(Actor.machine("test")), connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(g) FROM {table} g WHERE content_object_id = %(case)s ORDER BY id", which)
        yield from cursor.fetchall()


def test_a_guest_makes_nothing_of_what_she_was_given() -> None:
    """Gao may act in Lin's case until tomorrow. She makes that no origin of its own and no longer end, opens it to nobody,
    takes it from nobody; and what she does at the doors still gives the county what it needs."""
    case = acknowledged(YELLOW)
    given = {"hold": Hold.WORK, "until": now() + timedelta(days=1), "because": "值班交接,需一起跟进"}
    for guest in ("gao", "he"):
        actions.grant_access(actor=actor("lin"), case=case, to=User.objects.get(username=guest), **given)
    before = [list(rows(table, case=case.pk)) for table in (USERS, DESKS)]
    new = "(permission_id, content_object_id, origin, granted_by_id, granted_at, expires_at"
    copy = "SELECT permission_id, content_object_id, 'owner', %(me)s, app_now(), app_now() + interval '9 days'"
    for guest in ("gao", "he"):
        for statement in (
            f"UPDATE {USERS} SET origin = 'owner' WHERE user_id = %(me)s",
            f"UPDATE {USERS} SET origin = 'owner', granted_by_id = %(me)s WHERE user_id = %(me)s",
            f"UPDATE {USERS} SET expires_at = app_now() + interval '90 days', granted_by_id = %(me)s"
            " WHERE user_id = %(me)s OR origin <> 'given'",
            f"UPDATE {USERS} SET user_id = %(other)s, granted_by_id = %(me)s WHERE user_id <> %(me)s AND origin <> 'given'",
            f"INSERT INTO {USERS} {new}, user_id) {copy}, %(other)s FROM {USERS} WHERE user_id = %(me)s",
            f"DELETE FROM {USERS} WHERE user_id = %(me)s OR origin <> 'given'",
        ):
            assert gains(guest, statement, other=actor("mallory").id) == 0, (guest, statement)
    for statement in (  # at no desk of the case, nor at the one that owns it
        f"UPDATE {DESKS} SET expires_at = app_now()",
        f"DELETE FROM {DESKS}",
        f"INSERT INTO {DESKS} {new}, group_id) {copy}, %(desk)s FROM {USERS} WHERE user_id = %(me)s",
    ):
        assert gains("he", statement, desk=desk("city-centre", Role.CITY_DUTY).pk) == 0, statement
    assert [list(rows(table, case=case.pk)) for table in (USERS, DESKS)] == before
    actions.raise_tier(actor=actor("gao"), case=fresh(case), to="red", because="再次来电")
    actions.assign_manager(
        actor=actor("he"),
        case=fresh(case),
        manager=User.objects.get(username="chen"),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
    )


def test_whoever_answers_for_a_file_neither_prolongs_her_own_nor_signs_for_another() -> None:
    case = scene().case
    later = "expires_at = app_now() + interval '400 days'"
    for name, statement in (
        ("lin", f"UPDATE {USERS} SET {later}, granted_by_id = %(me)s WHERE user_id = %(me)s"),
        ("lin", f"UPDATE {USERS} SET granted_by_id = NULL"),
        ("zhou", f"UPDATE {DESKS} SET expires_at = app_now() + interval '9 years', granted_by_id = %(me)s"),
        ("zhou", f"UPDATE {DESKS} SET origin = 'owner', granted_by_id = %(lin)s"),
        ("chen", f"DELETE FROM {USERS} WHERE user_id = %(me)s"),
    ):
        assert gains(name, statement, lin=actor("lin").id) == 0, (name, statement)
    table = "referrals_referralgroupobjectpermission"
    with identity(actor("fang")):
        assert Referral.objects.filter(case_id=case.pk).exists()
    for statement in (
        f"UPDATE {table} SET {later}, granted_by_id = %(me)s",
        f"UPDATE {table} SET origin = 'owner'",
        f"DELETE FROM {table}",
        f"INSERT INTO {table} (permission_id, content_object_id, origin, granted_by_id, granted_at, expires_at, group_id)"
        f" SELECT permission_id, content_object_id, 'owner', %(me)s, app_now(), app_now() + interval '9 days', %(desk)s"
        f" FROM {table} LIMIT 1",
    ):
        assert gains("fang", statement, desk=actor("tao").desks[0]) == 0, statement


def test_an_opening_is_written_as_it_was_made_and_judged_by_who_had_no_part_in_it() -> None:
    case = call(by="gao")
    glass = opened(case)
    columns = (
        "id, case_id, reference, division, by_id, why, reason, at, until, first_desk_id, second_desk_id, verdict, level"
    )
    forged = {
        "her own desk is told": "app_now(), app_now() + interval '4 hours', %(mine)s, second_desk_id, '', 0",
        "a desk that judges nothing": "app_now(), app_now() + interval '4 hours', %(chens)s, second_desk_id, '', 0",
        "for a year": "app_now(), app_now() + interval '1 year', first_desk_id, second_desk_id, '', 0",
        "not yet late for years": "app_now() + interval '9 years', app_now(), first_desk_id, second_desk_id, '', 0",
        "judged already": "app_now(), app_now() + interval '4 hours', first_desk_id, second_desk_id, 'justified', 0",
    }
    desks = {"mine": actor("lin").desks[0], "chens": actor("chen").desks[0]}
    for why, values in forged.items():
        statement = (
            f"INSERT INTO cases_breakglass ({columns}) SELECT gen_random_uuid(), case_id, reference, division, by_id, why,"
            f" reason, {values} FROM cases_breakglass"
        )
        assert gains("lin", statement, **desks) == 0, why
    for change in (
        "until = until + interval '1 hour'",
        "level = 9",
        "by_id = %(zhou)s",
        "verdict = 'justified', reviewed_at = app_now(), reviewed_by_id = %(zhou)s",
        "verdict = 'justified', reviewed_at = app_now() + interval '1 day', reviewed_by_id = %(me)s",
    ):
        assert gains("he", f"UPDATE cases_breakglass SET {change}", zhou=actor("zhou").id) == 0, change
    # A sealed section is asked for by whoever reads the file: a row of an opening alone is not that.
    with identity(Actor.machine("test")):
        CaseUserObjectPermission.objects.filter(user_id=actor("lin").id, content_object_id=case.pk).delete()
    asks = (
        "INSERT INTO cases_sealedask (id, case_id, reference, by_id, at, glass_id, why) SELECT gen_random_uuid(), case_id,"
        " reference, by_id, app_now(), id, 'danger' FROM cases_breakglass"
    )
    assert gains("lin", asks) == 0
    assert BECAUSE and fresh(glass).verdict == ""


def test_a_row_of_ones_own_names_nothing_of_anothers() -> None:
    """A person, a desk or an entry whose id somebody knows from before opens nothing when she writes it into her row."""
    case, other = acknowledged(), call(by="gao")
    at = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=case, manager=User.objects.get(username="chen"), desk=at)
    with identity(actor("gao")):
        person = Case.objects.values_list("person_id", flat=True).get(pk=other.pk)
    for name, change in (
        ("lin", "person_id = %(person)s"),
        ("zhou", "person_id = %(person)s"),
        ("zhou", "owner_desk_id = %(mine)s"),
        ("chen", "division_id = '330903'"),
        ("chen", "reference = 'ZS-2222-2222'"),
    ):
        statement = f"UPDATE cases_case SET {change} WHERE id = %(case)s"
        assert gains(name, statement, person=person, mine=actor(name).desks[0], case=case.pk) == 0, (name, change)
    made = Case(person_id=person, division_id="330902", channel="concern", tier="green", tier_since=now(), cover=b"x")
    made.owner_desk_id, made.opened_at = actor("wu").desks[0], now()
    with identity(actor("wu")):  # nor in a new case: anybody may begin one
        until = {"origin": Origin.OWNER, "expires_at": now() + OWNER_DAYS}
        grant(made, to=desk("bailang", Role.SCHOOL_COUNSELLOR), by=actor("wu"), **until)
        with pytest.raises(ProgrammingError, match="about whom"), transaction.atomic():
            made.save(force_insert=True)
        assert not Person.objects.filter(pk=person).exists()
        with connection.cursor() as cursor:  # the grant of nothing is not kept: its case would have to stand
            cursor.execute("DELETE FROM cases_casegroupobjectpermission WHERE content_object_id = %s", [made.pk])

    report = {"ground": Ground.SELF_HARM, "authority": Authority.POLICE, "words": {"reported_to": "值班"}}
    actions.report_mandatory(actor=actor("zhou"), case=case, **report)
    with identity(actor("chen")):  # she knows that there is a report, and the id of its entry
        entry = MandatoryReport.objects.get().entry_id
    columns = "id, case_id, entry_id, basis, scope, state, from_desk_id, to_desk_id, asked_by_id, asked_at"
    for to in ("chen", "ye"):
        statement = (
            f"INSERT INTO cases_transfer ({columns}) VALUES (gen_random_uuid(), %(case)s, %(entry)s, 'agreed', 'whole',"
            " 'asked', %(mine)s, %(to)s, %(me)s, app_now())"
        )
        given = {"case": case.pk, "entry": entry, "mine": actor("chen").desks[0], "to": actor(to).desks[0]}
        assert gains("chen", statement, **given) == 0, to
    # nor do two of one desk open to each other what is sealed, by moving the file to where it lies
    ask(fresh(case), by="zhou", division="330902")
    with identity(actor("luo")), transaction.atomic(), connection.cursor() as cursor:
        moved = "state = 'accepted', answered_by_id = %s, answered_at = app_now(), moved_in = txid_current()"
        cursor.execute(f"UPDATE cases_transfer SET {moved} WHERE case_id = %s", [actor("luo").id, case.pk])
        assert cursor.rowcount == 1 and not Entry.objects.filter(pk=entry).exists()
        transaction.set_rollback(True)
    with identity(actor("chen")):
        assert not Entry.objects.filter(pk=entry).exists()

    with identity(actor("lin")):
        number = CallerNumber.objects.get(case=case).pk
    asks = "INSERT INTO cases_callerask (id, number_id, case_id, reference, why, by_id, at) VALUES (gen_random_uuid(),"
    for name, says in (
        ("lin", "%(number)s, %(case)s, 'ZS-2222-2222', 'danger', %(me)s, app_now())"),
        ("lin", "%(number)s, %(other)s, %(reference)s, 'danger', %(me)s, app_now())"),
        ("lin", "%(number)s, %(case)s, %(reference)s, 'danger', %(me)s, app_now() + interval '1 year')"),
        ("fang", "%(number)s, %(case)s, %(reference)s, 'danger', %(me)s, app_now())"),
    ):
        given = {"number": number, "case": case.pk, "other": other.pk, "reference": case.reference}
        assert gains(name, f"{asks} {says}", **given) == 0, (name, says)


def test_who_confirms_a_post_or_a_token_rewrites_nothing_of_it() -> None:
    """The security administrator alone would else give a post to whom she likes, or put a secret that she knows into
    the token of somebody who reads files."""
    proposal = people.appoint(
        actor=actor("sun"),
        account=User.objects.get(username="mallory"),
        desk=desk("bailang", Role.SCHOOL_COUNSELLOR),
        kind=PostKind.REGULAR,
        starts_on=now().date(),
        ends_on=None,
        because="新任",
    )
    program("lin")
    for table, change in (
        ("people_appointment", "desk_id = %(desk)s"),
        ("people_appointment", "user_id = %(other)s"),
        ("people_appointment", "proposed_by_id = %(other)s"),
        ("api_apitoken", "digest = repeat('0', 64)"),
        ("api_apitoken", "user_id = %(other)s"),
        ("api_apitoken", "expires_at = expires_at + interval '1 year'"),
    ):
        given = {"desk": desk("city-centre", Role.CITY_DUTY).pk, "other": actor("ding").id}
        assert gains("an", f"UPDATE {table} SET {change}", **given) == 0, change
    people.confirm_appointment(actor=actor("an"), appointment=proposal, because="已核对")


WHICH = " WHERE id = %(case)s"
SHUT = "UPDATE cases_case SET status = 'closed', closed_at = app_now(), close_reason = 'graduated'"
ANEW = "UPDATE cases_case SET status = 'opened', closed_at = NULL, tier = %(to)s"
SETS = "UPDATE cases_case SET tier = %(to)s, tier_since = app_now() WHERE id = %(case)s"
PROPOSES = (
    "INSERT INTO cases_lowering (id, case_id, entry_id, from_tier, to_tier, proposed_by_id, proposed_at) VALUES"
    " (gen_random_uuid(), %(case)s, %(entry)s, 'red', 'orange', %(by)s, app_now())"
)


def test_a_tier_falls_by_two_people_where_policy_says_so_and_by_a_proposal_always(wait: Any) -> None:
    """Zhou answers for a red case. Alone she lowers it by no statement, whatever she signs or calls closed."""
    case = managed(RED)
    wait(hours=73)
    case = ready(case, by="zhou")
    zhou, luo = actor("zhou").id, actor("luo").id
    given = {"case": case.pk, "to": "orange", "other": luo, "by": luo}
    assert gains("zhou", SETS, **given) == gains("chen", SETS, **given) == gains("lin", SETS, **given) == 0
    with (
        identity(Actor.machine("ticker")),
        pytest.raises(ProgrammingError, match="by a proposal"),
        transaction.atomic(),
    ):
        Case.objects.filter(pk=case.pk).update(tier="orange")
    actions.lower_tier(actor=actor("zhou"), case=case, to="orange", because="当面评估,孩子已安全")
    with identity(actor("zhou")):
        entry = Lowering.objects.get().entry_id
    ends = "UPDATE cases_lowering SET ended_at = app_now()"
    for statement in (
        SETS,
        "UPDATE cases_lowering SET proposed_by_id = %(other)s",
        "UPDATE cases_lowering SET from_tier = 'orange', to_tier = 'yellow'",
        f"{ends}, confirmed_by_id = %(other)s",
        f"{ends}, confirmed_by_id = %(me)s",
        "UPDATE cases_case SET tier_since = tier_since - interval '1 year'",
        "UPDATE cases_case SET opened_at = opened_at - interval '1 year'",
    ):
        assert gains("zhou", statement, **given) == 0, statement
    assert gains("luo", SETS, **given | {"to": "yellow"}) == 0, "one step"
    assert gains("luo", f"{ends}, confirmed_by_id = %(me)s", **given) == 0, "confirmed, and not lowered"
    assert gains("su", SETS, **given) == 0, "no case of hers"
    assert gains("zhou", ends, **given) == 1  # taken back; then she writes one as her colleague's
    assert gains("zhou", PROPOSES, **given, entry=entry) == 0
    assert (
        gains(
            "zhou", PROPOSES.replace("app_now()", "app_now() - interval '1 day'"), **given | {"by": zhou}, entry=entry
        )
        == 0
    )
    assert gains("lin", PROPOSES, **given | {"by": actor("lin").id}, entry=entry) == 0, "who may lower nothing"
    wait(minutes=1)
    assert gains("zhou", SHUT + WHICH, told=case, **given) == 0, "alone"
    actions.close_case(actor=actor("zhou"), case=case, reason="graduated")
    wait(minutes=1)
    assert gains("luo", SHUT + WHICH, **given) == 0, "without an event"
    assert gains("luo", SHUT + WHICH, told=case, **given) == 1
    assert gains("zhou", ANEW + WHICH, told=case, **given) == 0
    with pytest.raises(ProgrammingError), identity(actor("zhou")), transaction.atomic():
        Stub.objects.create(
            desk_id=actor("zhou").desks[0], reference=case.reference, tier="red", since=now(), until=now(), end="closed"
        )
    assert gains("zhou", ANEW + WHICH, told=case, **given | {"to": "red"}) == 1
    with identity(Actor.machine("test")):
        Case.objects.filter(pk=case.pk).update(status="acknowledged")
    assert fresh(case).tier == "red"
    actions.lower_tier(actor=actor("zhou"), case=case, to="orange", because="当面评估,孩子已安全")
    actions.confirm_lowering(actor=actor("luo"), case=case)
    with identity(actor("zhou")):
        assert Lowering.objects.get(confirmed_by_id=luo).ended_at
    assert gains("luo", ends) == 0, "what has ended, ends once"
    assert gains("chen", SETS, told=case, **given | {"to": "red"}) == 1, "to raise asks nobody"


def test_what_policy_leaves_to_one_is_one_persons_and_a_file_comes_back_at_a_tier(wait: Any) -> None:
    case = managed(YELLOW)
    wait(days=29)
    case = ready(case, by="chen")
    given = {"case": case.pk, "to": "blue"}
    assert gains("chen", SETS, **given) == 0, "not without its reason"
    actions.lower_tier(actor=actor("chen"), case=case, to="blue", because="两周平稳")
    assert fresh(case).tier == "blue"
    policy(second_person=("red", "orange", "yellow", "blue"))
    wait(minutes=1)
    case = ready(case, by="chen")
    actions.lower_tier(actor=actor("chen"), case=case, to="green", because="两周平稳")
    assert gains("chen", SETS, **given | {"to": "green"}) == 0, "policy asks for another now"
    actions.confirm_lowering(actor=actor("zhou"), case=case)
    actions.raise_tier(actor=actor("chen"), case=case, to="red")
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    closed_by_two(ready(case, by="zhou"), "handed_to_health")
    wait(minutes=1)
    # Back no lower than it went, by no page and by no statement.
    for tier in ("orange", "yellow"):
        with pytest.raises(Invalid, match="to") as refusal:
            actions.reopen_case(actor=actor("zhou"), reference=case.reference, to=tier, because="昨夜再次来电")
        assert "红" in str(refusal.value.message)
    actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="red", because="昨夜再次来电")
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    actions.close_case(actor=actor("zhou"), case=ready(case, by="zhou"), reason="graduated")
    wait(minutes=1)
    assert gains("luo", SHUT + WHICH, told=case, **given) == 1
    for more in ("", ", reopened_at = app_now()"):
        assert gains("zhou", ANEW + more + WHICH, told=case, **given | {"to": "orange"}) == 0, more
    assert gains("zhou", ANEW + WHICH, told=case, **given | {"to": "red"}) == 1

    # One alone lowers from yellow, and what was closed there comes back at blue: by its page, and where it was closed.
    policy(second_person=("red", "orange"))
    wait(minutes=1)
    case = acknowledged(YELLOW)
    given = {"case": case.pk, "to": "blue"}
    assert gains("zhou", SHUT + WHICH, told=case, **given) == 1
    for more in ("", ", reopened_at = reopened_at - interval '1 hour'", ", reopened_at = NULL"):
        assert gains("zhou", ANEW + more + WHICH, told=case, **given) == 0, "called closed, and nobody's grant ended"
    assert gains("zhou", f"{ANEW}, tier_since = app_now() {WHICH}", told=case, **given | {"to": "yellow"}) == 1
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    actions.close_case(actor=actor("zhou"), case=ready(case, by="zhou"), reason="improved")
    wait(minutes=1)
    found = actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="blue", because="昨夜再次来电")
    assert found.tier == "blue"


def test_a_school_confirms_no_return_of_its_own() -> None:
    made = term()
    one = submitted("xinghe", teacher("T1"))
    signed = "state = 'confirmed', moved_by_id = %(me)s, moved_at = app_now()"
    here = f"UPDATE people_staffingreturn SET {{}} WHERE id = '{one.pk}'"
    other = actor("zhou").id
    for name, change in (
        ("chen", signed),
        ("chen", "state = 'confirmed', moved_by_id = %(other)s"),
        ("chen", "state = 'draft', moved_by_id = %(me)s"),
        ("chen", "enrolment = 1"),
        ("zhou", f"{signed}, enrolment = 1"),
        ("zhou", "enrolment = 1"),
        ("zhou", "state = 'draft', moved_by_id = %(me)s"),
        ("zhou", f"{signed}, short = false"),
        ("zhou", "state = 'confirmed'"),
        (
            "zhou",
            f"{signed}, school_id = (SELECT s.school_id FROM people_staffingreturn s WHERE s.division_id = '330902' LIMIT 1 OFFSET 1)",
        ),
        ("ye", signed),
        ("shen", signed),
        ("shen", "enrolment = 1"),
        ("shen", "state = 'locked', moved_by_id = %(me)s"),
    ):
        assert gains(name, here.format(change), other=other) == 0, (name, change)
    posted_besides("chen", "dinghai-centre", Role.COUNTY_TRIAGE)
    assert gains("chen", here.format(signed)) == 0
    with pytest.raises(Invalid, match="confirm"):
        people.confirm_return(actor=actor("chen"), staffing_return=one)
    people.confirm_return(actor=actor("zhou"), staffing_return=one)
    assert gains("chen", here.format("state = 'submitted', moved_by_id = %(me)s")) == 0
    locked(made)
    for change in ("enrolment = 1", "state = 'confirmed', moved_by_id = %(me)s", "short = NULL, boarding = true"):
        assert gains("shen", here.format(change)) == 0, change
    people.unlock_return(actor=actor("shen"), staffing_return=filed("xinghe"), because="人数有误")
    confirmed("xinghe", teacher("T1"), enrolment=801)


def test_no_person_rewrites_the_directory_nor_what_a_right_is_called() -> None:
    """Each of these would make somebody whom she likes of herself, or of what she holds: of every table without a wall."""
    case = scene().case
    statements = [
        "UPDATE people_desk SET role = 'city_duty'",
        "UPDATE people_desk SET organisation_id = (SELECT id FROM people_organisation WHERE code = 'city-centre')",
        "UPDATE people_organisation SET division_id = '330902'",
        "UPDATE people_organisation SET kind = 'bureau'",
        "UPDATE people_division SET part_of_id = '330903' WHERE code = '330902'",
        "UPDATE people_school SET organisation_id = organisation_id",
        "UPDATE people_school SET enrolment = 1",
        "DELETE FROM people_school",
        "UPDATE auth_permission SET codename = codename || 'x'",
        "UPDATE django_content_type SET model = model || 'x'",
        "INSERT INTO auth_group (name) VALUES ('x')",
        "UPDATE outbox_heartbeat SET beat_at = app_now() + interval '1 day'",
        "UPDATE outbox_channelstate SET failing_since = NULL",
    ]
    statements += [f"DELETE FROM {table}" for table in sorted(OUTSIDE - {"django_session"})]
    for name in ("ding", "mallory", "zhou", "sun"):
        for statement in statements:
            assert refused(name, statement), (name, statement)
    for statement in statements:
        assert statement.startswith("UPDATE people_school SET enrolment") or refused("shen", statement), statement
    assert case.pk


def test_the_columns_of_a_schools_files_are_its_own_to_name() -> None:
    batch = staged().batch
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    for name in ("ding", "mallory", "wu", "lin", "shen"):
        assert gains(name, "UPDATE cases_screeningmapping SET mapping = 'phq9=#1-#9'") == 0, name
    for name in ("chen", "zhou"):
        assert gains(name, "UPDATE cases_screeningmapping SET mapping = mapping") == 1, name


def refused(name: str, statement: str) -> bool:
    """Whether the database refuses the statement itself, however many rows it would have found."""
    who = actor(name)
    with identity(who), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
                transaction.set_rollback(True)
        except DatabaseError as fault:
            return getattr(fault.__cause__, "sqlstate", "") == "42501"
    return False


def test_each_of_two_people_signs_for_herself(wait: Any) -> None:
    """Nobody writes a colleague's asking and her own answer, nor her own asking and a colleague's answer."""
    case, gone = acknowledged(YELLOW), closed()
    actions.stop_contact(actor=actor("zhou"), case=case, because="家中有暴力")
    hold = actions.set_hold(actor=actor("su"), reference=gone.reference, why="lawsuit", until=now() + timedelta(days=9))
    row = checked()
    proposed(row, None)
    export = exported()
    luo, zhou, su = (actor(name) for name in ("luo", "zhou", "su"))
    given = {"luo": luo.id, "zhou": zhou.id, "su": su.id, "desk": zhou.desks[0], "mine": actor("he").desks[0]}
    both = "asked_at = app_now(), lifted_at = app_now(), lifted_by_id"
    decides = (
        "UPDATE cases_recordanswer SET agreed = true, decided_at = app_now(), decided_desk_id = %(mine)s, decided_by_id"
    )
    for name, statement in (
        ("zhou", f"UPDATE cases_contactstop SET asked_by_id = %(luo)s, {both} = %(me)s"),
        ("zhou", f"UPDATE cases_contactstop SET asked_by_id = %(me)s, {both} = %(luo)s"),
        ("zhou", "UPDATE cases_contactstop SET asked_by_id = %(luo)s, asked_at = app_now()"),
        ("he", f"UPDATE cases_legalhold SET asked_by_id = %(su)s, {both} = %(me)s"),
        ("he", "UPDATE cases_legalhold SET asked_by_id = %(su)s, asked_at = app_now()"),
        ("he", f"{decides} = %(su)s"),
        ("he", f"{decides} = %(me)s, decided_desk_id = %(desk)s".replace("decided_desk_id = %(mine)s, ", "")),
        ("zhou", "UPDATE cases_export SET second_at = app_now(), second_id = %(luo)s"),
        ("luo", "UPDATE cases_recordrequest SET handed_by_id = %(zhou)s"),
    ):
        assert gains(name, statement, **given) == 0, statement
    decided(row)
    actions.confirm_export(actor=zhou, export_id=export.pk)
    actions.ask_contact(actor=zhou, case=case, because="已由民政接走")
    for change in ("asked_by_id = NULL, asked_at = NULL", "lifted_by_id = %(luo)s, lifted_at = app_now()"):
        assert gains("zhou", f"UPDATE cases_contactstop SET {change}", **given) == 0, change
    actions.allow_contact(actor=luo, case=case, allow=True)
    for name in ("su", "he"):
        actions.lift_hold(actor=actor(name), hold_id=hold.pk)
    wait(days=3 * 365 + 2)
    assert find_what_is_due() == 1
    asks = "UPDATE cases_erasure SET asked_at = app_now(), asked_by_id = %({})s, asked_desk_id = %({})s"
    signs = "confirmed_at = app_now(), confirmed_by_id = %({})s, confirmed_desk_id = %({})s"
    for statement in (
        f"{asks.format('zhou', 'desk')}, {signs.format('me', 'mine')}",
        f"{asks.format('me', 'mine')}, {signs.format('zhou', 'desk')}",
        asks.format("zhou", "desk"),
        asks.format("me", "desk"),
    ):
        assert gains("he", statement, **given) == 0, statement
    actions.ask_erasure(actor=zhou, reference=gone.reference, typed=gone.reference)
    sign = f"UPDATE cases_erasure SET {signs}"
    for name, who, at in (("he", "su", "mine"), ("he", "me", "desk"), ("luo", "me", "mine")):
        assert gains(name, sign.format(who, at), **given) == 0, (name, who, at)
    actions.confirm_erasure(actor=actor("he"), reference=gone.reference, typed=gone.reference)
    assert gains("he", "UPDATE cases_erasure SET erased_at = app_now()") == 0, "who erases is a machine"


def posted_besides(name: str, code: str, role: str) -> None:
    """One more post of somebody who has one."""
    with identity(Actor.machine("test")):
        Post.objects.create(user_id=actor(name).person, desk=desk(code, role), starts_on=now().date())


def test_one_fills_a_year_in_and_another_confirms_it() -> None:
    year = hotline_year()
    signed = "state = 'confirmed', confirmed_at = app_now(), confirmed_by_id = %(me)s"
    for name, change in (
        ("shen", "seats = 9"),
        ("shen", f"staff = '{{}}', {signed}"),
        ("shen", f"filled_by_id = %(me)s, {signed}"),
        ("shen", "state = 'confirmed', confirmed_at = app_now(), confirmed_by_id = %(other)s"),
        ("su", signed),
        ("su", "seats = 9, filled_by_id = %(other)s"),
        ("su", "year = year - 1"),
    ):
        assert gains(name, f"UPDATE registers_hotlineyear SET {change}", other=actor("lin").id) == 0, (name, change)
    posted_besides("su", "bureau", Role.EDUCATION_ADMIN)
    with pytest.raises(Invalid, match="confirm"):
        registers.confirm_year(actor=actor("su"), hotline_year=year)
    registers.confirm_year(actor=actor("shen"), hotline_year=year)
    assert gains("su", "UPDATE registers_hotlineyear SET seats = 9, state = 'filled'") == 0
    assert gains("shen", "UPDATE registers_hotlineyear SET note = 'x'") == 0
    registers.send_back_year(actor=actor("shen"), hotline_year=fresh_year(year), because="请核对专职人数")
    hotline_year(seats=4)


def fresh_year(year: Any) -> Any:
    with identity(actor("shen")):
        return type(year).objects.get(pk=year.pk)


def test_whoever_steps_in_for_a_call_back_keeps_what_she_held_for_longer(wait: Any) -> None:
    case = call()
    with identity(Actor.machine("test")):
        clock = Deadline.objects.get(case=case, kind=ClockKind.CALLBACK)
    at = desk("hotline", Role.HOTLINE_COUNSELLOR)
    for name in ("lin", "gao"):  # the owner of the case is on duty herself, and so is a colleague
        plan_shift(
            actor=actor("su"),
            desk=at,
            user_id=user_id(name),
            starts_at=now() + timedelta(hours=1),
            ends_at=clock.due_at,
        )
    assert clock.next_at is not None
    wait(seconds=(clock.next_at - now()).total_seconds() + 1)
    tick()
    with identity(Actor.machine("test")):
        held = CaseUserObjectPermission.objects.filter(content_object_id=case.pk)
        ends = {(one.user_id, one.origin, one.expires_at > now() + OWNER_DAYS / 2) for one in held}
    assert ends == {(actor("lin").id, Origin.OWNER, True), (actor("gao").id, Origin.DUTY, False)}


def test_a_warning_and_its_clocks_end_by_who_may_and_leave_their_event(wait: Any) -> None:
    """Chen and Lin work on a red case that waits for its county. Neither calls it acknowledged, nor makes it silent."""
    case = call(RED)
    actions.assign_manager(
        actor=actor("zhou"),
        case=fresh(case),
        manager=User.objects.get(username="chen"),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
    )
    silence = "UPDATE cases_warning SET ring_at = NULL"
    has_it = "acknowledged_by_id = %(me)s, acknowledged_at = app_now()"
    clock = "UPDATE cases_deadline SET {} WHERE kind = 'acknowledge'"
    attacks = (
        f"{silence}",
        f"{silence}, ended_at = app_now()",
        "UPDATE cases_warning SET ring_at = ring_at + interval '1 day'",
        "UPDATE cases_warning SET rings = 99",
        "UPDATE cases_warning SET raised_at = raised_at + interval '1 day'",
        "UPDATE cases_case SET status = 'acknowledged'",
        "UPDATE cases_case SET status = 'closed', closed_at = app_now()",
        clock.format("state = 'met', ended_at = app_now(), next_at = NULL"),
        clock.format("state = 'void', ended_at = app_now(), next_at = NULL"),
        clock.format("state = 'paused', paused_at = app_now(), next_at = app_now(), next_act = 'resume'"),
        clock.format("due_at = due_at + interval '1 hour'"),
        clock.format("next_at = NULL"),
        clock.format("level = 9"),
        "UPDATE cases_deadline SET due_at = due_at + interval '1 hour', state = 'paused' WHERE kind = 'first_meeting'",
        "UPDATE cases_deadline SET tier = 'blue', tier_rank = 3",
    )
    for name in ("chen", "lin"):
        for statement in (*attacks, f"{silence}, {has_it}"):
            assert gains(name, statement, told=case) == 0, (name, statement)
    for statement in attacks[:-5]:
        if "acknowledged'" not in statement:
            assert gains("zhou", statement, told=case) == 0, statement
    # What zhou may do at the doors she does nowhere without a trace, nor for her colleague.
    steps = ("UPDATE cases_case SET status = 'acknowledged'", f"{silence}, {has_it}")
    wait(minutes=1)
    for statement in steps:
        assert gains("zhou", statement) == 0, statement
    assert gains("zhou", steps[1].replace("%(me)s", str(actor("luo").id)), told=case) == 0
    assert gains("zhou", "UPDATE cases_deadline SET state = 'met' WHERE kind = 'first_meeting'") == 0, (
        "without an event"
    )
    assert gains("zhou", "UPDATE cases_deadline SET state = 'met' WHERE kind = 'first_meeting'", told=case) == 1
    for statement in steps:
        assert gains("zhou", statement, told=case) == 1, statement
    wait(minutes=1)
    assert gains("zhou", f"{silence}, {has_it}", told=case) == 0, "once"
    for change in ("ended_at = app_now()", "acknowledged_by_id = NULL, acknowledged_at = NULL"):
        assert gains("zhou", f"UPDATE cases_warning SET {change}", told=case) == 0, change


def test_a_leave_goes_along_its_flow_by_those_who_take_its_steps(wait: Any) -> None:
    case = managed(YELLOW)
    begun(case)
    moves = "UPDATE cases_leave SET state = %(to)s"
    for name, statement, to in (
        ("lin", moves, "assessed"),  # works on the case, and keeps no leave
        ("chen", moves, "on_leave"),
        ("chen", moves, "returned"),
        ("chen", moves, "ended"),
        ("chen", f"{moves}, ended_at = NULL", "called_off"),
    ):
        assert gains(name, statement, told=case, to=to) == 0, (name, to)
    wait(minutes=1)
    assert gains("chen", moves, to="assessed") == 0, "without an event"
    for step in (*AWAY, Move.SUBMIT, Move.REVIEW):
        take(fresh(case), step)
    assert gains("chen", moves, told=case, to="weighed") == 0, "the county assesses"
    assert gains("zhou", moves, told=case, to="weighed") == 1
    refuses = "UPDATE cases_leave SET state = 'refused', refused_by_id = {}"
    for whom in ("NULL", str(actor("luo").id)):
        assert gains("zhou", refuses.format(whom), told=case) == 0, whom
    assert gains("zhou", refuses.format("%(me)s"), told=case) == 1
    for change in ("refused_by_id = %(me)s", "refused_by_id = NULL"):
        assert gains("chen", f"UPDATE cases_leave SET state = 'appealed', {change}", told=case) == 0, change
    assert gains("chen", moves, told=case, to="appealed") == 1
    for name, change in (
        ("zhou", "appeal_decided_by_id = %(me)s"),
        ("zhou", "appeal_decided_by_id = NULL"),
        ("zhou", "appeal_decided_by_id = %(me)s, refused_by_id = NULL"),
        ("chen", "appeal_decided_by_id = %(me)s"),
    ):
        assert gains(name, f"{moves}, {change}", told=case, to="passed") == 0, (name, change)
    assert gains("luo", f"{moves}, appeal_decided_by_id = %(me)s", told=case, to="passed") == 1


def test_a_hospitals_places_are_its_own_and_freed_by_whoever_sent_what_holds_them() -> None:
    referral = referred()
    fang = actor("fang")
    refer.receive(actor=fang, referral=referral)
    places = [now() + timedelta(days=2), now() + timedelta(days=3)]
    refer.publish_slots(actor=fang, desk=desk("haiyun-hospital", Role.HOSPITAL_LIAISON), times=places)
    with identity(fang):
        free = free_slots(referral.to_desk_id)
    refer.book(actor=fang, referral=fresh(referral), slot_id=free[0].pk)
    ids = {"held": free[0].pk, "free": free[1].pk, "referral": referral.pk}
    taking = "UPDATE referrals_slot SET taken = true WHERE id = %(free)s"
    giving = "UPDATE referrals_slot SET taken = false WHERE id = %(held)s"
    for name in ("wu", "ye", "mallory", "lin", "chen", "luo", "sun", "shen", "tao"):
        assert gains(name, taking, **ids) == 0, name
        assert name == "luo" or gains(name, giving, **ids) == 0, name
    publish = (
        "INSERT INTO referrals_slot (id, desk_id, starts_at, place, taken) SELECT gen_random_uuid(), desk_id,"
        " starts_at + interval '1 minute', place, {} FROM referrals_slot WHERE id = %(free)s"
    )
    for name in ("zhou", "tao", "mallory"):
        assert gains(name, publish.format("false"), **ids) == 0, name
    assert gains("fang", publish.format("true"), **ids) == 0
    for change in ("starts_at = starts_at + interval '1 day'", "desk_id = desk_id", "place = 9"):
        assert gains("fang", f"UPDATE referrals_slot SET {change}", **ids) == 0, change
    names = (
        "INSERT INTO referrals_appointment (id, referral_id, at, booked_by_id, booked_at, slot_id) VALUES"
        " (gen_random_uuid(), %(referral)s, app_now(), %(me)s, app_now(), %(free)s)"
    )
    assert gains("zhou", names, **ids) == 0, "a place that nobody gave to it"
    assert gains("zhou", "UPDATE referrals_appointment SET slot_id = %(free)s", **ids) == 0
    assert gains("zhou", taking, **ids) == 0 and gains("zhou", giving, **ids) == 1, "what her referral holds, she frees"
    assert gains("fang", taking, **ids) == 1

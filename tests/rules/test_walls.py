"""Row-level security stands on every table of a case, a person or a referral, and answers nobody who is unknown."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from cases import actions
from cases.flow import BATCH, CASE
from cases.leave import LEAVE
from cases.models import Case, Entry, Person
from cases.record_requests import RECORDS
from referrals.crossing import CROSSING
from referrals.flow import REFERRAL
from tests.stage import GREEN, actor, call, referred, scene
from wellbeing.access.actor import Actor, as_a_whole, identity, naming
from wellbeing.people.flow import CENTRE
from wellbeing.registers.flow import INCIDENT
from wellbeing.vault.models import DataKeyRow

# Tables that hold nothing of any case: the city's directory, accounts, Django's own, policy and machines.
OUTSIDE = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "guardian_groupobjectpermission",  # guardian's generic tables stay empty: ours are direct (tested below)
    "guardian_userobjectpermission",
    "outbox_channelstate",
    "outbox_heartbeat",
    "people_desk",
    "people_division",
    "people_organisation",
    "people_school",
    "people_user_user_permissions",
}

# Walled, and read by everybody who is known: about no person.
KNOWN = {
    "people_term",
    "people_staffingpolicyversion",
    "cases_policyversion",
    "cases_screeningmapping",
    "cases_campaign",
    "referrals_slot",
    "referrals_destination",
}


# What names an account and does not say that it did something: whose, whom, to whom, or with whom.
WHOM = {
    *("cases_call.counsellor_id", "cases_review.counsellor_id", "exchange_seat.counsellor_id"),
    *("cases_case.manager_id", "cases_draft.owner_id", "cases_export.receiver_id", "cases_consentrecord.second_id"),
    *("cases_handover.from_user_id", "cases_handover.to_user_id", "rota_swap.to_user_id", "cases_stub.user_id"),
    *("outbox_inboxitem.user_id", "outbox_notice.user_id", "rota_shift.user_id", "people_appointment.user_id"),
    *("people_accountentry.user_id", "people_post.user_id", "people_private.user_id", "people_user_groups.user_id"),
    *("people_user_user_permissions.user_id", "guardian_userobjectpermission.user_id", "access_done.user_id"),
    *("cases_caseuserobjectpermission.user_id", "referrals_referraluserobjectpermission.user_id"),
    *("api_apitoken.user_id", "signin_binding.user_id", "signin_factor.user_id", "signin_recoverycode.user_id"),
    *("signin_session.user_id", "people_absence.user_id"),
}

STRANGER = "-c search_path=public,vault -c stage.walled=on"  # without what tests alone may (tests/conftest.py)


def tables() -> dict[str, tuple[bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public', 'vault')"
        )
        return {name: (on, forced) for name, on, forced in cursor.fetchall()}


@pytest.mark.django_db
def test_every_other_table_is_walled_and_forced() -> None:
    open_tables = {name for name, state in tables().items() if state != (True, True)}
    assert open_tables == OUTSIDE


@pytest.mark.django_db
def test_a_table_without_a_wall_would_be_found() -> None:
    """Positive control: the check above sees a new table."""
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert known - OUTSIDE <= set(tables()) and "cases_case" in known


def accounts() -> dict[str, bool]:
    """Each column that names an account, and whether the application may change it in a row that stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass || '.' || a.attname,"
            " has_column_privilege('wellbeing_app', c.conrelid, a.attname, 'UPDATE') FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.confrelid = 'people_user'::regclass"
        )
        return {**dict(cursor.fetchall()), "audit_event.actor_id": False}


def refusal(who: Actor, statement: str, *values: object) -> str:
    """What the database says to a statement of somebody's own."""
    with identity(who), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
        except DatabaseError as fault:
            return str(fault)
    return ""


def test_every_column_that_says_who_did_something_takes_the_asker_alone(db: None) -> None:
    """A new one without the wall (rls.signed) is found here; what names whom something concerns is listed above."""
    zhou, luo = actor("zhou"), actor("luo")
    columns = accounts()
    assert set(columns) >= WHOM and len(set(columns) - WHOM) > 60
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass || '.' || a.attname FROM pg_trigger t JOIN pg_attribute a ON a.attrelid = t.tgrelid"
            " AND a.attnum = ANY (t.tgattr) WHERE t.tgname LIKE 'as_oneself_%_update' AND t.tgenabled = 'O'"
        )
        kept = {name for (name,) in cursor.fetchall()}
    for name in sorted(set(columns) - WHOM):
        table, column = name.split(".")
        among = sorted(one.split(".")[1] for one in set(columns) - WHOM if one.startswith(f"{table}."))
        insert = f"INSERT INTO {table} ({', '.join(among)}) VALUES ({', '.join(['%s'] * len(among))})"
        forged = [luo.id if one == column else zhou.id for one in among]
        assert f"signs for herself (as_oneself_{column}_insert)" in refusal(zhou, insert, *forged), name
        for who, values in ((zhou, [zhou.id] * len(among)), (Actor.machine("test"), forged)):
            assert "signs for herself" not in refusal(who, insert, *values), (name, who.name)
        assert name in kept or not columns[name], f"{name} is rewritten by whoever may change the row"


def test_the_application_role_owns_nothing_and_passes_no_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("wellbeing_app", False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_without_an_identity_every_walled_table_is_empty(committed: SimpleNamespace) -> None:
    referred()
    call()
    names = [name for name, state in tables().items() if state == (True, True)]
    with psycopg.connect(committed.app_url, options=STRANGER) as stranger:
        seen = {name: stranger.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    with psycopg.connect(committed.superuser_url, options="-c search_path=public,vault") as admin:
        full = {name for name in names if admin.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}
    assert set(seen.values()) == {0}
    assert {"cases_case", "cases_entry", "referrals_packet", "vault_datakey", "audit_event"} <= full


def test_names_are_for_colleagues_and_the_rest_of_an_account_for_its_owner(walled: None) -> None:
    """Signing in passes the wall; a colleague finds names and posts, and no hash, telephone or address but her own."""
    from tests.signin.people import browser, give_password

    client = browser()
    assert give_password(client, "nobody").status_code == give_password(client, "lin", "wrong").status_code == 422
    assert give_password(client, "lin").status_code == 302
    assert client.get("/account/").status_code == 200
    names = ("people_user", "people_post", "people_private", "people_user_groups", "signin_session")
    with connection.cursor() as cursor:

        def counts(who: Actor) -> dict[str, int]:
            with identity(who):
                cursor.execute("SELECT set_config('app.session', '', true)")
                return {name: cursor.execute(f"SELECT 1 FROM {name}").rowcount for name in names}

        all_of_it, mine = counts(Actor.machine("posts")), counts(actor_of("lin"))
        assert counts(Actor(id=None, name="nobody")) == dict.fromkeys(names, 0)
        for name in ("people_user", "people_post"):
            assert mine[name] == all_of_it[name] > 10
        assert mine["people_private"] == mine["signin_session"] == 1 < all_of_it["people_private"]
        with identity(actor_of("lin")):
            theirs = actor_of("gao").person
            assert cursor.execute("SELECT 1 FROM app_private(%s)", [theirs]).rowcount == 0
            assert cursor.execute("UPDATE people_user SET display_name = '' WHERE id = %s", [theirs]).rowcount == 0


def actor_of(name: str) -> Actor:
    with identity(Actor.machine("posts")):
        return actor(name)


def test_a_forgotten_filter_finds_only_what_is_granted(db: None) -> None:
    stage = scene()
    private = [m for m in apps.get_models() if m._meta.app_label in ("cases", "referrals") and _has_case(m)]
    for name in ("ye", "wu", "gao", "shen", "sun", "mallory", "he", "tao"):
        with identity(actor(name)):
            found = {model.__name__: model._base_manager.count() for model in private}
        assert set(found.values()) == {0}, name
    with identity(actor("zhou")):
        assert type(stage.case).objects.filter(pk=stage.case.pk).exists()


def _has_case(model: type[models.Model]) -> bool:
    return model._meta.db_table not in OUTSIDE | KNOWN


def test_nobody_grants_herself_a_case(db: None) -> None:
    """The wall, not the application: a colleague writes herself a grant in SQL and is refused."""
    from django.db import ProgrammingError, transaction

    from wellbeing.access.grants import hold_id

    case = call()
    gao = actor("gao")
    with identity(gao), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO cases_caseuserobjectpermission (user_id, permission_id, content_object_id, origin,"
                " granted_by_id, granted_at, expires_at) VALUES (%s, %s, %s, 'owner', %s, now(), now() + interval '1 day')",
                [gao.id, hold_id(Case, "see"), case.pk, gao.id],
            )


def test_nobody_gives_what_she_does_not_hold_and_a_cover_opens_no_person(db: None) -> None:
    """Whoever works on a file and is not shown what is sealed in it opens that to nobody; whoever is shown a cover finds
    no key of its person."""
    from django.db import ProgrammingError, transaction

    from wellbeing.access.grants import WHOLE, grant
    from wellbeing.access.models import Hold, Origin
    from wellbeing.people.models import User
    from wellbeing.workdays import now

    case = scene().case
    until = {"origin": Origin.GIVEN, "expires_at": now() + timedelta(days=1)}
    for name in ("zhou", "chen"):
        for to in ("gao", name):
            with identity(actor(name)), transaction.atomic():
                with pytest.raises(ProgrammingError, match=r"(sealed|answering)_insert"), transaction.atomic():
                    grant(case, to=User.objects.get(username=to), by=actor(name), holds=WHOLE, **until)
    with identity(actor("zhou")), pytest.raises(ProgrammingError, match="sealed_update"), transaction.atomic():
        with connection.cursor() as cursor:  # nor by rewriting a grant that stands
            cursor.execute(
                "UPDATE cases_casegroupobjectpermission g SET granted_by_id = app_user(), permission_id = (SELECT s.id FROM auth_permission s"
                " WHERE s.codename = 'sealed' AND s.content_type_id = p.content_type_id) FROM auth_permission p WHERE p.id = g.permission_id AND p.codename = 'see'"
            )
    with identity(actor("lin")):
        grant(case, to=User.objects.get(username="su"), by=actor("lin"), holds=(Hold.SEE,), **until)
        assert DataKeyRow.objects.filter(owner_kind="person").exists()
    with identity(actor("su")):
        assert Case.objects.filter(pk=case.pk).exists() and Person.objects.filter(pk=case.person_id).exists()
        assert not DataKeyRow.objects.filter(owner_kind="person", owner_id=case.person_id).exists()


def test_a_machine_reads_no_words_and_no_keys(db: None) -> None:
    from referrals.models import Packet

    scene()
    with identity(Actor.machine("ticker")):
        assert (Entry.objects.count(), Packet.objects.count(), DataKeyRow.objects.count()) == (0, 0, 0)


def test_identity_does_not_outlive_its_transaction(db: None) -> None:
    call()
    with identity(actor("zhou")):
        assert Case.objects.count() == 1
        with identity(actor("ye")):
            assert Case.objects.count() == 0
        assert Case.objects.count() == 1
        with pytest.raises(ZeroDivisionError), identity(actor("ye")), as_a_whole():
            with identity(Actor.machine("ticker")):  # no savepoint of its own: what fails in a whole undoes it
                assert Case.objects.count() == 1
                1 / 0  # noqa: B018
        assert Case.objects.count() == 1
    assert Case.objects.count() == 0


def test_a_case_that_nobody_granted_is_shown_to_who_names_it_within_her_reach_and_to_nobody_else(db: None) -> None:
    """Behind the filters of the doors to a closed case and to one behind glass: the wall, which takes no machine's word
    for it. One row, for as long as it is named; another's reference, another's reach or a machine name nothing."""
    open_one, other = call(by="gao"), call(by="gao")
    closed = call(GREEN, by="gao")
    actions.close_case(actor=actor("gao"), case=closed, reason="improved")

    def named(who: Actor, reference: str) -> set[str]:
        with identity(who), naming(reference):
            return set(Case.objects.values_list("reference", flat=True))

    shown = {
        name: {one.reference for one in (open_one, closed) if one.reference in named(actor(name), one.reference)}
        for name in ("lin", "su", "he", "ye", "wu", "chen", "shen", "sun", "mallory", "tao", "fang", "an")
    }
    reach = {"lin": {open_one.reference, closed.reference}, "su": {open_one.reference}, "he": {open_one.reference}}
    assert shown == {name: reach.get(name, set()) for name in shown}
    assert named(actor("lin"), open_one.reference) == {open_one.reference}
    assert named(actor("lin"), "ZS-2222-2222") == named(actor("lin"), "") == set()
    with identity(actor("lin")):
        with naming(open_one.reference):
            assert Entry.objects.count() == DataKeyRow.objects.filter(owner_kind="case").count() == 0
            assert Person.objects.count() == DataKeyRow.objects.filter(owner_kind="person").count() == 0
            assert DataKeyRow.objects.filter(owner_kind="person").delete()[0] == 0
        assert not Case.objects.filter(pk__in=[open_one.pk, other.pk, closed.pk]).exists()


def test_the_steps_that_the_database_takes_are_those_of_the_tables_of_states() -> None:
    """A migration is frozen: a step that is added to a flow needs the wall's leave too."""
    flows = import_module("cases.migrations.0025_by_the_flow")
    more = import_module("cases.migrations.0026_no_further_than_pages")
    sent = import_module("referrals.migrations.0006_signed_and_held")
    for flow, steps, by_machines in (
        (CASE, flows.CASE, ()),
        (LEAVE, flows.LEAVE, ()),
        (BATCH, more.BATCH, ("collect", "finish", "end_campaign")),
        (RECORDS, more.RECORDS, ()),
        (CENTRE, more.CENTRE, ()),
        (INCIDENT, more.INCIDENT, ()),
        (REFERRAL, sent.REFERRAL, ("submit_referral", "open_channel", "expire", "drop_times", "give_way")),
        (CROSSING, sent.CROSSING, ()),
    ):
        wanted = {
            (one.state, one.next, frozenset(one.who))
            for one in flow.steps
            if one.state != one.next and one.action not in by_machines
        }
        assert {(before, after, frozenset(who)) for before, after, who in steps} == wanted, flow.name


@pytest.mark.django_db
def test_the_policies_on_keys_ask_by_functions() -> None:
    """A sub-query in one of them would be planned by every reading of a key, of whatever kind (rls.KEYS_BY_FUNCTION)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT policyname, qual FROM pg_policies WHERE tablename = 'vault_datakey' AND cmd <> 'INSERT'")
        found = dict(cursor.fetchall())
    assert len(found) > 20
    assert [name for name, condition in found.items() if "FROM" in condition] == []

"""The sections of a file: the one table, the wall around entries and what people meet say the same."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import actions as cases
from cases.mandatory import Authority, Ground
from cases.models import Case, Entry, Section
from cases.sections import READS, WRITES, readable_sections, writable_sections
from cases.session import Meeting
from cases.telling import How, Told, Whom
from tests.stage import actor, fresh, scene, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.access.permissions import P
from wellbeing.access.policy import Step, explain
from wellbeing.access.rights import RIGHTS
from wellbeing.errors import Forbidden
from wellbeing.people.models import User
from wellbeing.workdays import now


def walls() -> dict[P, tuple[str, frozenset[str], frozenset[str] | None]]:
    """What the database says of each section."""
    found = {}
    with connection.cursor() as cursor:
        for verb, rights in (("read", READS), ("write", WRITES)):
            for section, right in rights.items():
                cursor.execute("SELECT * FROM app_section_right(%s, %s)", [section, verb])
                hold, roles, origins = cursor.fetchone()
                found[right] = hold, frozenset(roles), frozenset(origins) if origins else None
    return found


@pytest.mark.django_db
def test_the_wall_says_what_the_table_says() -> None:
    said = {
        right: (RIGHTS[right].hold, RIGHTS[right].roles, RIGHTS[right].origins)
        for right in (*READS.values(), *WRITES.values())
    }
    assert walls() == said and len(said) == 2 * len(Section)


def test_whoever_read_the_sealed_section_before_there_was_a_hold_on_it_still_does(committed: SimpleNamespace) -> None:
    """A city that was there before: its grants know no such hold, its permissions neither."""
    kept = import_module("cases.migrations.0011_walls_mended").KEPT
    holds = (
        "SELECT u.username, g.origin FROM cases_caseuserobjectpermission g JOIN people_user u ON u.id = g.user_id"
        " JOIN auth_permission p ON p.id = g.permission_id WHERE p.codename = 'sealed'"
    )
    case = scene().case
    until = {"hold": Hold.WORK, "until": now() + timedelta(days=3), "because": "协助一天"}
    cases.grant_access(actor=actor("lin"), case=fresh(case), to=User.objects.get(username="gao"), **until)
    with psycopg.connect(committed.superuser_url, autocommit=True) as city:
        before = city.execute(holds).fetchall()
        for table in ("user", "group"):
            city.execute(
                f"DELETE FROM cases_case{table}objectpermission WHERE permission_id IN"
                " (SELECT id FROM auth_permission WHERE codename = 'sealed')"
            )
        city.execute("DELETE FROM auth_permission WHERE codename = 'sealed'")
    with psycopg.connect(committed.owner_url) as owner:
        for step in kept:
            owner.execute(step)
    with psycopg.connect(committed.superuser_url) as city:
        assert before == city.execute(holds).fetchall() == [("lin", "owner")]
        assert city.execute(
            "SELECT count(*) FROM cases_casegroupobjectpermission g JOIN auth_permission p"
            " ON p.id = g.permission_id WHERE p.codename = 'sealed'"
        ).fetchone() == (0,)
        forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname LIKE 'cases_case%objectpermission'"
        assert city.execute(forced).fetchone() == (True,)


def refused(who: Actor, case: Case, section: str) -> bool:
    """Whether the wall refuses an entry in the section, past every door."""
    with identity(who):
        try:
            with transaction.atomic():
                Entry(case=case, section=section, kind="session", at=now(), sealed=b"x", author_id=who.id).save(
                    force_insert=True
                )
                transaction.set_rollback(True)
        except DatabaseError:
            return True
    return False


@pytest.mark.django_db
def test_every_role_reads_and_writes_its_sections_at_the_door_and_at_the_wall() -> None:
    case: Case = scene().case
    chen, gao = actor("chen"), actor("gao")
    cases.log_session(actor=chen, case=case, kind=Meeting.SESSION, words={"free": "x"}, desk_id=chen.desks[0])
    cases.report_mandatory(
        actor=actor("lin"), case=fresh(case), ground=Ground.VIOLENCE, authority=Authority.POLICE, words={}
    )
    for to, hold in (("gao", Hold.WORK), ("su", Hold.READ)):
        until = now() + timedelta(days=3)
        given = {"to": User.objects.get(username=to), "hold": hold, "until": until, "because": "协助一天"}
        cases.grant_access(actor=actor("lin"), case=fresh(case), **given)
    everything, school = frozenset(Section.values), frozenset(Section.values) - {"narrative", "sealed"}
    acting, guest = everything, frozenset({"risk", "plan"})
    expected = {  # who: what she reads, and what she writes into
        "lin": (everything, acting),
        "zhou": (everything - {"sealed"}, acting),
        "chen": (school, acting),
        "gao": (everything - {"sealed"}, guest),  # the file was opened to her: she acts, and does not write of the home
        "su": (everything - {"sealed"}, frozenset()),
        "ding": (frozenset(), frozenset()),
        "fang": (frozenset(), frozenset()),
        "ye": (frozenset(), frozenset()),
        "shen": (frozenset(), frozenset()),
        "mallory": (frozenset(), frozenset()),
    }
    for name, (reads, writes) in expected.items():
        who = actor(name)
        with identity(who):
            assert (readable_sections(who, case), writable_sections(who, case)) == (reads, writes), name
            rows = Entry.objects.filter(case=case).exclude(desk_id__in=who.desks)
            assert set(rows.values_list("section", flat=True)) <= reads, name
        assert {section for section in Section.values if not refused(who, case, section)} == writes, name
    with identity(chen):  # her own narrative, and not the call's
        kinds = set(Entry.objects.filter(case=case, section="narrative").values_list("kind", flat=True))
    assert kinds == {"session"}
    with pytest.raises(Forbidden):
        cases.tell(actor=gao, case=fresh(case), whom=Whom.PRINCIPAL, told=Told.TOLD, how=How.PHONE, words={})
    assert [step.holds for step in _explained(gao, P.TELL, case)] == [True, True, True, False]
    page = signed_in("gao").get(reverse("case", args=[case.reference])).content.decode()
    assert reverse("tell", args=[case.reference]) not in page and reverse("assess_risk", args=[case.reference]) in page
    lines = signed_in("chen").get(reverse("person_file", args=[case.reference])).content.decode()
    assert "shut-line" in lines and "<strong>强制报告" not in lines  # the sealed one does not even stand there


@pytest.mark.django_db
def test_who_reported_is_named_where_it_was_reported_and_with_the_sealed_section() -> None:
    cases.report_concern(actor=actor("ding"), name="小舟", signs=["death"], seen="x", level="class")
    with identity(Actor.machine("test")):
        case = Case.objects.get(channel="concern")
    ding = str(User.objects.get(username="ding"))
    for name, named in (("chen", True), ("zhou", False)):
        client = signed_in(name)
        for page in ("case", "case_file", "person_file"):
            assert (ding in client.get(reverse(page, args=[case.reference])).content.decode()) == named, (name, page)


def _explained(who: Actor, permission: P, case: Case) -> tuple[Step, ...]:
    with identity(who):
        return explain(who, permission, case).steps

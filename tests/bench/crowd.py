"""A database with as many cases as the figures ask for; loaded once by COPY and kept.

One desk (Dinghai triage) holds a quarter of all cases, one counsellor 50 of them, everybody has an owner. The newest
cases of both have covers that really open; the rest carry bytes of the same size.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from cases.models import Case, CaseGroupObjectPermission, CaseUserObjectPermission, Person
from tests.conftest import STAGE
from wellbeing.access.adopting import seal_rows
from wellbeing.access.grants import hold_id
from wellbeing.access.sealed import seal_of
from wellbeing.demo.load import load_city
from wellbeing.people.models import Desk, User
from wellbeing.vault import keys
from wellbeing.vault.documents import seal_json
from wellbeing.vault.envelope import Place
from wellbeing.workdays import TIMEZONE, now

REAL = 60  # newest cases of each holder whose covers open
HELD = 50
CASE = (
    "id, reference, division_id, person_id, channel, tier, tier_since, status, owner_desk_id, manager_id, cover,"
    " opened_at, close_reason, school_apart"
)
GRANT = "permission_id, content_object_id, {}, origin, granted_at, expires_at, seal"
CLOCK = "id, case_id, desk_id, kind, tier, tier_rank, policy_id, started_at, due_at, next_act, step, level, state"
# The base of a figure writes an act's rows without the one function that the wall lets write events (access/0007).
BARE = ";".join(
    f"DROP POLICY IF EXISTS bare ON {table}; CREATE POLICY bare ON {table} FOR INSERT TO wellbeing_app"
    " WITH CHECK (app_known())"
    for table in ("audit_event", "audit_waiting")
)


def copy(cursor: psycopg.Cursor[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table by COPY, past its triggers."""
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def database(cases: int, kind: str = "", load: Callable[[str, int], None] | None = None) -> str:
    """The name of the crowd of this size, made and loaded when it is not there; of another `kind` by its own `load`."""
    name = f"bench_sealed_{kind}{cases}"
    admin_url = settings.SUPERUSER_DATABASE_URL
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _migrate(name)
            return name
        part = f"{name}_part"
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(part)))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER wellbeing_owner").format(sql.Identifier(part)))
    _migrate(part)
    (load or _load)(admin_url.rsplit("/", 1)[0] + "/" + part, cases)
    use("postgres")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(part), sql.Identifier(name)))
    use(name)
    return name


def use(name: str) -> None:
    """Point Django's connection at a database."""
    connection.close()
    connection.settings_dict["NAME"] = name
    keys.forget()
    hold_id.cache_clear()
    ContentType.objects.clear_cache()  # its numbers differ from one database to the next


def case_id(number: int) -> UUID:
    """A time-ordered id: the higher the number, the newer."""
    return UUID(int=(0x01_90_00_00_00_00 + number) << 80 | 0x7 << 76 | 0x2 << 62 | number)


def holders(number: int, cases: int) -> tuple[bool, bool]:
    """Whether the triage desk and the counsellor hold the case of this number."""
    return number % 4 == 0, number % (cases // HELD) == 1


def _migrate(name: str) -> None:
    owner = os.environ["OWNER_DATABASE_URL"].split("//")[1].split("@")[0].split(":")
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(NAME=name, USER=owner[0], PASSWORD=owner[1])
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.execute(STAGE)
    connection.close()
    connection.settings_dict.update(before)
    use(name)
    seal_rows()  # what a crowd of before holds
    load_city()


def _load(admin_url: str, cases: int) -> None:
    user, desk = User.objects.get(username="gao"), Desk.objects.get(organisation__code="dinghai-centre")
    others = list(Desk.objects.exclude(pk=desk.pk).filter(role="county_triage"))
    newest = [n for n in range(cases - 1, -1, -1) if holders(n, cases)[0]][:REAL]
    newest += [n for n in range(cases - 1, -1, -1) if holders(n, cases)[1]][:REAL]
    person, covers = real(newest)
    filler, at = secrets.token_bytes(114), "2026-09-01 00:00+08"
    with psycopg.connect(admin_url, options="-c search_path=public,vault") as admin, admin.cursor() as cursor:
        person_row(cursor, person)
        copy(
            cursor,
            "cases_case",
            CASE,
            (
                (case_id(number), f"ZS-{number:08d}", "330902", person.pk, "hotline", "yellow", at, "acknowledged",
                 desk.pk, None, covers.get(number, filler), at, "", False)
                for number in range(cases)
            ),
        )  # fmt: skip
        copy(
            cursor,
            "cases_casegroupobjectpermission",
            GRANT.format("group_id"),
            (
                row
                for number in range(cases)
                for row in granted(
                    CaseGroupObjectPermission,
                    case_id(number),
                    (desk if holders(number, cases)[0] else others[number % 3]).pk,
                    "triage",
                )
            ),
        )
        copy(
            cursor,
            "cases_caseuserobjectpermission",
            GRANT.format("user_id"),
            (
                row
                for number in range(cases)
                if holders(number, cases)[1]
                for row in granted(CaseUserObjectPermission, case_id(number), user.pk, "owner")
            ),
        )
    freeze(admin_url)


def granted(
    model: Any,
    pk: UUID,
    holder: int,
    origin: str,
    *,
    days: tuple[datetime, datetime] = (datetime(2026, 9, 1, tzinfo=TIMEZONE), datetime(2036, 9, 1, tzinfo=TIMEZONE)),
    holds: Iterable[str] = ("see", "read", "work"),
) -> list[tuple[Any, ...]]:
    """The sealed rows of one grant, in the columns of GRANT; `model` is that of the rows."""
    of, table = model._meta.get_field("content_object").related_model, model._meta.db_table
    return [
        (hold_id(of, hold), pk, holder, origin, *days, seal_of(table, holder, pk, hold, origin, None, *days))
        for hold in holds
    ]


def freeze(admin_url: str) -> None:
    """As a database looks that has run for a while."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("VACUUM (ANALYZE, FREEZE)")


def person_row(cursor: psycopg.Cursor[Any], person: Person) -> None:
    """The person that all cases of a crowd are of."""
    copy(
        cursor,
        "cases_person",
        "id, division_id, sealed, created_at",
        [(person.pk, "330902", bytes(person.sealed), now())],
    )


def real(numbers: Iterable[int]) -> tuple[Person, dict[int, bytes]]:
    """A person, and the covers that really open (their keys written by the application, as always)."""
    from cases.access import cover_place, seal_person
    from wellbeing.access.actor import Actor, identity

    person = Person(division_id="330902", created_at=None)
    covers: dict[int, bytes] = {}
    with identity(Actor.machine("import")):
        seal_person(person, {"name": "x"})
        for number in numbers:
            key = keys.new_key("case", case_id(number), "330902")
            place: Place = cover_place(Case(pk=case_id(number), division_id="330902"))
            covers[number] = seal_json(key, place, {"name": f"示例{number}"})
    return person, covers

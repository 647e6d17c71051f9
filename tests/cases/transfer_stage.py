"""A file that is asked for by another county, and what stands in the way of its going."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from cases import actions
from cases.access import Purpose, reveal, reveal_covers, reveal_results
from cases.models import Case, Section, Transfer
from cases.transfer import Basis, Scope
from tests.stage import actor
from wellbeing.access.actor import identity

PUTUO = "330903"
WHY = {"because": "全家搬到普陀", "new_school": "白浪初级中学", "note": "夜里容易独处"}
POINTS = {
    "cases_stub": "INSERT",
    "cases_casegroupobjectpermission": "DELETE",
    "cases_transfer": "UPDATE",
    "vault.vault_datakey": "DELETE",
    "vault.vault_datakey ": "INSERT",
    "cases_entry": "UPDATE",
    "cases_person": "UPDATE",
    "cases_case": "UPDATE",
    "cases_deadline": "INSERT",
    "outbox_notice": "INSERT",
    "audit_event": "INSERT",
}


def ask(case: Case, by: str = "chen", division: str = PUTUO, basis: Basis = Basis.SAFETY, **more: Any) -> Transfer:
    made: Transfer = actions.ask_transfer(
        actor=actor(by), case=case, division=division, scope=Scope.WHOLE, basis=basis, words={**WHY, **more}
    )
    return made


def words_of(who: str, case: Case) -> dict[Any, Any]:
    """Every word of the file as one reader sees it."""
    reader = actor(who)
    with identity(reader):
        opened = reveal(reader, case, Section.values, Purpose.CARE)
        found: dict[Any, Any] = {(e.id, e.section): e.words for e in opened.entries}
        found["cover"] = reveal_covers(reader, [case])
        found["results"] = reveal_results(reader, case)
    return found


def as_superuser(url: str, sql: str, *values: Any) -> list[Any]:
    with psycopg.connect(url, autocommit=True, options="-c search_path=public,vault") as admin:
        cursor = admin.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def fault(url: str, point: str, verb: str, how: str) -> Iterator[None]:
    """While this lasts, whatever does this to a table of the city fails; a session may have gone with it."""
    as_superuser(
        url,
        f"CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN {how}; RETURN NULL; END $$;"
        f"CREATE TRIGGER fault AFTER {verb} ON {point} FOR EACH STATEMENT EXECUTE FUNCTION public.fault()",
    )
    yield
    connection.close()
    as_superuser(url, "DROP FUNCTION public.fault() CASCADE")

"""The base of a figure: the rows that an act writes, written again bare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from wellbeing.access.actor import Actor, identity
from wellbeing.ids import reference, uuid7
from wellbeing.vault.models import random_id

Statement = tuple[str, Any]
APPENDS = "SELECT seq, hash FROM audit_append("
# An append without its head: a row for the tree to take and a row of the log for each event.
EVENTS = """
WITH event AS (SELECT body, substr(%(hashes)s, 32 * nth::integer - 31, 32) AS hash,
    substr(%(macs)s, 32 * nth::integer - 31, 32) AS mac, %(before)s + nth AS seq, body::json AS said
  FROM unnest(string_to_array(%(bodies)s, E'\\n')) WITH ORDINALITY AS one (body, nth)),
waiting AS (INSERT INTO audit_waiting (stream, seq, urgent, since)
  SELECT %(stream)s, seq, %(urgent)s, now() FROM event)
INSERT INTO audit_event (stream, at, id, seq, actor_id, act, body, hash, mac)
SELECT %(stream)s, now(), gen_random_uuid(), seq, (said->>'actor')::integer, said->>'act', convert_to(body, 'UTF8'),
  hash, mac FROM event"""
REFERENCES = ("ZS-", "case:ZS-", "ZZ-", "referral:ZZ-")


def inserts_of(act: Callable[[], object]) -> list[Statement]:
    """The statements by which an act adds rows, with their values."""
    seen: list[Statement] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        if statement.startswith(APPENDS) and seen and (seen[-1][0], seen[-1][1][0]) == (statement, values[0]):
            seen.pop()  # it did not know where its stream ends, and wrote nothing
        if statement.startswith(("INSERT", APPENDS)):
            seen.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        act()
    return seen


def insert_bare(actor: Actor, statements: list[Statement], kept: Mapping[Any, Any]) -> None:
    """The same rows again under new keys: nothing checked, nothing sealed, no lock, no rule; one transaction.

    `kept` maps the ids of rows that the repeated ones point to.
    """
    new: dict[Any, Any] = dict(kept)

    def fresh(value: Any) -> Any:
        if isinstance(value, list):
            return [fresh(one) for one in value]
        if isinstance(value, UUID):
            return new.setdefault(value, uuid7())
        if isinstance(value, int) and not isinstance(value, bool) and value > 2**33:
            return new.setdefault(value, random_id())
        if isinstance(value, str) and value.startswith(REFERENCES):
            return new.setdefault(value, reference(value.removeprefix("case:").removeprefix("referral:")[:2]))
        if isinstance(value, str) and ":" in value and not value.startswith("{"):  # the events' bodies stay
            return f"bench:{uuid7()}"
        return value

    with identity(actor), connection.cursor() as cursor:
        for statement, values in statements:
            if statement.startswith(APPENDS):
                names = ("stream", "before", "previous", "urgent", "bodies", "hashes", "macs")
                statement, values = EVENTS, dict(zip(names, values, strict=True))
            again = {k: fresh(v) for k, v in values.items()} if isinstance(values, dict) else [fresh(v) for v in values]
            cursor.execute(statement, again)


def database_url() -> str:
    """The superuser's way into the database of the figure."""
    from django.conf import settings

    return str(settings.SUPERUSER_DATABASE_URL).rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"


def superuser(*statements: str) -> None:
    """Run statements as the superuser in the database of the figure."""
    import psycopg

    with psycopg.connect(database_url(), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)

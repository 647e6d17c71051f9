"""Open sealed words at random, to show that keys and words of a restored copy fit: numbers come out, never a word."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from wellbeing.vault import keys
from wellbeing.vault.columns import Column, columns
from wellbeing.vault.envelope import Place, SealError, unseal
from wellbeing.vault.models import DataKeyRow

Chosen = tuple[Column, UUID, bytes, str]  # column, row, envelope, division
# The key's number stands in the envelope as 64 bits, big-endian, after version and suite.
KEY = "('x' || encode(substring(t.{0} FROM 3 FOR 8), 'hex'))::bit(64)::bigint"


@dataclass(slots=True)
class Sample:
    """How many envelopes were tried and opened, and how many in all have no key any more (erased, withdrawn, ended)."""

    tried: int = 0
    opened: int = 0
    keyless: int = 0


def try_some(count: int) -> Sample:
    """Open so many envelopes of all columns, each chosen at random among those whose key is there; every column that
    has one is tried. On the role wellbeing_keys: any other sees only what is its own."""
    found, sample = list[list[Chosen]](), Sample()
    for column in columns():
        chosen, without = _chosen(column, count)
        sample.keyless += without
        found.append(chosen)
    firsts = [rows.pop() for rows in found if rows]
    rest = [row for rows in found for row in rows]
    secrets.SystemRandom().shuffle(rest)
    for column, pk, sealed, division in [*firsts, *rest][:count]:
        sample.tried += 1
        sample.opened += _opens(column, pk, sealed, division)
    return sample


def openable(kind: str, owner: UUID) -> int:
    """How many envelopes of one owner still have their key; 0 once it was erased."""
    with connection.cursor() as cursor:
        total = 0
        for one in columns(kind):
            cursor.execute(
                f"SELECT count(*) FROM {one.table} t JOIN vault_datakey k ON k.id = {KEY.format(one.name)}"  # noqa: S608
                f" WHERE {one.owner} = %s",
                [owner],
            )
            total += cursor.fetchone()[0]
    return total


def _chosen(one: Column, count: int) -> tuple[list[Chosen], int]:
    key = KEY.format(one.name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {one.table} t WHERE t.{one.name} IS NOT NULL"  # noqa: S608  named by the apps
            f" AND NOT EXISTS (SELECT 1 FROM vault_datakey k WHERE k.id = {key})"
        )
        ((without,),) = cursor.fetchall()
        cursor.execute(
            f"SELECT t.id, t.{one.name}, {one.division} FROM {one.table} t"  # noqa: S608  named by the apps
            f" JOIN vault_datakey k ON k.id = {key} ORDER BY random() LIMIT %s",
            [count],
        )
        return [(one, pk, bytes(sealed), division) for pk, sealed, division in cursor.fetchall()], without


def _opens(column: Column, pk: UUID, sealed: bytes, division: str) -> bool:
    row = DataKeyRow.objects.get(pk=keys.id_of(sealed))
    try:
        unseal(keys.unwrap(row), sealed, Place(column.model, pk, column.field, division))
    except SealError:
        return False
    return True

"""The end of sealed words: keys of owners destroyed, and said so in the rows that hung on them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from wellbeing.vault import keys
from wellbeing.vault.columns import columns
from wellbeing.vault.journal import Owner


def opens_still(kind: str, owners: Iterable[UUID]) -> bool:
    """Whether any of these owners of one kind has a key yet. On the database role wellbeing_keys."""
    return bool(keys.living(kind, owners))


def destroy(owners: Iterable[Owner]) -> int:
    """How many keys were destroyed. On the database role wellbeing_keys; what the journal must say stands there before.

    A row whose state would go on (a sheet that comes up until somebody logs it, a file that a page offers) is ended
    with its words, here and after a restore alike: Column.ends.
    """
    by_kind: dict[str, list[UUID]] = {}
    for kind, pk in owners:
        by_kind.setdefault(kind, []).append(pk)
    ended = 0
    with connection.cursor() as cursor:
        for kind, pks in by_kind.items():
            ended += sum(keys.destroy(kind, pk) for pk in pks)
            for one in (one for one in columns(kind) if one.ends):
                set_ended = f"UPDATE {one.table} t SET {one.ends} WHERE {one.owner} = ANY (%s)"  # noqa: S608  the apps' own
                cursor.execute(set_ended, [pks])
    return ended

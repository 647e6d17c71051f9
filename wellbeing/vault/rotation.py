"""Rotation: keys are replaced one small transaction after the other, while everybody goes on reading and writing.

Three kinds. `root`: what the root key wraps is wrapped by its newest version. `divisions`: each one gets a new key,
and the data keys are wrapped by it. `words`: each owner gets a new data key, and what it sealed is sealed anew. In all
three the old key opens until nothing hangs on it and no transaction runs that began before (`settled`), so no reader
finds an envelope whose key is gone, and no writer seals under a key that ends.

Runs as the database role wellbeing_keys, batch by batch with SKIP LOCKED: it can be killed at any moment, begun again,
and run twice at once. Its lock_timeout is shorter than deadlock_timeout, so in a tie it is the one that gives way.

Anybody who is known may write a row that looks like a data key's and opens nothing. It stays where it is, is counted
apart (`unopened`), and holds the division key that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import F
from psycopg import Cursor

from wellbeing.vault import keys
from wellbeing.vault.columns import Column, columns
from wellbeing.vault.envelope import DataKey, Place, seal, unseal
from wellbeing.vault.models import DataKeyRow, DivisionKey, NamedKey, Rotation, RotationKind
from wellbeing.vault.named import context
from wellbeing.vault.providers import forget, newest, provider

BATCH, KEYS_AT_ONCE, KEYS_A_STATEMENT = 1_000, 20_000, 5_000
Owner = tuple[str, UUID]


def begin(kind: str, suite_code: int, at: datetime) -> tuple[Rotation, bool]:
    """The rotation of this kind that is under way, or a new one; and whether it is new. A new one of divisions gives
    every division a new active key in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wellbeing rotation'))")
    found = Rotation.objects.filter(kind=kind, finished_at=None).first()
    if found:
        return found, False
    forget()  # the newest version of the root key, not the newest known
    made = Rotation.objects.create(kind=kind, suite=suite_code, started_at=at)
    if kind == RotationKind.DIVISIONS:
        _new_division_keys(suite_code)
    return made, True


def left(rotation: Rotation) -> int:
    """How many keys this rotation has still to replace."""
    if rotation.kind == RotationKind.ROOT:
        behind = {"root_version__lt": newest()}
        return DivisionKey.objects.filter(**behind).count() + NamedKey.objects.filter(**behind).count()
    return int((_behind() if rotation.kind == RotationKind.DIVISIONS else _old(rotation)).count())


def unopened(rotation: Rotation) -> list[int]:
    """Those of the keys left that nothing opens: rows that were not made here, or are broken. None is replaced."""
    if rotation.kind == RotationKind.ROOT:
        return []
    return sorted(_shut(_behind() if rotation.kind == RotationKind.DIVISIONS else _old(rotation)))


def holding() -> list[int]:
    """The rows for which a replaced division key stays, because nothing opens them."""
    return sorted(_shut(DataKeyRow.objects.exclude(division_key__replaced_at=None)))


def _shut(rows: Any) -> Iterator[int]:
    for row in rows.iterator():
        if not keys.opening([row]):
            yield row.pk


def step(rotation: Rotation, after: int = -1) -> tuple[int, int]:
    """One batch in one transaction of the caller's: how many keys were replaced, and the last key's id, from which the
    next batch goes on (what was replaced is not looked at again); 0 and -1 at the end, or where others hold it."""
    done, last = 0, -1
    with giving_way():
        if rotation.kind == RotationKind.ROOT:
            done = _rewrap_divisions() + _rewrap_named()
        elif rotation.kind == RotationKind.DIVISIONS:
            done, last = _rewrap_data_keys(after)
        else:
            done, last = _seal_anew(rotation, after)
        Rotation.objects.filter(pk=rotation.pk).update(done=F("done") + done)
    return done, last


def replaced(patience: timedelta) -> tuple[list[Owner], list[int]]:
    """The owners of replaced data keys, and the division keys that were replaced longer ago than `patience` (a process
    remembers for providers.KEEP_SECONDS which one is active)."""
    owners = DataKeyRow.objects.exclude(replaced_at=None).values_list("owner_kind", "owner_id").distinct()
    divisions = DivisionKey.objects.filter(replaced_at__lte=clock() - patience).values_list("pk", flat=True)
    return list(owners), list(divisions)


def settled(since: datetime) -> bool:
    """Whether every transaction that runs began after `since`: it sees what was committed before, and nothing older."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(min(xact_start) > %s, true) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
            [since],
        )
        answer: bool = cursor.fetchone()[0]
    return answer


def end_data_keys(owner: Owner, seen: datetime) -> int:
    """Destroy the data keys of an owner that were replaced before `seen`; how many, 0 where somebody holds its rows.
    What a late writer sealed under one of them is sealed anew first. Only when `settled(seen)`."""
    with giving_way():
        held = _envelopes(owner)
        mine = DataKeyRow.objects.filter(owner_kind=owner[0], owner_id=owner[1]).select_for_update()
        ending = {row.pk: row for row in mine if row.replaced_at and row.replaced_at < seen}
        opens = keys.opening(ending.values())  # what opens nothing was replaced by nobody, and stays
        if any(keys.id_of(sealed) in opens for _column, _pk, sealed, _division in held):
            _write_anew(held, opens, keys.load_key(*owner))
        return int(DataKeyRow.objects.filter(pk__in=list(opens)).delete()[0])
    return 0


def end_division_keys(pks: Iterable[int]) -> int:
    """Destroy those of the replaced division keys on which no data key hangs; how many."""
    idle = DivisionKey.objects.filter(pk__in=list(pks)).exclude(replaced_at=None)
    used = DataKeyRow.objects.filter(division_key__in=idle).values_list("division_key_id", flat=True).distinct()
    return int(idle.exclude(pk__in=list(used)).delete()[0])


def wrapped_by(root_version: int) -> int:
    """How many keys a version of the root key still wraps: while there is one, that version must not go."""
    found = (model.objects.filter(root_version=root_version).count() for model in (DivisionKey, NamedKey))
    return sum(found)


def clock() -> datetime:
    """The server's own clock: what pg_stat_activity and replaced_at are read by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


@contextmanager
def giving_way() -> Iterator[None]:
    """A part that waits for nobody as long as a second; what it could not lock is left to the next round."""
    try:
        with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '900ms'")
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in ("55P03", "40P01"):  # lock not available, deadlock
            raise


def _new_division_keys(suite_code: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_divisionkey SET state = 'decrypt_only', replaced_at = clock_timestamp()"
            " WHERE state = 'active' RETURNING division"
        )
        for (division,) in cursor.fetchall():
            keys.make_division(cursor, division, suite_code)


def _rewrap_divisions() -> int:
    rows = DivisionKey.objects.filter(root_version__lt=newest()).select_for_update(skip_locked=True)[:BATCH]
    for row in rows:
        bound = keys.division_context(row.pk, row.division, row.version)
        secret = provider(holding=row.root_version).unwrap("division", bound, bytes(row.wrapped), row.root_version)
        row.root_version, row.wrapped = provider().wrap("division", bound, secret)
        row.save(update_fields=["root_version", "wrapped"])
    return len(rows)


def _rewrap_named() -> int:
    rows = NamedKey.objects.filter(root_version__lt=newest()).select_for_update(skip_locked=True)[:BATCH]
    for row in rows:
        bound = context(row.purpose, row.period)
        secret = provider(holding=row.root_version).unwrap("named", bound, bytes(row.wrapped), row.root_version)
        row.root_version, row.wrapped = provider().wrap("named", bound, secret)
        row.save(update_fields=["root_version", "wrapped"])
    return len(rows)


_KEYS = (
    "SELECT id, division_key_id, owner_kind, uuid_send(owner_id), wrapped FROM vault_datakey"
    " WHERE id > %s AND division_key_id = ANY(%s) ORDER BY id LIMIT %s"
)
_WRAPPED = (
    "UPDATE vault_datakey k SET division_key_id = v.division, wrapped = v.wrapped"
    " FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[]) v (id, old, division, wrapped)"
    " WHERE k.id = v.id AND k.division_key_id = v.old"
)


def _rewrap_data_keys(after: int) -> tuple[int, int]:
    """Wrap some data keys by the active key of their division: read, wrap, and UPDATEs of those that nobody has wrapped
    meanwhile (a key never hangs on a division key again that it has left). No row is locked before. The database
    writes some while the next are wrapped."""
    active = dict(DivisionKey.objects.filter(state="active").values_list("division", "pk"))
    replaced = DivisionKey.objects.exclude(replaced_at=None).values_list("pk", "division")
    new = {pk: active[division] for pk, division in replaced}
    # Both in binary and without a row's object: as literals of a statement they would cost more than the ciphers do.
    with connection.cursor() as cursor:
        link = cursor.connection
        rows = Cursor(link).execute(_KEYS, [after, list(new), KEYS_AT_ONCE], binary=True).fetchall()
        with link.pipeline():
            parts = [rows[at : at + KEYS_A_STATEMENT] for at in range(0, len(rows), KEYS_A_STATEMENT)]
            written = [_write_wrapped(Cursor(link), part, new) for part in parts]
    return sum(one.rowcount for one in written), rows[-1][0] if rows else -1


def _write_wrapped(server: Cursor[Any], rows: Sequence[Any], new: dict[int, int]) -> Cursor[Any]:
    made = [(*row[:2], new[row[1]], one) for row, one in zip(rows, keys.rewrap(rows, new), strict=True) if one]
    return server.execute(_WRAPPED, _columns(made) if made else [[], [], [], []])


def _behind() -> Any:
    """Data keys that hang on a replaced division key. Named by what they should hang on: an index of what they should
    not would lead to each row as it was."""
    current = DivisionKey.objects.filter(replaced_at=None).values_list("pk", flat=True)
    return DataKeyRow.objects.exclude(division_key__in=list(current))


def _old(rotation: Rotation) -> Any:
    return DataKeyRow.objects.filter(created_at__lt=rotation.started_at, replaced_at=None)


def _seal_anew(rotation: Rotation, after: int) -> tuple[int, int]:
    """Seal the words of one owner anew under a new key; the old keys open until they are retired."""
    row = _old(rotation).filter(pk__gt=after).order_by("pk").first()
    if row is None:
        return 0, -1
    owner = (row.owner_kind, row.owner_id)
    if not keys.opening([row]):
        return 0, row.pk
    held = _envelopes(owner)  # first what everybody locks first; whoever comes second finds no old key any more
    old = list(_old(rotation).filter(owner_kind=owner[0], owner_id=owner[1]).select_for_update())
    opens = keys.opening(old)
    if not opens:
        return 0, row.pk
    key = keys.new_key(*owner, row.division_key.division, suite_code=rotation.suite)
    _write_anew(held, opens, key)
    at = clock()  # not this process's: a new key must never look older than the rotation that made it
    DataKeyRow.objects.filter(pk=key.id).update(created_at=at)
    DataKeyRow.objects.filter(pk__in=list(opens)).update(replaced_at=at)
    return len(opens), row.pk


def _envelopes(owner: Owner) -> list[tuple[Column, UUID, bytes, str]]:
    """Every envelope of an owner, its row locked: column, key, envelope, division. LookupError for a kind that no app
    has named: ending its keys would end words that nobody looked for."""
    found: list[tuple[Column, UUID, bytes, str]] = []
    if not columns(owner[0]):
        raise LookupError(f"no app names where envelopes of kind {owner[0]!r} stand")
    with connection.cursor() as cursor:
        for one in columns(owner[0]):
            cursor.execute(
                f"SELECT t.id, t.{one.name}, {one.division} FROM {one.table} t"  # noqa: S608  named by the apps
                f" WHERE {one.owner} = %s AND t.{one.name} IS NOT NULL FOR UPDATE OF t",
                [owner[1]],
            )
            found += [(one, pk, bytes(sealed), division) for pk, sealed, division in cursor.fetchall()]
    return found


def _write_anew(held: Iterable[tuple[Column, UUID, bytes, str]], old: dict[int, DataKey], key: DataKey) -> None:
    """Seal those of the envelopes that an old key sealed under the new one. SealError when one does not open."""
    new: dict[Column, list[tuple[UUID, bytes]]] = {}
    for column, pk, sealed, division in held:
        if (opens := old.get(keys.id_of(sealed))) is not None:
            place = Place(column.model, pk, column.field, division)
            new.setdefault(column, []).append((pk, seal(key, unseal(opens, sealed, place), place)))
    with connection.cursor() as cursor:
        for column, rows in new.items():
            cursor.execute(
                f"UPDATE {column.table} t SET {column.name} = v.sealed"  # noqa: S608  named by the apps
                " FROM unnest(%s::uuid[], %s::bytea[]) v (id, sealed) WHERE t.id = v.id",
                _columns(rows),
            )


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

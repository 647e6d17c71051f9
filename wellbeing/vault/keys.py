"""Data keys: made, found and destroyed. The database's row-level policies decide which ones an asker finds.

Only the doors import this module: the access modules and packets that tests/rules/test_doors.py lists.
vault/rotation.py replaces keys while all of this goes on.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.conf import settings

from wellbeing.vault import named, providers
from wellbeing.vault.apart import apart
from wellbeing.vault.envelope import DataKey, Octets, Place, SealError, key_id, seal, unseal
from wellbeing.vault.models import DataKeyRow, DivisionKey, KeyPile, KeyState, random_id
from wellbeing.vault.providers import KEEP_SECONDS, provider
from wellbeing.vault.suites import NONCE, Aead, suite

log = logging.getLogger("wellbeing.vault")
_lock = threading.Lock()
_by_id: dict[int, tuple[float, Aead]] = {}
_active: dict[str, tuple[float, int]] = {}


def id_of(envelope: Octets) -> int:
    """The id of the data key that sealed an envelope."""
    return key_id(envelope)


def new_key(
    owner_kind: str, owner_id: UUID, division: str, pile: KeyPile | None = None, suite_code: int = 0
) -> DataKey:
    """Make a random data key for a case, a person, a packet or a batch and store it wrapped by the division's key.

    With a `pile` its row is left there unsaved: whoever writes many rows at once writes these too. Its suite is the one
    that settings name, unless a rotation says another.
    """
    known = None if pile is None else pile.divisions.get(division)
    division_id = known or _active_division(division)
    key = DataKey(random_id(), secrets.token_bytes(32), suite_code or settings.VAULT_SUITE)
    row = DataKeyRow(
        id=key.id,
        owner_kind=owner_kind,
        owner_id=owner_id,
        division_key_id=division_id,
        suite=key.suite,
        wrapped=wrap(division_id, key, owner_kind, owner_id),
    )
    if pile is None:
        row.save(force_insert=True)
    else:
        pile.divisions[division] = division_id
        pile.append(row)
    return key


def load_for(envelopes: Iterable[Octets]) -> dict[int, DataKey]:
    """The data keys of these envelopes by id, in one query; those the asker may not read are missing."""
    ids = {id_of(envelope) for envelope in envelopes}
    rows = DataKeyRow.objects.filter(pk__in=ids)
    return {row.pk: unwrap(row) for row in rows}


def key_of(envelope: Octets) -> DataKey:
    """The key that sealed one envelope. SealError when the asker may not read it."""
    try:
        return load_for([envelope])[id_of(envelope)]
    except KeyError:
        raise SealError from None


def load_key(owner_kind: str, owner_id: UUID) -> DataKey:
    """The newest data key of one owner. SealError when there is none that the asker may read.

    A row that was not made here (somebody wrote it in SQL) does not unwrap and is passed over: it seals nothing.
    """
    rows = DataKeyRow.objects.filter(owner_kind=owner_kind, owner_id=owner_id, replaced_at=None)
    for row in rows.order_by("-created_at", "-pk"):
        try:
            return unwrap(row)
        except SealError:
            log.error("a key row that was not made here", extra={"codes": {"key": row.pk, "owner": owner_id}})
    raise SealError


def living(owner_kind: str, owner_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the owners whose key still exists, as far as the asker may know."""
    rows = DataKeyRow.objects.filter(owner_kind=owner_kind, owner_id__in=list(owner_ids))
    return set(rows.values_list("owner_id", flat=True))


def destroy(owner_kind: str, owner_id: UUID) -> int:
    """Delete every data key of an owner: what it sealed can never be opened again. Returns how many."""
    return DataKeyRow.objects.filter(owner_kind=owner_kind, owner_id=owner_id).delete()[0]


def reseal(owner_kind: str, owner_id: UUID, division: str, sealed: Sequence[tuple[Place, Octets]]) -> list[bytes]:
    """Seal everything of an owner anew in another division, and destroy every key that opened it where it was.

    `sealed` are all its envelopes with their places; the new ones come in the same order. SealError when one does not
    open, or when the asker may not read its key: the caller's transaction must then fail.
    """
    by_id = load_for(envelope for _place, envelope in sealed)
    try:
        words = [(place, bytes(envelope), by_id[id_of(envelope)]) for place, envelope in sealed]
    except KeyError:
        raise SealError from None
    opened = [(replace(place, division=division), unseal(key, old, place)) for place, old, key in words]
    destroy(owner_kind, owner_id)
    key = new_key(owner_kind, owner_id, division)
    return [seal(key, text, place) for place, text in opened]


def forget() -> None:
    """Drop the keys held in this process."""
    with _lock:
        _by_id.clear()
        _active.clear()
    named.forget()
    providers.forget()


def wrap(division_id: int, key: DataKey, kind: str, owner: UUID) -> bytes:
    """A data key wrapped for its owner under a division key: nonce 12, ciphertext, tag 16."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _division(division_id).encrypt(nonce, key.secret, _context(key.id, kind, owner.bytes))


class Wrapped(NamedTuple):
    """A data key's row, where thousands are read: the fields of DataKeyRow that opening it takes."""

    pk: int
    owner_kind: str
    owner_id: UUID
    division_key_id: int
    suite: int
    wrapped: Octets


def unwrap(row: DataKeyRow | Wrapped) -> DataKey:
    """The key of a row. SealError when it was wrapped for another owner, id or division, or not by us."""
    wrapped, context = bytes(row.wrapped), _context(row.pk, row.owner_kind, row.owner_id.bytes)
    try:
        secret = _division(row.division_key_id).decrypt(wrapped[:NONCE], wrapped[NONCE:], context)
    except (InvalidTag, ValueError):
        raise SealError from None
    return DataKey(row.pk, secret, row.suite)


def rewrap(rows: Sequence[tuple[int, int, str, bytes, bytes]], new: Mapping[int, int]) -> list[bytes | None]:
    """Wrapped data keys, taken from under their division keys and wrapped under those that `new` names, in their order.
    A row is key, division key, owner's kind, owner (16 bytes), wrapped. None for one that `unwrap` would refuse."""
    fresh, found = secrets.token_bytes(NONCE * len(rows)), list[bytes | None]()
    ways = {old: (_division(old).decrypt, _division(to).encrypt) for old, to in new.items()}
    for at, (pk, division, kind, owner, wrapped) in enumerate(rows):
        (opens, closes), context = ways[division], _context(pk, kind, owner)
        nonce = fresh[at * NONCE : (at + 1) * NONCE]
        try:
            found.append(nonce + closes(nonce, opens(wrapped[:NONCE], wrapped[NONCE:], context), context))
        except (InvalidTag, ValueError):
            found.append(None)
    return found


def opening(rows: Iterable[DataKeyRow]) -> dict[int, DataKey]:
    """The keys of those rows that were made here, by id; one that somebody wrote in SQL opens nothing."""
    found = dict[int, DataKey]()
    for row in rows:
        with suppress(SealError):
            found[row.pk] = unwrap(row)
    return found


def division_context(pk: int, division: str, version: int) -> bytes:
    """What a division key is bound to when the root key wraps it."""
    return f"{pk:016x}/{division}/{version}".encode()


def make_division(cursor: Any, division: str, suite_code: int) -> None:
    """Write the next version of a division's key, active, unless one is; in the cursor's transaction."""
    cursor.execute("SELECT COALESCE(max(version), 0) + 1 FROM vault_divisionkey WHERE division = %s", [division])
    pk, version = random_id(), cursor.fetchone()[0]
    secret = secrets.token_bytes(suite(suite_code).key_size)
    root_version, wrapped = provider().wrap("division", division_context(pk, division, version), secret)
    cursor.execute(
        "INSERT INTO vault_divisionkey (id, division, version, suite, wrapped, root_version, state, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'active', now()) ON CONFLICT DO NOTHING",
        [pk, division, version, suite_code, wrapped, root_version],
    )


def _context(key: int, kind: str, owner: bytes) -> bytes:
    return f"{key:016x}/{kind}/".encode() + owner


def _division(pk: int) -> Aead:
    """The cipher of a division key, at most ten minutes old."""
    held = _by_id.get(pk)
    if held and held[0] > time.monotonic():
        return held[1]
    row = DivisionKey.objects.filter(pk=pk).first()
    if row is None:
        raise SealError
    context = division_context(row.pk, row.division, row.version)
    root = provider(holding=row.root_version)
    cipher = suite(row.suite).cipher(root.unwrap("division", context, bytes(row.wrapped), row.root_version))
    now = time.monotonic()
    with _lock:
        for old in [held_id for held_id, (until, _) in _by_id.items() if until <= now]:
            del _by_id[old]
        _by_id[pk] = (now + KEEP_SECONDS, cipher)
    return cipher


def _active_division(division: str) -> int:
    """The active key of a division, made when there is none; two makers at once end up with the same one.

    It is made in a transaction of its own: it is there before anything hangs on it, whatever becomes of the transaction
    that needed it first, and no two of those wait for each other.
    """
    held = _active.get(division)
    if held and held[0] > time.monotonic():
        return held[1]
    with apart() as cursor:
        found = _active_ones(cursor, division)
        if not found:
            make_division(cursor, division, settings.VAULT_SUITE)
            found = _active_ones(cursor, division)
    ((pk,),) = found  # a division that has had a key has an active one
    with _lock:
        _active[division] = (time.monotonic() + KEEP_SECONDS, pk)
    return pk


def _active_ones(cursor: Any, division: str) -> list[tuple[int]]:
    cursor.execute("SELECT id FROM vault_divisionkey WHERE division = %s AND state = %s", [division, KeyState.ACTIVE])
    rows: list[tuple[int]] = cursor.fetchall()
    return rows

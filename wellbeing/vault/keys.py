"""Data keys: made, found and destroyed. The database's row-level policies decide which ones an asker finds.

Only the doors import this module: cases/access.py, cases/screening_access.py, cases/campaign_access.py,
cases/waiting_access.py, cases/moving.py, referrals/access.py and referrals/packet.py.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from wellbeing.vault.envelope import DataKey, Octets, Place, SealError, key_id, seal, unseal
from wellbeing.vault.models import DataKeyRow, DivisionKey, KeyPile, KeyState, random_id
from wellbeing.vault.providers import provider

CACHE_SECONDS = 600
_lock = threading.Lock()
_by_id: dict[int, tuple[float, AESGCM]] = {}
_active: dict[str, tuple[float, int]] = {}
_uncommitted: set[int] = set()  # division keys made by a transaction that may still be rolled back


def id_of(envelope: Octets) -> int:
    """The id of the data key that sealed an envelope."""
    return key_id(bytes(envelope[:10]))


def new_key(owner_kind: str, owner_id: UUID, division: str, pile: KeyPile | None = None) -> DataKey:
    """Make a random data key for a case, a person, a packet or a batch and store it wrapped by the division's key.

    With a `pile` its row is left there unsaved: whoever writes many rows at once writes these too.
    """
    known = None if pile is None else pile.divisions.get(division)
    division_id = known or _active_division(division)
    key = DataKey(random_id(), secrets.token_bytes(32))
    row = DataKeyRow(
        id=key.id,
        owner_kind=owner_kind,
        owner_id=owner_id,
        division_key_id=division_id,
        wrapped=_wrap(division_id, key, owner_kind, owner_id),
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
    rows = DataKeyRow.objects.filter(pk__in=ids).values_list(
        "id", "wrapped", "division_key_id", "owner_kind", "owner_id"
    )
    return {pk: _unwrap(pk, bytes(wrapped), division, kind, owner) for pk, wrapped, division, kind, owner in rows}


def load_key(owner_kind: str, owner_id: UUID) -> DataKey:
    """The newest data key of one owner. SealError when there is none that the asker may read."""
    row = DataKeyRow.objects.filter(owner_kind=owner_kind, owner_id=owner_id).order_by("-created_at", "-pk").first()
    if row is None:
        raise SealError
    return _unwrap(row.pk, bytes(row.wrapped), row.division_key_id, owner_kind, owner_id)


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
    opened = [(replace(place, division=division), unseal(key, old, place), old[1]) for place, old, key in words]
    destroy(owner_kind, owner_id)
    key = new_key(owner_kind, owner_id, division)
    return [seal(key, text, place, suite_code) for place, text, suite_code in opened]


def forget() -> None:
    """Drop the division keys held in this process."""
    with _lock:
        _by_id.clear()
        _active.clear()


def _context(key: int, kind: str, owner: UUID) -> bytes:
    return f"{key:016x}/{kind}/".encode() + owner.bytes


def _wrap(division_id: int, key: DataKey, kind: str, owner: UUID) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + _division(division_id).encrypt(nonce, key.secret, _context(key.id, kind, owner))


def _unwrap(pk: int, wrapped: bytes, division_id: int, kind: str, owner: UUID) -> DataKey:
    try:
        secret = _division(division_id).decrypt(wrapped[:12], wrapped[12:], _context(pk, kind, owner))
    except (InvalidTag, ValueError):
        raise SealError from None
    return DataKey(pk, secret)


def _division(pk: int) -> AESGCM:
    """The unwrapped division key of a row, at most ten minutes old."""
    held = _by_id.get(pk)
    if held and held[0] > time.monotonic():
        return held[1]
    row = DivisionKey.objects.filter(pk=pk).first()
    if row is None:
        raise SealError
    secret = provider().unwrap("division", _division_context(row), bytes(row.wrapped))
    cipher = AESGCM(secret)
    now = time.monotonic()
    with _lock:
        for old in [held_id for held_id, (until, _) in _by_id.items() if until <= now]:
            del _by_id[old]
        _by_id[pk] = (now + CACHE_SECONDS, cipher)
    return cipher


def _division_context(row: DivisionKey) -> bytes:
    return f"{row.pk:016x}/{row.division}/{row.version}".encode()


def _active_division(division: str) -> int:
    """The active key of a division, made when there is none; two makers at once end up with the same one.

    A key is remembered only once it is committed: a remembered key whose transaction was rolled back would stop every
    later write of its division in this process.
    """
    held = _active.get(division)
    if held and held[0] > time.monotonic():
        return held[1]
    row = DivisionKey.objects.filter(division=division, state=KeyState.ACTIVE).first() or _make_division(division)
    with _lock:
        if row.pk not in _uncommitted:
            _active[division] = (time.monotonic() + CACHE_SECONDS, row.pk)
    return row.pk


def _make_division(division: str) -> DivisionKey:
    row = DivisionKey(division=division)
    row.wrapped = provider().wrap("division", _division_context(row), secrets.token_bytes(32))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return DivisionKey.objects.get(division=division, state=KeyState.ACTIVE)
    with _lock:
        _uncommitted.add(row.pk)
    transaction.on_commit(lambda: _uncommitted.discard(row.pk))
    return row

"""CR-9: after erasing, the root key and the newest backup of the rows open nothing of an erased case.

Who tries holds everything but the destroyed keys: every row as it was before the erasing (envelopes and division keys),
the data keys as they are after it, and the root key.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
from django.test import override_settings

from cases import actions
from cases.actions.erase_case import Ground
from cases.models import Case
from tests.custody.test_rotate_keys import custodian
from tests.proofs.proof import Found, Proof
from tests.stage import actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import User
from wellbeing.vault import keys
from wellbeing.vault.columns import columns
from wellbeing.vault.envelope import Place, SealError, unseal
from wellbeing.vault.models import DataKeyRow

WORDS = {"caller_kind": "self", "name": "小满", "narrative": "想找人说说话"}
NUMBERS = count(1)  # a number that calls again would be no call to close
MACHINE = Actor.machine("keys")
KEY = ("id", "owner_kind", "owner_id", "division_key_id", "suite", "wrapped")


@dataclass(frozen=True, slots=True)
class Kept:
    """One envelope of the backup and the place it belongs to."""

    place: Place
    envelope: bytes


def tried(tries: int, seed: int, city: SimpleNamespace, left_behind: int = 0) -> Found:
    """So many cases, written, closed, backed up and erased. An envelope that did not open before the erasing would prove
    nothing: it counts as broken too."""
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        earlier = {kept.place for kept in backup_of(admin)}
        made = [_closed() for _ in range(tries)]
        backup, before = [kept for kept in backup_of(admin) if kept.place not in earlier], wrapped_keys(admin)
        unread = len(backup) - opened(backup, before)
        with tempfile.TemporaryDirectory() as folder, override_settings(ERASURE_JOURNAL=str(Path(folder) / "erasures")):
            _erase(city, made)
        behind = [keys.id_of(kept.envelope) for kept in backup[:left_behind]]
        after = wrapped_keys(admin) | {pk: before[pk] for pk in behind}
        left = opened(backup, after)
    first = f"{unread} did not open before" if unread else f"{left} open after" if left else ""
    return Found(len(backup), unread + left + (not backup), first)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where one wrapped key was left behind."""
    return tried(tries, seed, city, left_behind=1)


def _closed() -> Case:
    case = call({**WORDS, "caller_number": f"0580-{next(NUMBERS):07d}"})
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    closed: Case = fresh(case)
    return closed


def _erase(city: SimpleNamespace, made: list[Case]) -> None:
    first, second = (User.objects.get(username=name) for name in ("shen", "an"))
    with custodian(city):
        for case in made:
            actions.erase_case(actor=MACHINE, case=case, ground=Ground.RETENTION, first=first, second=second)
    keys.forget()


def backup_of(admin: psycopg.Connection[Any]) -> list[Kept]:
    """Every envelope of the house, wherever one stands."""
    found = []
    for one in columns():
        sql = f"SELECT t.id, {one.division}, t.{one.name} FROM {one.table} t WHERE t.{one.name} IS NOT NULL"
        found += [
            Kept(Place(one.model, pk, one.field, division), sealed) for pk, division, sealed in admin.execute(sql)
        ]
    return found


def wrapped_keys(admin: psycopg.Connection[Any]) -> dict[int, DataKeyRow]:
    """Every data key that there is, wrapped, by its number."""
    rows = admin.execute(f"SELECT {', '.join(KEY)} FROM vault.vault_datakey")
    return {row[0]: DataKeyRow(**dict(zip(KEY, row, strict=True))) for row in rows}


def opened(backup: list[Kept], rows: dict[int, DataKeyRow]) -> int:
    """How many of the envelopes open under the key that they name."""
    found = 0
    with identity(MACHINE):
        for one in backup:
            row = rows.get(keys.id_of(one.envelope))
            try:
                found += row is not None and unseal(keys.unwrap(row), one.envelope, one.place) is not None
            except SealError:
                continue
    return found


PROOF = Proof("CR-9", "envelopes of erased cases that open from a backup", tried, planted, 3, 60, 1_000, city=True)

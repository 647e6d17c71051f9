"""Bring a backup back into an empty database: read both files to their end first, then all of it in one transaction.

What comes back is on hold (outbox/hold.py) before anything else can happen to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from wellbeing.audit.signing import signer
from wellbeing.custody.backup import postgres, sealed_file
from wellbeing.custody.backup.manifest import Manifest
from wellbeing.custody.backup.sealed_file import BadBackup, Kind

TABLES_THERE = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
)


class NotEmpty(Exception):
    """The database holds tables already: nothing is restored over what somebody may still need."""


@dataclass(frozen=True, slots=True)
class Read:
    """Both files of a backup, read to their end and found to be whole, ours, and made for each other."""

    files: dict[Kind, Path]
    manifests: dict[Kind, Manifest]
    key: X25519PrivateKey

    def pour(self, kind: Kind, sink: Any) -> None:
        """Give the dump of one file to a sink."""
        with self.files[kind].open("rb") as file:
            note = sealed_file.read(file, self.key, kind, sink)
        if Manifest.of(note, signer().verifier) != self.manifests[kind]:
            raise BadBackup("the file was exchanged while it was read")


def examined(records: Path, keys: Path, key: X25519PrivateKey) -> Read:
    """Read both files to their end, and restore nothing. Raises BadBackup with one sentence, or OSError."""
    files = {Kind.RECORDS: records, Kind.KEYS: keys}
    found = Read(files, {kind: _manifest(path, kind, key) for kind, path in files.items()}, key)
    _fit(found.manifests[Kind.RECORDS], found.manifests[Kind.KEYS])
    return found


def restore(url: str, read: Read) -> None:
    """Bring everything back, or nothing. Raises NotEmpty, BadBackup, PostgresFailed."""
    with psycopg.connect(url) as owner:
        row = owner.execute(TABLES_THERE).fetchone()
        if row != (0,):
            raise NotEmpty
    with postgres.Restoring(url) as restoring:
        with restoring.archive("--section=pre-data", "--section=data") as sink:
            read.pour(Kind.RECORDS, sink)
        with restoring.archive() as sink:
            read.pour(Kind.KEYS, sink)
        restoring.execute(_hold(read.manifests))
        with restoring.archive("--section=post-data") as sink:  # keys, checks and walls, once the rows are there
            read.pour(Kind.RECORDS, sink)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ANALYZE")


def _manifest(path: Path, kind: Kind, key: X25519PrivateKey) -> Manifest:
    size, digest = 0, hashlib.sha256()

    def measure(piece: bytes) -> None:
        nonlocal size
        size += len(piece)
        digest.update(piece)

    with path.open("rb") as file:
        found = Manifest.of(sealed_file.read(file, key, kind, measure), signer().verifier)
    if (found.kind, found.size, found.digest) != (kind, size, digest.hexdigest()):
        raise BadBackup("this backup does not hold what its manifest says")
    return found


def _fit(records: Manifest, keys: Manifest) -> None:
    """Keys of the same moment, or newer ones: a key that was destroyed since stays destroyed."""
    if keys.at < records.at:
        raise BadBackup("the keys are older than the records: what was sealed since would not open")
    disk = MigrationLoader(None).disk_migrations.values()
    there, with_keys = _standing(records.migrations, disk), _standing(keys.migrations, disk)
    if _of_vault(there) != _of_vault(with_keys):
        raise BadBackup("keys and records are of different versions of the vault's tables")
    known = {f"{one.app_label}.{one.name}" for one in disk}
    for age, other in (("a newer", there - known), ("an older", known - there)):
        if other:
            raise BadBackup(f"this backup is of {age} version of the system ({min(other)}): restore it with that one")


def _standing(applied: Iterable[str], disk: Iterable[Migration]) -> set[str]:
    """Where a database stands that has applied these, as Django counts: all that one replaces stand for that one."""
    names, standing = set(applied), set(applied)
    for one in disk:
        replaced = {".".join(name) for name in one.replaces}
        if replaced and replaced <= names:
            standing = standing - replaced | {f"{one.app_label}.{one.name}"}
    return standing


def _of_vault(migrations: Iterable[str]) -> list[str]:
    return sorted(name for name in migrations if name.startswith("vault."))


def _hold(manifests: dict[Kind, Manifest]) -> str:
    """The statement that puts the copy on hold, in the same transaction and before any wall or grant stands."""
    said = json.dumps({kind.value: asdict(one) for kind, one in manifests.items()})
    statement = (
        "DELETE FROM public.outbox_hold;"
        " INSERT INTO public.outbox_hold (id, since, manifests, ended) VALUES (1, now(), {}, 0);\n"
    )
    return sql.SQL(statement).format(sql.Literal(said)).as_string(None)

"""Take a backup: one snapshot, two files, and not a byte of it in clear on a disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from wellbeing.audit.signing import signer
from wellbeing.custody.backup import postgres, sealed_file, shelf
from wellbeing.custody.backup.manifest import Manifest
from wellbeing.custody.backup.sealed_file import Kind
from wellbeing.vault import journal

OPTIONS: dict[Kind, tuple[str, Sequence[str]]] = {
    Kind.KEYS: ("vault", postgres.KEYS),
    Kind.RECORDS: ("", postgres.RECORDS),
}
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"
CHECKPOINT = "SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written: its moment, its files, and what they hold."""

    at: datetime
    files: tuple[Path, ...]
    manifests: tuple[Manifest, ...]

    @property
    def rows(self) -> int:
        return sum(sum(one.tables.values()) for one in self.manifests)


def take(url: str, folder: Path, to: X25519PublicKey) -> Taken:
    """Write both files of one moment, the keys first: records without keys would be nothing.

    Raises PermissionError for a role that sees only a part, PostgresFailed, OSError, and ImproperlyConfigured without
    the key that signs.
    """
    files, manifests = [], []
    with postgres.snapshot(url) as (one, name):
        row = one.execute("SELECT now()").fetchone()
        assert row
        at: datetime = row[0]
        for kind in OPTIONS:
            taking = _Taking(one, url, name, kind, at)
            path = shelf.place(folder, kind, at)
            shelf.write_whole(path, lambda file, taking=taking: taking.write(file, to))  # type: ignore[misc]
            files.append(path)
            manifests.append(taking.manifest)
    return Taken(at, tuple(files), tuple(manifests))


class _Taking:
    """One file: the dump is measured while it passes."""

    manifest: Manifest

    def __init__(self, one: psycopg.Connection[Any], url: str, name: str, kind: Kind, at: datetime) -> None:
        self.one, self.url, self.name, self.kind, self.at = one, url, name, kind, at
        self.pk: UUID = uuid4()
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, file: BinaryIO, to: X25519PublicKey) -> None:
        sealed_file.write(file, to, self.kind, self.pk, self._dump(), self._close)

    def _dump(self) -> Iterator[bytes]:
        for piece in postgres.dump(self.url, self.name, OPTIONS[self.kind][1]):
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    def _close(self) -> str:
        counted = postgres.rows(self.one, OPTIONS[self.kind][0])
        newest = self.one.execute(CHECKPOINT).fetchone()
        self.manifest = Manifest(
            kind=self.kind,
            id=str(self.pk),
            at=self.at.isoformat(),
            tables={
                table: count for table, count in counted.items() if self.kind == Kind.KEYS or table[:6] != "vault."
            },
            migrations=[name for (name,) in self.one.execute(MIGRATIONS).fetchall()],
            checkpoint=newest[0] if newest else "",
            journal=journal.measure(),
            size=self.size,
            digest=self.digest.hexdigest(),
        )
        return self.manifest.note(signer())

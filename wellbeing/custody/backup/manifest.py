"""What a backup says of itself, signed with the key that signs the audit's checkpoints: that it is ours. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wellbeing.audit.note import BadNote, Signer, Verifier, signed, split
from wellbeing.custody.backup.sealed_file import BadBackup, Kind

FIRST_LINE = "zhoushan-wellbeing/backup/1\n"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`at` is the moment of the snapshot; `tables` the rows of each table in it, `checkpoint` the audit's newest one,
    `journal` how long the journal of erasures was and its digest, `size` and `digest` those of the dump."""

    kind: Kind
    id: str
    at: str
    tables: Mapping[str, int]
    migrations: Sequence[str]
    checkpoint: str
    journal: Mapping[str, Any]
    size: int
    digest: str

    def note(self, signer: Signer) -> str:
        """As text, signed."""
        body = FIRST_LINE + json.dumps(asdict(self), sort_keys=True, separators=(",", ":")) + "\n"
        return signed(body, [signer.line(body)])

    @classmethod
    def of(cls, note: str, log: Verifier) -> Manifest:
        """Read a signed one. Raises BadBackup unless the log of this very system has signed it."""
        try:
            body, _signatures = split(note)
            if not body.startswith(FIRST_LINE) or log.signed_at(note) is None:
                raise BadNote("not signed")
            return cls.said(json.loads(body.removeprefix(FIRST_LINE)))
        except (BadNote, ValueError, TypeError):
            raise BadBackup("this backup was not signed by this system") from None

    @classmethod
    def said(cls, values: Mapping[str, Any]) -> Manifest:
        """From its plain values. Raises TypeError or ValueError."""
        found = cls(**values)
        return cls(**{**asdict(found), "kind": Kind(found.kind)})

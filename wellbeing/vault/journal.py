"""The journal of erasures: whose keys were destroyed, kept outside the database, so that a restored backup forgets them
again (SECURITY 2.5).

One line of JSON per owner, written and flushed to the disk before the keys go: a line whose erasure was rolled back is
the worst that can happen, and says so when it is replayed. It holds ids and codes, never a word.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

Owner = tuple[str, UUID]


def note(owners: Iterable[Owner], ground: str, at: datetime) -> None:
    """Append owners (kind, id) whose keys are about to be destroyed: whole lines, or OSError and none (a full disk
    takes a part of what it is given, and says so by a number alone). ImproperlyConfigured where no journal is kept."""
    if not settings.ERASURE_JOURNAL:
        raise ImproperlyConfigured("ERASURE_JOURNAL names no file: without it a restored backup would remember.")
    lines = [
        json.dumps({"at": at.isoformat(), "kind": kind, "owner": str(owner), "ground": ground}) + "\n"
        for kind, owner in owners
    ]
    content = "".join(lines).encode()
    handle = os.open(settings.ERASURE_JOURNAL, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # until it is closed: nobody appends to what may be taken back
        size = os.lseek(handle, 0, os.SEEK_END)
        if size and os.pread(handle, 1, size - 1) != b"\n":  # a line that was cut must not swallow this one
            content = b"\n" + content
        if os.write(handle, content) < len(content):
            os.ftruncate(handle, size)
            raise OSError(errno.ENOSPC, "the journal of erasures takes no more")
        os.fsync(handle)
    finally:
        os.close(handle)


def measure() -> dict[str, Any]:
    """How many whole lines the journal has and the digest of them: what a backup knows of it. Zero where there is
    none."""
    content = b""
    if settings.ERASURE_JOURNAL and Path(settings.ERASURE_JOURNAL).exists():
        content = Path(settings.ERASURE_JOURNAL).read_bytes()
        content = content[: content.rfind(b"\n") + 1]
    return {"lines": content.count(b"\n"), "digest": hashlib.sha256(content).hexdigest()}


def goes_on(measured: Mapping[str, Any]) -> bool:
    """Whether this journal begins with the one that was measured: nothing that it held then is withheld now. False
    where there is no journal: one in which nothing stands is an empty file."""
    if not settings.ERASURE_JOURNAL or not Path(settings.ERASURE_JOURNAL).exists():
        return False
    lines = Path(settings.ERASURE_JOURNAL).read_bytes().splitlines(keepends=True)[: measured["lines"]]
    return hashlib.sha256(b"".join(lines)).hexdigest() == str(measured["digest"])


def read() -> Iterator[Owner]:
    """Every owner of the journal, in order. ValueError for a line that is no line of ours, with its number."""
    for number, line in enumerate(Path(settings.ERASURE_JOURNAL).read_text().splitlines(), 1):
        try:
            said = json.loads(line)
            yield str(said["kind"]), UUID(said["owner"])
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"line {number} of the journal cannot be read") from None

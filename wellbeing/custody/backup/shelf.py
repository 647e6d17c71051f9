"""The folder of backups: two chains of files named by their moment, and what may go. Pure but for the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from wellbeing.custody.backup.sealed_file import BadBackup, Kind

STAMP = "%Y%m%dT%H%M%SZ"
ENDING = ".zxb"


def place(folder: Path, kind: Kind, at: datetime) -> Path:
    """Where the backup of a moment lies."""
    return folder / f"{kind}-{at.astimezone(UTC).strftime(STAMP)}{ENDING}"


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file, for its owner alone and read-only; it has its name only once it is whole and on the disk."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        try:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            part.unlink()
            raise
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def kept(folder: Path, kind: Kind) -> list[tuple[datetime, Path]]:
    """The backups of one chain, the oldest first; a file with another name is none of ours."""
    found = []
    for path in folder.glob(f"{kind}-*{ENDING}"):
        try:
            moment = datetime.strptime(path.stem.removeprefix(f"{kind}-"), STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append((moment, path))
    return sorted(found)


def newest(folder: Path, kind: Kind) -> Path:
    """The newest backup of one chain. Raises BadBackup where there is none."""
    found = kept(folder, kind)
    if not found:
        raise BadBackup(f"there is no backup of {kind} in this folder")
    return found[-1][1]


def prune(folder: Path, kind: Kind, days: int, at: datetime) -> int:
    """Delete what is older than so many days, never the newest one; how many went."""
    old = [path for moment, path in kept(folder, kind)[:-1] if at - moment > timedelta(days=days)]
    for path in old:
        path.unlink()
    return len(old)

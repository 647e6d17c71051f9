"""Where the data lives, and which account PostgreSQL runs as (it refuses root)."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wellbeing.local.refusal import Refusal

PROJECT = Path(__file__).resolve().parents[2]
MIN_FREE_MB = 500


@dataclass(frozen=True, slots=True)
class Account:
    """An account to drop to; None for the one we run as."""

    uid: int | None
    gid: int | None

    def popen(self) -> dict[str, Any]:
        """The arguments for subprocess."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account:
    """Root drops to an unprivileged account that exists; everybody else stays who they are."""
    if os.geteuid() != 0:
        return Account(None, None)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Refusal("PostgreSQL cannot run as root, and this machine has neither the account postgres nor nobody.")


def reachable(path: Path, who: Account) -> bool:
    """Whether that account can walk down to a folder. We look at modes and never change one we did not make."""
    if who.uid is None:
        return True
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing)


def data_dir(name: str, who: Account) -> Path:
    """The data folder of one purpose (run, test, bench): in the project, or beside /var/tmp where root's
    account cannot reach it."""
    chosen = os.environ.get("DATA_DIR")
    if chosen:
        base = Path(chosen)
    elif reachable(PROJECT, who):
        base = PROJECT / ".data"
    else:
        base = Path("/var/tmp") / f"wellbeing-{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]}"  # noqa: S108
    return base / name


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Make a folder with a mode; one that exists keeps its own."""
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(mode)


def check_space(path: Path) -> None:
    """Refuse to start on a disk with next to no room: a database that runs full stops in the middle."""
    wanted = int(os.environ.get("MIN_FREE_MB", MIN_FREE_MB))
    existing = next(p for p in (path, *path.parents) if p.exists())
    free = shutil.disk_usage(existing).free // 2**20
    if free < wanted:
        raise Refusal(f"The disk is full: {free} MB are free at {existing}, {wanted} MB are needed.")

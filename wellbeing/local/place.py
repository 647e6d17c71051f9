"""Where the data lives, and which account PostgreSQL runs as (it refuses root)."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wellbeing.local.refusal import Refusal

PROJECT = Path(__file__).resolve().parents[2]
MIN_FREE_MB = 500
# A folder in memory, and the room in it that tests are given it for: they hold a tenth of that.
MEMORY = Path("/dev/shm")  # noqa: S108
MEMORY_FREE_MB = 2_000


@cache
def wheel(package: str, name: str) -> Path:
    """The folder of an engine's package; Refusal under its `name` where there is none. Looked for once: a process that
    has become a normal user cannot look into an environment that lies in somebody's private folder."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise Refusal(f"The package {name} is not installed.")
    return Path(found.origin).parent


@dataclass(frozen=True, slots=True)
class Account:
    """An account to drop to; None for the one we run as."""

    uid: int | None
    gid: int | None
    name: str = ""

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
        return Account(found.pw_uid, found.pw_gid, name)
    raise Refusal("PostgreSQL cannot run as root, and this machine has neither the account postgres nor nobody.")


def reachable(path: Path, who: Account) -> bool:
    """Whether that account can read a file or folder, and walk down to it. We look at modes and change none."""
    if who.uid is None:
        return os.access(path, os.R_OK | os.X_OK)
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(_may(p, 5 if p == path else 1, who) for p in existing)


def _may(path: Path, wanted: int, who: Account) -> bool:
    """Whether the mode of one file gives that account these bits (4 read, 1 execute or walk through)."""
    found = path.stat()
    shift = 6 if found.st_uid == who.uid else 3 if found.st_gid == who.gid else 0
    return (found.st_mode >> shift) & wanted == wanted


def data_dir(name: str, who: Account) -> Path:
    """The data folder of one purpose (run, test, bench): in the project, or beside /var/tmp where root's
    account cannot reach it."""
    chosen = os.environ.get("DATA_DIR")
    if chosen:
        base = Path(chosen).resolve()
        _check_reach(base, who)
    elif who.uid is None or _walkable(PROJECT, who):
        base = PROJECT / ".data"
        _check_reach(base, who)
    else:
        base = Path("/var/tmp") / _own_name()  # noqa: S108
        _check_own(base)
    return base / name


def passing_dir(name: str, who: Account) -> Path:
    """The data folder of a purpose whose data nobody misses (tests): in memory where there is plenty of it, else as
    `data_dir`. A fresh city is a thousand files: a disk takes twenty times as long over them. It is kept, as one on the
    disk is, until `make clean-data` or the machine ends."""
    if os.environ.get("DATA_DIR") or not in_memory(who):
        return data_dir(name, who)
    base = MEMORY / _own_name()
    _check_own(base)
    return base / name


def kept_in_memory() -> list[Path]:
    """The data folders that tests have left in memory."""
    base = MEMORY / _own_name()
    return [] if os.environ.get("DATA_DIR") or not base.is_dir() else sorted(base.iterdir())


def in_memory(who: Account) -> bool:
    """Whether data that nobody misses may lie in memory: with room, and not where root's account may need a copy of the
    programs beside it and nothing there can be run."""
    try:
        no_programs = who.uid is not None and bool(os.statvfs(MEMORY).f_flag & os.ST_NOEXEC)
        return not no_programs and shutil.disk_usage(MEMORY).free >= MEMORY_FREE_MB * 2**20
    except OSError:
        return False


def _own_name() -> str:
    """The name of this project's folder where everybody may make one."""
    return f"wellbeing-{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]}"


def _walkable(path: Path, who: Account) -> bool:
    return all(_may(p, 1, who) for p in (path, *path.parents) if p.exists())


def _check_reach(base: Path, who: Account) -> None:
    """Refuse a folder that the database's account cannot walk down to: a folder we did not make keeps its mode."""
    if who.uid is not None and not _walkable(base, who):
        raise Refusal(
            f"PostgreSQL runs as the account {who.name}, which cannot reach {base}. Choose another folder: DATA_DIR=…"
        )


def _check_own(base: Path) -> None:
    """Everybody may make folders in /var/tmp and in memory: use one that is ours, or none."""
    if base.is_symlink() or (base.exists() and (not base.is_dir() or base.stat().st_uid != os.geteuid())):
        raise Refusal(f"{base} belongs to somebody else. Choose another folder: DATA_DIR=…")


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Make a folder and the missing ones above it with a mode, whatever the umask; one that exists keeps its own."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(mode)


def check_space(path: Path) -> None:
    """Refuse to start on a disk with next to no room: a database that runs full stops in the middle."""
    text = os.environ.get("MIN_FREE_MB", str(MIN_FREE_MB))
    if not (text.isascii() and text.isdigit()):
        raise Refusal(f"MIN_FREE_MB must be a number of megabytes, not {text!r}.")
    existing = next(p for p in (path, *path.parents) if p.exists())
    free = shutil.disk_usage(existing).free // 2**20
    if free < int(text):
        raise Refusal(f"The disk is full: {free} MB are free at {existing}, {text} MB are needed.")

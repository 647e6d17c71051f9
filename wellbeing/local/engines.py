"""Both engines on one data folder, and the environment that the product reads."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wellbeing.local import postgres, valkey
from wellbeing.local.place import check_space, make_folder
from wellbeing.local.processes import Kept, alive
from wellbeing.local.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Engines:
    """Running engines: the environment for the product, and the two processes."""

    env: dict[str, str]
    children: tuple[Kept, ...]


@contextmanager
def engines(folder: Path, *, database: str, durable: bool = True, disposable: bool = False) -> Iterator[Engines]:
    """Start PostgreSQL and Valkey on a folder; stop both on leaving.

    A `disposable` folder (tests, benchmarks) that a start was killed in is cleared without a word; the one of
    `make run` is never touched unasked. Raises Refusal.
    """
    check_space(folder)
    make_folder(folder)
    with ExitStack() as stack:
        stack.enter_context(lock(folder, forgive=disposable))
        if disposable and postgres.half_made(folder):
            shutil.rmtree(folder / "pg.half")
        server = postgres.start(folder, durable=durable)
        stack.callback(server.stop)
        postgres.create_roles(server)
        postgres.create_database(server, database)
        broker = valkey.start(folder)
        stack.callback(broker.stop)
        yield Engines(_environment(folder, server, broker, database), (server.child, broker.child))


def _environment(folder: Path, server: postgres.Postgres, broker: valkey.Valkey, database: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wellbeing.settings",
        "PYTHONUTF8": "1",  # Chinese is printed whatever the locale of the terminal
        "DATABASE_URL": server.url("wellbeing_app", database),
        "OWNER_DATABASE_URL": server.url("wellbeing_owner", database),
        "KEYS_DATABASE_URL": server.url("wellbeing_keys", database),
        "BACKUP_DATABASE_URL": server.url("wellbeing_backup", database),
        "PG_PROGRAMS": str(server.programs),
        "SUPERUSER_DATABASE_URL": server.url("postgres", "postgres"),
        "BROKER_URL": broker.url,
        "SECRET_KEY": _kept(folder / "secret-key", secrets.token_urlsafe(64), 0o600),
        "ROOT_KEY_FILE": str(_key_file(folder / "root-key")),
        "AUDIT_KEY_FILE": str(_key_file(folder / "audit-key")),
        "DEMO": "1",
        "SECOND_FACTOR": os.environ.get("SECOND_FACTOR", "optional"),  # a banner says so
        "PLAIN_HTTP": "1",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "WHITENOISE_USE_FINDERS": "1",
    }


@contextmanager
def lock(folder: Path, *, forgive: bool = False) -> Iterator[None]:
    """One user of a folder at a time.

    A lock left by a process that died is cleared, and said: as a Refusal, or nothing at all with `forgive`.
    """
    path = folder / "lock"
    held: IO[str] = path.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise Refusal(
            f"Already running on {folder} (process {_pid(path)}). Stop it first (Ctrl-C where it runs)."
        ) from None
    left = _pid(path)
    if left and not alive(left) and not forgive:
        path.write_text("")
        held.close()
        raise Refusal(
            f"A lock of process {left}, which runs no more, was left in {folder}. It is cleared: start again."
        )
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    try:
        yield
    finally:
        held.truncate(0)
        held.close()


def _pid(path: Path) -> int:
    text = path.read_text().strip()
    return int(text) if text.isdigit() else 0


def _key_file(path: Path) -> Path:
    _kept(path, secrets.token_hex(32), 0o400)
    return path


def _kept(path: Path, fresh: str, mode: int) -> str:
    """The text of a secret file, made whole in one step: half a key would seal, and never open again."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(fresh)
        part.chmod(mode)
        part.replace(path)
    return path.read_text()

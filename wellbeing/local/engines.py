"""Both engines on one data folder, and the environment that the product reads."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from wellbeing.local import postgres, valkey
from wellbeing.local.place import check_space, make_folder
from wellbeing.local.processes import alive
from wellbeing.local.refusal import Refusal


@contextmanager
def engines(folder: Path, *, database: str, durable: bool = True) -> Iterator[dict[str, str]]:
    """Start PostgreSQL and Valkey on a folder and give the environment for the product; stop both on leaving."""
    check_space(folder)
    make_folder(folder)
    with ExitStack() as stack:
        stack.enter_context(_lock(folder))
        server = postgres.start(folder, durable=durable)
        stack.callback(server.stop)
        postgres.create_roles(server)
        postgres.create_database(server, database)
        broker = valkey.start(folder)
        stack.callback(broker.stop)
        yield {
            **os.environ,
            "DATABASE_URL": server.url("wellbeing_app", database),
            "OWNER_DATABASE_URL": server.url("wellbeing_owner", database),
            "SUPERUSER_DATABASE_URL": server.url("postgres", "postgres"),
            "BROKER_URL": broker.url,
            "SECRET_KEY": _secret(folder / "secret-key"),
            "ROOT_KEY_FILE": str(_root_key(folder / "root-key")),
            "DEMO": "1",
            "PLAIN_HTTP": "1",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "WHITENOISE_USE_FINDERS": "1",
        }


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One user of a folder at a time. A lock left by a process that died is cleared, and said."""
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
    if left and not alive(left):
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


def _secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def _root_key(path: Path) -> Path:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
        path.chmod(0o400)
    return path

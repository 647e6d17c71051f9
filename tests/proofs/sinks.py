"""Every place where something that was typed may lie: what CR-8 searches."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.urls import reverse

from tests.proofs.pages import Browsers

NEWEST = 3  # files of the write-ahead log: what this run has written, and more
EXPORTS = (("oversight_export", "csv"), ("annual_export", 2026, "xlsx"), ("subject_export", "hotline", "csv"))


def everywhere(city: SimpleNamespace, browsers: Browsers) -> Iterator[tuple[str, bytes]]:
    """Each place by its name, with all that lies in it."""
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        tables = admin.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            with admin.cursor().copy(f"COPY (SELECT t::text FROM {table} t) TO STDOUT") as rows:  # type: ignore[arg-type]
                yield f"table {table}", b"\n".join(bytes(row) for row in rows)
        admin.execute("CHECKPOINT")
        folder = Path(admin.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
    written = sorted((folder / "pg_wal").glob("0*"), key=lambda path: path.stat().st_mtime)[-NEWEST:]
    for path in (*written, folder.parent / "postgres.log", folder.parent / "valkey.log"):
        yield f"file {path.name}", path.read_bytes()
    yield "broker", _broker()
    yield "cache", repr(getattr(caches["default"], "_cache", {})).encode() + b"".join(_values(caches["default"]))
    yield "mail", b"".join(one.message().as_bytes() + one.body.encode() for one in mail.outbox)
    for name, *given in EXPORTS:
        yield f"export {name}", _opened(browsers.of("shen").get(reverse(name, args=given)))


# By which name each kind of place is known above; a mark is left in each (`left_behind`).
PLACES = ("table public.left_behind", "file 0", "file postgres.log", "broker", "cache", "mail", *(f"export {name}" for name, *_given in EXPORTS))  # fmt: skip


@contextmanager
def left_behind(city: SimpleNamespace, words: str) -> Iterator[None]:
    """Words in clear in every kind of place: in a row, as bytes in the write-ahead log alone, in the engine's log, with the
    broker, in the cache, in a letter, and under every export, which says the name of whoever took it."""
    line = redis.Redis.from_url(settings.BROKER_URL)
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute("CREATE TABLE left_behind (words text, octets bytea)")
        admin.execute("INSERT INTO left_behind (words) VALUES (%s)", [words])
        with admin.transaction(force_rollback=True):
            admin.execute("INSERT INTO left_behind (octets) VALUES (%s)", [words.encode()])
        admin.execute(f"DO $$ BEGIN RAISE LOG '{words}'; END $$")
        named = admin.execute("SELECT id, display_name FROM people_user WHERE username = 'shen'").fetchone()
        assert named is not None
        admin.execute("UPDATE people_user SET display_name = %s WHERE id = %s", [words, named[0]])
        line.rpush("left_behind", words)
        caches["default"].set("left_behind", words)
        mail.outbox.append(mail.EmailMessage("x", words))
        try:
            yield
        finally:
            mail.outbox.pop()
            caches["default"].delete("left_behind")
            line.delete("left_behind")
            admin.execute("UPDATE people_user SET display_name = %s WHERE id = %s", [named[1], named[0]])
            admin.execute("DROP TABLE left_behind")


def _values(cache: Any) -> list[bytes]:
    return [bytes(value) for value in getattr(cache, "_cache", {}).values()]


def _broker() -> bytes:
    """Every key of the broker and what it holds."""
    line, found = redis.Redis.from_url(settings.BROKER_URL), []
    for key in line.scan_iter():
        read = {
            b"list": lambda k: line.lrange(k, 0, -1),
            b"hash": line.hgetall,
            b"set": line.smembers,
            b"string": line.get,
        }
        value = read.get(line.type(key), lambda k: line.dump(k))(key)
        found.append(repr((key, value)).encode() + key)
        found += [bytes(one) for one in (value if isinstance(value, list) else [])]
    return b"\n".join(found)


def _opened(answer: Any) -> bytes:
    """What an export holds, unpacked where it is a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"\n".join(book.read(name) for name in book.namelist())

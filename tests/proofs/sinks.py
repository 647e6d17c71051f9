"""Every place where something that was typed may lie: what CR-8 searches."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
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

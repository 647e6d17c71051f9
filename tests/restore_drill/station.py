"""A database as its roles see it, and the product's commands run there, in this process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from wellbeing.vault import keys

ROLES = ("app", "owner", "keys", "backup", "superuser")


@dataclass(frozen=True, slots=True)
class Station:
    """Addresses by role: app, owner, keys, backup, superuser."""

    urls: dict[str, str]

    @classmethod
    def of(cls, env: dict[str, str], name: str) -> Station:
        """A database of engines whose environment this is."""
        given = {role: env[f"{role.upper()}_DATABASE_URL"] for role in ROLES[1:]} | {"app": env["DATABASE_URL"]}
        return cls({role: url.rsplit("/", 1)[0] + f"/{name}" for role, url in given.items()})

    @property
    def name(self) -> str:
        return self.urls["app"].rsplit("/", 1)[1]

    def named(self, name: str) -> Station:
        """Another database of the same engine."""
        return Station({role: url.rsplit("/", 1)[0] + f"/{name}" for role, url in self.urls.items()})

    def made(self, name: str, template: Station | None = None) -> Station:
        """A new database of the same engine, empty, or a copy of another."""
        words = sql.SQL("CREATE DATABASE {} OWNER wellbeing_owner").format(sql.Identifier(name))
        if template:
            words += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template.name))
        self.gone(name)
        with psycopg.connect(self.named("postgres").urls["superuser"], autocommit=True) as admin:
            admin.execute(words)
        return self.named(name)

    def gone(self, name: str) -> None:
        """Drop a database of this engine."""
        with psycopg.connect(self.named("postgres").urls["superuser"], autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def ask(self, words: str, *values: Any) -> list[Any]:
        """As the superuser: no wall stops the one who counts, or who plants a fault."""
        with psycopg.connect(self.urls["superuser"], options="-c search_path=public,vault") as admin:
            done = admin.execute(words, values)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

    @contextmanager
    def working(self, role: str) -> Iterator[None]:
        """This process, connected here as a role."""
        at, before, counted = (
            conninfo_to_dict(self.urls[role]),
            dict(connection.settings_dict),
            settings.BACKUP_DATABASE_URL,
        )
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
        connection.close()
        connection.settings_dict.update({name: str(at[part]) for name, part in names.items()})
        settings.BACKUP_DATABASE_URL = self.urls["backup"]
        keys.forget()
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)
            settings.BACKUP_DATABASE_URL = counted
            keys.forget()

    def run(self, role: str, *words: object) -> tuple[bool, str]:
        """One of the product's commands; whether it was content, and what it said."""
        out = io.StringIO()
        with self.working(role):
            try:
                call_command(*map(str, words), stdout=out, stderr=out)
            except (CommandError, SystemExit) as refused:
                return False, out.getvalue() + (str(refused) if isinstance(refused, CommandError) else "")
        return True, out.getvalue()

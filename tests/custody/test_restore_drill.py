"""The drill as the suite plays it: two databases of one engine, few openings, every planted fault."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import psycopg
from django.db.migrations.loader import MigrationLoader

from tests.restore_drill.drill import Drill
from tests.restore_drill.station import ROLES, Station


def test_a_backup_comes_back_whole_forgets_what_was_erased_and_every_planted_fault_is_caught(
    committed: SimpleNamespace, tmp_path: Path, settings: object
) -> None:
    _came_step_by_step(committed.owner_url)
    city = Station({role: getattr(committed, f"{role}_url") for role in ROLES})
    scratch = Station.of(dict(os.environ), "postgres")
    lines = Drill(city, scratch, tmp_path / "drill", openings=30, short=True).play()
    assert [line for line in lines if not line.good] == []
    assert sum(line.what.startswith("planted") for line in lines) == 19


def _came_step_by_step(url: str) -> None:
    """The city stands where it stood before its migrations were made one: it lists those that are gone as well."""
    gone = {pair for one in MigrationLoader(None).disk_migrations.values() for pair in one.replaces}
    with psycopg.connect(url) as owner:
        owner.cursor().executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", gone)

"""The clock of the database moves where a city is played, and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from wellbeing.demo.clock import may_move


def moved(city: SimpleNamespace) -> timedelta:
    """How far somebody moves it who reaches the database as the application."""
    with psycopg.connect(city.app_url) as app:
        app.execute("SELECT set_config('app.clock_offset', '-10 years', true)")
        row = app.execute("SELECT now() - app_now()").fetchone()
    assert row
    found: timedelta = row[0]
    return found


def test_the_clock_of_a_real_city_is_nobodys_to_move(committed: SimpleNamespace, settings: Any) -> None:
    """By another clock posts that had ended ran again, and a red case had years for its minutes."""
    assert moved(committed) > timedelta(days=3600), "here weeks pass"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(committed.app_url) as app:
        app.execute(
            "CREATE OR REPLACE FUNCTION app_clock_moves() RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'"
        )
    as_app, owner = (
        dict(connection.settings_dict),
        urlsplit(committed.superuser_url),
    )  # a copy is nobody else's to change
    for demo in (False, True):
        settings.DEMO = demo
        connection.close()
        connection.settings_dict.update(USER=owner.username, PASSWORD=owner.password or "")
        try:
            may_move("default")
        finally:
            connection.close()
            connection.settings_dict.update(as_app)
        assert (moved(committed) > timedelta(0)) is demo

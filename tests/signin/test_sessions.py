"""A session that cannot be saved because the server went away is an outage; one that was ended is still refused."""

from __future__ import annotations

from types import SimpleNamespace

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection

from wellbeing.web.sessions import SessionStore


def test_a_dead_server_is_no_ended_session(committed: SimpleNamespace) -> None:
    session = SessionStore()
    session["a"] = 1
    session.save(must_create=True)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'wellbeing_app'",
            [committed.name],
        )
    session["a"] = 2
    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    assert SessionStore(session.session_key)["a"] == 1


def test_an_ended_session_cannot_be_saved(db: None) -> None:
    session = SessionStore()
    session.save(must_create=True)
    SessionStore(session.session_key).delete()
    with pytest.raises(UpdateError):
        session.save()

"""What `check --deploy` refuses of signing in, with the settings of production and a fault planted in each."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests.roles import working_as
from wellbeing.signin.checks import check_sign_in


def found(databases: Any = None) -> list[str]:
    return [str(fault.id) for fault in check_sign_in(None, databases=databases)]


def test_production_asks_for_a_second_factor_and_no_admin(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    assert found() == []
    settings.SECOND_FACTOR = "optional"
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
    settings.FRESH_SECONDS = 3600
    settings.OIDC_DISCOVERY_URL = "http://sso.example/.well-known/openid-configuration"
    assert found() == ["signin.E001", "signin.E002", "signin.E003", "signin.E004"]


def test_optional_does_not_even_start_outside_the_demo() -> None:
    env = {**os.environ, "DEMO": "0", "PLAIN_HTTP": "0", "SECOND_FACTOR": "optional"}
    code = "from django.conf import settings; settings.DEBUG"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode and "SECOND_FACTOR" in done.stderr


def test_the_demo_s_accounts_are_never_loaded_into_a_real_city(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="never loaded"):
        call_command("demo_city")


def test_a_superuser_in_the_database_is_refused(committed: SimpleNamespace, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    assert found(["default"]) == []
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        with pytest.raises(psycopg.errors.CheckViolation):
            admin.execute("UPDATE people_user SET is_superuser = true WHERE username = 'sun'")
        admin.execute("ALTER TABLE people_user DROP CONSTRAINT no_superuser")
        assert found(["default"]) == ["signin.E006"]
        admin.execute("ALTER TABLE people_user ADD CONSTRAINT no_superuser CHECK (true)")
        assert found(["default"]) == ["signin.E006"], "one of the same name that refuses nobody"
        admin.execute("CREATE TABLE decoy (is_superuser boolean, CONSTRAINT no_superuser CHECK (NOT is_superuser))")
        admin.execute("ALTER TABLE people_user DROP CONSTRAINT no_superuser")
    assert found(["default"]) == ["signin.E006"]


def test_a_role_that_passes_the_walls_is_refused(committed: SimpleNamespace, settings: Any) -> None:
    """The address of a superuser, of the owner, or of whoever makes backups, where the application's belongs."""
    settings.SECOND_FACTOR = "required"
    for url, faults in (
        (committed.superuser_url, ["signin.E007"]),
        (committed.owner_url, ["signin.E007"]),
        (committed.backup_url, ["signin.E007"]),
        (committed.keys_url, []),
    ):
        with working_as(url):
            assert found(["default"]) == faults, url

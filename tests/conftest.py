"""The ground of the suite: one migrated template database, cloned per worker; the cast; nothing of ours is mocked."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template
from django.test.signals import template_rendered
from psycopg import sql

from wellbeing.workdays import TIMEZONE

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the same thread as the tests

# An example that takes 200 ms on a busy machine is no finding. Built on what was loaded before (proofs/mutants.py).
hypothesis.settings.register_profile(
    "suite", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

TEMPLATE = "wellbeing_template"
# Every test as at another moment in Zhoushan, to find those that a midnight, a weekend or the end of a year would fail:
# `make test ARGS="tests/reports" CLOCK="2026-12-31 23:58"`.
CLOCK = os.environ.get("CLOCK", "")


# Tests name the cast before anybody asks, so their databases alone have a way to it; `walled` takes it away.
STAGE = ";".join(
    f"DROP POLICY IF EXISTS stage ON {table}; CREATE POLICY stage ON {table} TO wellbeing_app USING (app_user() IS NULL"
    " AND COALESCE(current_setting('stage.walled', true), '') = '')"
    for table in ("people_user", "people_private", "people_post", "people_user_groups")
)


# What takes longest begins first, so that no core waits for another at the end. xdist gives a worker its next unit
# while it is at the one before: behind the long pages stands one that is soon done.
GROUPS = ("pages", "browser", "sources", "fifty connections", "local")
FOLDERS = ("journeys", "rules", "proofs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(one: pytest.Item) -> int:
        mark = one.get_closest_marker("xdist_group")
        if mark and mark.args[0] in GROUPS:
            return GROUPS.index(mark.args[0])
        return len(GROUPS) + (one.path.parent.name not in FOLDERS)

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What stands now stands to the end, half a million objects: the collector need not walk through them again and
    again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True)


def _migrations_digest() -> str:
    """Names the template by everything it was made from, so that a kept data folder never serves an old one."""
    import hashlib
    from pathlib import Path

    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    sources = [
        *root.glob("*/migrations/*.py"),
        *root.glob("wellbeing/*/migrations/*.py"),
        root / "wellbeing/access/rls.py",
        root / "wellbeing/tables.py",
    ]
    sources += [root / "wellbeing/demo/city.py", root / "wellbeing/demo/load.py", root / "cases/policy.py"]
    sources += [root / "tests/hashing.py", root / "wellbeing/vault/seals.py", root / "wellbeing/people/models/post.py"]
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _template() -> str:
    """A migrated database with the demo city in it; made once, by whichever worker comes first."""
    name = f"{TEMPLATE}_{_migrations_digest()}"
    with _admin() as admin:
        admin.execute("SELECT pg_advisory_lock(727272)")
        try:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            building = f"{name}_building"
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER wellbeing_owner").format(sql.Identifier(building)))
            _migrate(building)
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
            )
        finally:
            admin.execute("SELECT pg_advisory_unlock(727272)")
    return name


def _migrate(name: str) -> None:
    """Migrate as the owner and load the city as the application would find it."""
    from urllib.parse import urlsplit

    from wellbeing.demo.load import load_city

    owner = urlsplit(os.environ["OWNER_DATABASE_URL"])
    app = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(NAME=name, USER=owner.username, PASSWORD=owner.password or "")
    try:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(STAGE)
        connection.close()
        connection.settings_dict.update(app, NAME=name)
        load_city()  # without the sample screening: tests bring their own rows
    finally:
        connection.close()
        connection.settings_dict.update(app)


def clone(name: str) -> None:
    """A fresh copy of the template under this name."""
    source = _template()
    with _admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute("SELECT pg_advisory_lock(727272)")
        try:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
            if CLOCK:
                offset = datetime.fromisoformat(CLOCK).replace(tzinfo=TIMEZONE) - datetime.now(TIMEZONE)
                admin.execute(
                    sql.SQL("ALTER DATABASE {} SET app.clock_offset = {}").format(
                        sql.Identifier(name), sql.Literal(f"{offset.total_seconds()} seconds")
                    )
                )
        finally:
            admin.execute("SELECT pg_advisory_unlock(727272)")


def _drop(name: str) -> None:
    with _admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(role: str, name: str) -> str:
    """The address of a database for a role."""
    base = os.environ[
        {
            "app": "DATABASE_URL",
            "owner": "OWNER_DATABASE_URL",
            "superuser": "SUPERUSER_DATABASE_URL",
            "keys": "KEYS_DATABASE_URL",
            "backup": "BACKUP_DATABASE_URL",
        }[role]
    ]
    return base.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """The database of this worker: a clone of the template, used as the application role."""
    name = f"test_{worker_id}_{os.getpid()}"
    with django_db_blocker.unblock():
        clone(name)
        connection.close()
        connection.settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
        _drop(name)


@pytest.fixture(scope="session")
def city_name(worker_id: str) -> str:
    """The database of every `committed` city of this worker, one after the other."""
    return f"city_{worker_id}_{os.getpid()}"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, city_name: str) -> Iterator[SimpleNamespace]:
    """A fresh city of its own, for tests that commit, or that other processes look into."""
    before, name = connection.settings_dict["NAME"], city_name
    with django_db_blocker.unblock():
        clone(name)
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield SimpleNamespace(
                name=name,
                app_url=url_of("app", name),
                owner_url=url_of("owner", name),
                superuser_url=url_of("superuser", name),
                keys_url=url_of("keys", name),
                backup_url=url_of("backup", name),
            )
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            _drop(name)


@pytest.fixture(scope="session", autouse=True)
def _pages_are_noted_and_not_their_parts(django_test_environment: None) -> Iterator[None]:
    """Django's client copies the context of every piece that a page includes, a tenth of a request; tests ask for the
    page's own alone."""

    def render(template: Template, context: Context) -> str:
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return str(template.nodelist.render(context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def _clients_look_through_no_static_files() -> Iterator[None]:
    """Each of Django's clients makes the whole stack anew, and WhiteNoise looks through every file for it: four
    milliseconds, thousands of times. Files are asked of the web servers that tests start (journeys)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_USE_FINDERS", False)
        yield


@pytest.fixture(autouse=True)
def _fresh_process_caches() -> Iterator[None]:
    """Division keys are kept in the process; each test's database makes its own."""
    from wellbeing.vault import keys

    keys.forget()
    yield
    keys.forget()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The machine's own Chromium."""
    from playwright.sync_api import sync_playwright

    from tests import product

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=product.chromium_path(), args=list(product.QUIET))
        yield browser
        browser.close()


@pytest.fixture
def wait(db: None) -> Any:
    """Let time pass in this test's database connection: `wait(hours=3)`."""

    def move(**span: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_now() - now()")
            offset = cursor.fetchone()[0] + timedelta(**span)
            cursor.execute("SELECT set_config('app.clock_offset', %s, true)", [f"{offset.total_seconds()} seconds"])

    return move


@pytest.fixture
def walled(db: None) -> None:
    """The walls of accounts and posts as they stand outside of tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('stage.walled', 'on', true)")


class Cast:
    """The demo cast by name: `cast.zhou` is an Actor, `cast.user("zhou")` the account."""

    def __getattr__(self, name: str) -> Any:
        from tests.stage import actor

        return actor(name)

    def user(self, name: str) -> Any:
        from wellbeing.people.models import User

        return User.objects.get(username=name)


@pytest.fixture
def cast() -> Cast:
    return Cast()

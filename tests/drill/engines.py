"""The ground of a drill: both engines as they are in earnest, a fresh city, and somebody at the end of every channel."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.drill.processes import Product, kill, product
from tests.endpoints import SECRET, Endpoint, all_three
from wellbeing.local import postgres
from wellbeing.local.engines import engines
from wellbeing.local.place import account, data_dir
from wellbeing.local.processes import Kept, free_port, wait_until

DATABASE = "drill"
ROBOTS = ("dinghai-centre/county_triage", "city-centre/city_duty")
REACHED = ("zhou", "luo", "he")  # who has a telephone and a mailbox


@dataclass
class Ground:
    """Everything that can be broken, and how to look at it from outside."""

    folder: Path
    env: dict[str, str]
    postgres: Kept
    valkey: Kept
    product: Product
    endpoints: dict[str, Endpoint]
    # Seconds that the database's clock is ahead, and the most it ever was.
    offset: float = 0
    furthest: float = 0
    log: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The superuser's way into the drill's database: no wall stops the one who counts."""
        return self.env["SUPERUSER_DATABASE_URL"].rsplit("/", 1)[0] + f"/{DATABASE}"

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection[Any]]:
        """A fresh connection: the one before may have died with the server."""
        with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as line:
            yield line

    def set_clock(self, offset: float) -> None:
        """Move the database's clock; a connection made after this sees it (CONN_MAX_AGE is 0 here)."""
        with self.admin() as admin:
            admin.execute(f"ALTER DATABASE {DATABASE} SET app.clock_offset = '{offset:.0f} seconds'")
            admin.execute(f"SET app.clock_offset = '{offset:.0f} seconds'")
        self.offset, self.furthest = offset, max(self.furthest, offset)

    def kill_postgres(self) -> None:
        """SIGKILL the server with all its children, so that nothing is written after this moment."""
        kill(self.postgres)

    def start_postgres(self) -> None:
        """Start it on the same port and data where it is dead, and wait until it has recovered."""
        if self.postgres.process is not None and self.postgres.process.poll() is None:
            return
        postgres._settle_pid_file(self.folder / "pg")
        process = self.postgres.start()
        wait_until(self._answers, process, seconds=60, what="PostgreSQL", log=self.postgres.log)

    def _answers(self) -> bool:
        try:
            with self.admin():
                return True
        except psycopg.OperationalError:
            return False


@contextmanager
def ground(name: str, *, off: Sequence[str] = (), pg: Sequence[str] = (), sql: Sequence[str] = ()) -> Iterator[Ground]:
    """Start everything; stop it on leaving. For a control: protections `off`, options of the server, SQL."""
    folder = data_dir(name, account())
    for known in [known for known in os.environ if known.startswith("PG")]:
        del os.environ[known]  # meant for another server
    with ExitStack() as stack:
        started = stack.enter_context(engines(folder, database=DATABASE, durable=True, disposable=True))
        ends = all_three()
        for end in ends.values():
            end.start()
            stack.callback(end.stop)
        env = {**started.env, **_channels(folder, ends), "CONN_MAX_AGE": "0"}
        os.environ.update(env)
        _fresh_city()
        server, valkey = started.children
        made = Ground(folder, env, server, valkey, product(free_port(), folder, env, off), ends)
        with made.admin() as admin:
            for user in REACHED:
                values = [f"{user}@drill.invalid", f"000{len(user)}", user]
                admin.execute(
                    "UPDATE people_private SET email = %s, mobile = %s WHERE user_id = (SELECT id FROM people_user WHERE username = %s)",
                    values,
                )
            for statement in sql:
                admin.execute(statement)
        if pg:
            server.stop()
            server.process = None
            server.command = [*server.command, *pg]
            made.start_postgres()
        made.product.start()
        stack.callback(made.product.stop)
        yield made


def _channels(folder: Path, ends: dict[str, Endpoint]) -> dict[str, str]:
    robots = folder / "robots.json"
    url = f"http://127.0.0.1:{ends['robot'].port}/"
    robots.write_text(json.dumps({desk: {"url": url + desk, "secret": SECRET} for desk in ROBOTS}))
    robots.chmod(0o644)
    return {
        "EMAIL_URL": f"smtp://127.0.0.1:{ends['email'].port}",
        "ROBOTS_FILE": str(robots),
        "SMS_GATEWAY_URL": f"http://127.0.0.1:{ends['sms'].port}/",
        "SMS_GATEWAY_KEY": SECRET,
    }


def _fresh_city() -> None:
    """The demo city in a database of its own, cloned from the template of the suite."""
    import django

    django.setup()
    from tests.conftest import clone

    clone(DATABASE)

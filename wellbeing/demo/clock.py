"""The clock of a city that is played may be moved; that of a real one stands by the server's.

`app.clock_offset` is a setting that whoever reaches the database may make. It counts where `app_clock_moves()` says so,
which only the owner of the tables writes: here, after `migrate`, by what DEMO says.
"""

from typing import Any

from django.conf import settings
from django.db import connections

SAYS = "CREATE OR REPLACE FUNCTION app_clock_moves() RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT {} $$"


def may_move(using: str, **_signal: Any) -> None:
    """Let the database's clock be moved, or not, where the migrations have come so far."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('app_clock_moves()') IS NOT NULL")
        if cursor.fetchone() == (True,):
            cursor.execute(SAYS.format("true" if settings.DEMO else "false"))

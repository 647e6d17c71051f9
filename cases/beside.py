"""What stands beside a case in tables of its own: most cases have rows in few of them, and a page asks only those."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from cases.models import Case, ConsentRecord, Leave, Lowering, PaperSheet, Telling, Transfer, Warning

TABLES: tuple[type[Model], ...] = (ConsentRecord, Leave, Lowering, PaperSheet, Telling, Transfer, Warning)
_ANY = "EXISTS (SELECT FROM {} WHERE case_id = %(case)s)"
_ASK = "SELECT " + ", ".join(_ANY.format(one._meta.db_table) for one in TABLES)


def stands_beside(case: Case) -> frozenset[type[Model]]:
    """Those of the tables that hold a row of the case within the asker's walls, by one question for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"case": case.pk})
        found = cursor.fetchone() or ()
    return frozenset(one for one, there in zip(TABLES, found, strict=True) if there)

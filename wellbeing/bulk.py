"""Many rows at once, by COPY, into tables behind a wall.

PostgreSQL refuses `COPY … FROM` on a table with row-level security, so the rows go by binary COPY into a temporary
table of the transaction and from there by one INSERT, which every policy still checks. Used by actions only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

# The names by which psycopg knows the types of columns.
NAMES = {
    "varchar": "text",
    "timestamp": "timestamptz",
    "integer": "int4",
    "smallint": "int2",
    "bigint": "int8",
    "boolean": "bool",
}


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, as `bulk_create` would; keys that the database gives are not read back.

    Values must already be what the column holds (ids, aware moments, bytes): no field converts them. Inside a
    transaction; IntegrityError for a row that a constraint refuses, and then none is written.
    """
    if not rows:
        return
    table, columns, types, attributes, stamped = _shape(type(rows[0]))
    for field in stamped:
        for row in rows:
            field.pre_save(row, add=True)
    pile = f"pile_{table}"
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {pile} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY {pile} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            write = copy.write_row
            for values in map(attributes, rows):
                write(values)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM {pile}")
        cursor.execute(f"DROP TABLE {pile}")


@cache
def _shape(model: type[models.Model]) -> tuple[str, tuple[str, ...], tuple[str, ...], Any, list[Any]]:
    """Table, columns without a key of the database's own, their types, what takes a row's values, and the fields that
    stamp the moment."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = tuple(str(field.column) for field in fields)
    stamped = [field for field in fields if getattr(field, "auto_now_add", False)]
    take = attrgetter(*(field.attname for field in fields))
    return model._meta.db_table, columns, tuple(map(_type, fields)), take, stamped


def _type(field: Any) -> str:
    """The column's type by the name that psycopg knows: `varchar(16)` is text."""
    kind = re.split(r"[ (]", str(field.db_type(connection)))[0]
    return NAMES.get(kind, kind)

"""Grants that end by themselves: by their date, unless renewed, and with the posts of whom they were given to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models

from wellbeing.access.actor import memory
from wellbeing.access.changes import Change, Side, note
from wellbeing.access.grants import all_tables, hold_of, standing, tables
from wellbeing.access.models import Ended, Hold, Origin
from wellbeing.access.sealed import said_by, seal_of
from wellbeing.workdays import now


def sweep(model: type[models.Model]) -> int:
    """Delete expired rows, so that guardian's own calls are right too (every minute, by the ticker), and what was kept
    of those that ended before; returns how many grants."""
    Ended.objects.filter(until__lt=now() - timedelta(days=1)).delete()
    return sum(table.objects.filter(expires_at__lte=now()).delete()[0] for table in tables(model))


def renew(row: Any, until: datetime) -> bool:
    """Let a grant go on until then, sealed anew; one that was not given here stays what it is. The caller clears what
    was read of grants."""
    if not standing(type(row).objects.filter(pk=row.pk)):
        return False
    row.expires_at, hold = until, hold_of(row)
    said = said_by(row, hold)
    row.seal = seal_of(*said)
    type(row).objects.filter(pk=row.pk).update(expires_at=until, seal=row.seal)
    side = Side.USER if hasattr(row, "user_id") else Side.DESK
    note(Change.GIVEN, row.content_object_id, side, said[1], [Hold(hold)], Origin(row.origin), row.granted_at, until)
    return True


def end_personal(user_id: int) -> int:
    """Take away everything that was granted to a person herself, on whatever object; returns how many rows ended. What
    her desk may see, her posts decide. The caller is a machine."""
    memory().clear()
    note(Change.ENDED, None, Side.USER, user_id, None)
    return sum(model.objects.filter(user_id=user_id).delete()[0] for model in _personal())


def sweep_ended(today: date) -> int:
    """The same for posts that have ended by their date (secondment, cover, notice given): what its holder was granted
    before their end ends, even when another post of hers goes on; one that was taken back before it began has opened
    nothing. Every minute, by the ticker, however long that stood still."""
    memory().clear()
    sql = (
        "DELETE FROM {} g USING people_post p WHERE p.user_id = g.user_id AND p.ends_on < %s"
        " AND p.starts_on <= p.ends_on"
        " AND (g.granted_at AT TIME ZONE 'Asia/Shanghai')::date <= p.ends_on"
    )
    ended = 0
    with connection.cursor() as cursor:
        for model in _personal():
            cursor.execute(sql.format(model._meta.db_table), [today])
            ended += cursor.rowcount
    return ended


def _personal() -> list[Any]:
    """The tables of grants to persons."""
    return [model for model in all_tables() if hasattr(model, "user_id")]

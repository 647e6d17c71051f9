"""Look through the rows that say who may see, some every minute, and tell the audit administrators of one that should
not stand there: at once, and once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from wellbeing.access.actor import identity
from wellbeing.access.changes import Side
from wellbeing.access.compared import RowFault, grants_in, post_faults
from wellbeing.access.grants import all_tables
from wellbeing.access.machines import VERIFY
from wellbeing.audit.record import SYSTEM_STREAM, record
from wellbeing.audit.tags import Tag
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, Role

PORTION = 10_000  # grants of each table a minute: 100,000 are looked through in ten
MOST = 20  # that are told at once: somebody who forges thousands must not bury the ticker
_reached: dict[str, int] = {}  # where the next portion of a table begins, in this process


def patrol() -> int:
    """The next portion of each table of grants, and all posts, against their seals; how many do not hold, or were put
    back after their end. To end a forged post seals nothing: it stays among these as long as its row stands."""
    with identity(VERIFY):
        rows = [row for model in all_tables() for row in _portion(model)]
        found = [row.fault(row.wrong) for row in rows if row.wrong]
        found += post_faults()
        tell(found)
    return len(found)


def _portion(model: Any) -> list[Any]:
    table = model._meta.db_table
    rows = list(islice(grants_in(model, _reached.get(table, 0), PORTION), PORTION))
    _reached[table] = rows[-1].pk if len(rows) == PORTION else 0
    return rows


def tell(faults: Iterable[RowFault]) -> None:
    """An event and a notice to the audit administrators for each that they have not been told of, so many at a time."""
    told = 0
    for fault in faults:
        key = f"row_forged:{fault.what.name}:{fault.table}:{fault.row}:{fault.holder}:{fault.object}"
        if Notice.objects.filter(dedupe_key__startswith=key).exists():
            continue
        if told == MOST:
            return
        told += 1
        facts = {"what": fault.what, "row": fault.row, Side(fault.side): fault.holder, "object": fault.object}
        record(stream=fault.object or SYSTEM_STREAM, act=Tag.ROW_FORGED, actor=VERIFY, facts=facts)
        for desk in Desk.objects.filter(role=Role.AUDIT_ADMIN):
            post(kind="row_forged", target="audit", desk_id=desk.pk, dedupe_key=f"{key}:{desk.pk}")

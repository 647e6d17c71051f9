"""The seal of a grant: over whom it is for, what it opens, how far, why, by whom, since when and until when.

`reason` is not part of it: it is an envelope of its own, which a rotation may write anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from wellbeing.vault.envelope import Octets
from wellbeing.vault.seals import instant, row_holds, row_seal


def seal_of(table: str, holder: int, pk: UUID, hold: str, origin: str, by: int | None, *days: datetime) -> bytes:
    """The seal of one row of a table of grants; `days` are since when and until when."""
    return row_seal(table, holder, str(pk), hold, origin, by, *map(instant, days))


def seal_holds(
    seal: Octets | None, table: str, holder: int, pk: UUID, hold: str, origin: str, by: int | None, *days: datetime
) -> bool:
    return row_holds(seal, table, holder, str(pk), hold, origin, by, *map(instant, days))


def said_by(row: Any, hold: str) -> tuple[Any, ...]:
    """What the seal of a row is over, in order; its hold is named by whoever knows its permission."""
    holder = row.user_id if hasattr(row, "user_id") else row.group_id
    days = row.granted_at, row.expires_at
    return row._meta.db_table, holder, row.content_object_id, hold, row.origin, row.granted_by_id, *days

"""The unread notices of a person and her desks; row-level security shows no others."""

from __future__ import annotations

from itertools import count
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from wellbeing.outbox.models import InboxItem
from wellbeing.workdays import now


class Reader(Protocol):
    @property
    def id(self) -> int | None: ...
    @property
    def desks(self) -> tuple[int, ...]: ...


AGAIN = {"warning_again": "warning"}  # a ring that repeats another one
PAGE = 80


def unread(reader: Reader, limit: int = 20) -> list[InboxItem]:
    """The newest unread items; of several about the same (to the desk, to her, and again) the newest alone, so that
    one which rings all night hides no other."""
    rows = InboxItem.objects.filter(_mine(reader), seen_at=None).order_by("-created_at", "-id")
    shown: dict[tuple[str, str], InboxItem] = {}
    for start in count(step=PAGE):
        page = list(rows[start : start + PAGE])
        for row in page:
            shown.setdefault((AGAIN.get(row.kind, row.kind), row.target or str(row.pk)), row)
        if len(page) < PAGE or len(shown) >= limit:
            return list(shown.values())[:limit]
    raise AssertionError  # the count has no end


def mark_seen(reader: Reader, item: UUID) -> InboxItem | None:
    """Put one item away, and those it stood for; None when it is not the reader's.

    Seen is not acknowledged: no clock stops. Of two colleagues at a desk the first to click is the one who saw it.
    """
    found = InboxItem.objects.filter(_mine(reader), pk=item).first()
    if found is None:
        return None
    kind = AGAIN.get(found.kind, found.kind)
    same = Q(pk=item)
    if found.target:
        same |= Q(target=found.target, kind__in=[kind, *(again for again, first in AGAIN.items() if first == kind)])
    InboxItem.objects.filter(_mine(reader), same, seen_at=None, created_at__lte=found.created_at).update(
        seen_at=now(), seen_by_id=reader.id
    )
    return found


def _mine(reader: Reader) -> Q:
    """Her desks' items and her own. A machine has no own ones: `user_id = None` would be everything of a desk."""
    mine = Q(desk_id__in=reader.desks)
    return mine if reader.id is None else mine | Q(user_id=reader.id)

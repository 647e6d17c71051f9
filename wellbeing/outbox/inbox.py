"""The unread notices of a person and her desks; row-level security shows no others."""

from __future__ import annotations

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


def unread(reader: Reader, limit: int = 20) -> list[InboxItem]:
    """The newest unread items."""
    return list(InboxItem.objects.filter(_mine(reader), seen_at=None).order_by("-created_at")[:limit])


def mark_seen(reader: Reader, item: UUID) -> InboxItem | None:
    """Put one item away; None when it is not the reader's. Seen is not acknowledged: no clock stops.

    Of two colleagues at a desk the first to click is the one who saw it.
    """
    mine = InboxItem.objects.filter(_mine(reader), pk=item)
    mine.filter(seen_at=None).update(seen_at=now(), seen_by_id=reader.id)
    return mine.first()


def _mine(reader: Reader) -> Q:
    """Her desks' items and her own. A machine has no own ones: `user_id = None` would be everything of a desk."""
    mine = Q(desk_id__in=reader.desks)
    return mine if reader.id is None else mine | Q(user_id=reader.id)

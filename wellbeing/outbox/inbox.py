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
    mine = Q(desk_id__in=reader.desks) | Q(user_id=reader.id)
    return list(InboxItem.objects.filter(mine, seen_at=None).order_by("-created_at")[:limit])


def mark_seen(reader: Reader, item: UUID) -> InboxItem | None:
    """Put one item away; None when it is not the reader's. Seen is not acknowledged: no clock stops."""
    mine = Q(desk_id__in=reader.desks) | Q(user_id=reader.id)
    found = InboxItem.objects.filter(mine, pk=item).first()
    if found and found.seen_at is None:
        found.seen_at, found.seen_by_id = now(), reader.id
        found.save(update_fields=["seen_at", "seen_by"])
    return found

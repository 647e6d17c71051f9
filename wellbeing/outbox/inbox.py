"""The unread notices of a person and her desks; row-level security shows no others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from wellbeing.outbox.models import InboxItem
from wellbeing.workdays import now


class Reader(Protocol):
    @property
    def id(self) -> int | None: ...
    @property
    def desks(self) -> tuple[int, ...]: ...
    @property
    def away_until(self) -> date | None: ...


AGAIN = {"warning_again": "warning"}  # a ring that repeats another one
PAGE = 80
RED_FIRST = timedelta(days=3)  # an older one was told again by its clocks since; looking further back costs more
Shown = dict[tuple[str, str], InboxItem]
LEAVE = "absence"  # what a notice of a leave leads to (people.actions)


def unread(reader: Reader, limit: int = 20) -> list[InboxItem]:
    """The newest unread items, red ones of the last days before all others; of several about the same (to the desk, to
    her, and again) the newest alone, so that one which rings all night hides no other."""
    rows = InboxItem.objects.filter(_mine(reader), seen_at=None).order_by("-created_at", "-id")
    lately = now() - RED_FIRST
    shown = _newest(rows.filter(tier="red", created_at__gt=lately), {}, limit)
    if len(shown) < limit:
        shown = _newest(rows.exclude(tier="red", created_at__gt=lately), shown, limit)
    return list(shown.values())


def _newest(rows: QuerySet[InboxItem], shown: Shown, limit: int) -> Shown:
    """What is shown already, and of some rows what is not, until there are `limit`."""
    start = 0
    while True:
        page = list(rows[start : start + PAGE])
        for row in page:
            shown.setdefault((AGAIN.get(row.kind, row.kind), row.target or str(row.pk)), row)
        if len(page) < PAGE or len(shown) >= limit:
            return dict(list(shown.items())[:limit])
        start += PAGE


def mark_seen(reader: Reader, item: UUID) -> InboxItem | None:
    """Put one item away, and those it stood for; None when it is not the reader's.

    Seen is not acknowledged: no clock stops. Of two colleagues at a desk the first to click is the one who saw it.
    """
    found = InboxItem.objects.filter(_mine(reader), pk=item).first()
    if found is None:
        return None
    same = Q(pk=item)
    if found.target:
        same |= _about(found.kind, found.target)
    _put_away(reader, same & Q(created_at__lte=found.created_at))
    return found


def answered(reader: Reader, kind: str, target: str) -> None:
    """Put away what has asked the reader and her desks for something that she has done now: it asks nobody any more."""
    _put_away(reader, _about(kind, target))


def _about(kind: str, target: str) -> Q:
    first = AGAIN.get(kind, kind)
    return Q(target=target, kind__in=[first, *(again for again, of in AGAIN.items() if of == first)])


def _put_away(reader: Reader, which: Q) -> None:
    InboxItem.objects.filter(_mine(reader), which, seen_at=None).update(seen_at=now(), seen_by_id=reader.id)


def _mine(reader: Reader) -> Q:
    """Her desks' items and her own. A machine has no own ones: `user_id = None` would be everything of a desk. On leave
    only what is about that reaches her; the rest of her own waits until she is back."""
    if reader.away_until:
        return Q(user_id=reader.id, target=LEAVE)
    mine = Q(desk_id__in=reader.desks)
    return mine if reader.id is None else mine | Q(user_id=reader.id)

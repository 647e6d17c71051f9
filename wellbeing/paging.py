"""A list that grows is read page by page, by the keys of its rows (keyset): what is behind a page costs nothing."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

T = TypeVar("T")
M = TypeVar("M", bound=Model)
PAGE = 50


class Page(list[T]):
    """The rows of one page; `next` is the key behind which the next one begins, None at the end."""

    next: UUID | None = None


def cut(rows: list[T], last: list[UUID], limit: int = PAGE, *, above: list[T] | None = None) -> Page[T]:
    """A page of what was found, one row more than it holds where more follow; `last` are the rows' keys, `above` what
    stands above them."""
    page = Page([*(above or ()), *rows[:limit]])
    page.next = last[limit - 1] if len(rows) > limit else None
    return page


def older(rows: QuerySet[M], before: str = "", *, waiting: Q | None = None, limit: int = PAGE) -> Page[M]:
    """One page of rows whose keys are ordered by time (uuid7), the newest first, those older than `before`. What is
    `waiting` for somebody is never cut off: all of it stands above the others of the first page, and on no later one.
    """
    rest = (rows.exclude(waiting) if waiting else rows).order_by("-pk")
    key = key_of(before)
    found = list((rest.filter(pk__lt=key) if key else rest)[: limit + 1])
    above = list(rows.filter(waiting).order_by("-pk")) if waiting and not key else []
    return cut(found, [row.pk for row in found], limit, above=above)


def key_of(text: str) -> UUID | None:
    """The key in an address; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None

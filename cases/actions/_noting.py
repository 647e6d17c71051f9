"""Note a meeting in one case: the sealed words, the state, the follow-up clock. For one case or for a whole group."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.models import Case, Entry, EntryKind, Section
from cases.session import PLACE, Meeting
from wellbeing.access.actor import Actor
from wellbeing.errors import Invalid
from wellbeing.workdays import now


def check(words: Mapping[str, Any], held_at: datetime | None, next_at: datetime | None) -> datetime:
    """When it was. Invalid where nothing is said, or where a time lies on the wrong side of now."""
    at = now()
    if not words:
        raise Invalid("situation", _("Write what was talked about, in the fields or in your own words."))
    if held_at and held_at > at:
        raise Invalid("held_at", _("A meeting that has not been cannot be noted yet."))
    if next_at and next_at <= at:
        raise Invalid("next_at", _("The next meeting must lie ahead."))
    return held_at or at


def note(
    case: Case,
    kind: Meeting,
    words: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    next_at: datetime | None,
    desk_id: int | None,
) -> Entry:
    """Seal the words of a meeting; it counts as a follow-up, so that clock begins anew. WrongState when
    the case is closed."""
    case.status = CASE.next(case.status, "log_session")
    case.save(update_fields=["status"])
    made = writer(case).entry(Section(PLACE[kind]), EntryKind(kind), words, actor=actor, at=at, desk_id=desk_id)
    made.save(force_insert=True)
    _clocks.again(case, ClockKind.FOLLOW_UP, due=next_at)
    if kind == Meeting.HOME_VISIT:
        _clocks.again(case, ClockKind.HOME_WATCH)
    return made

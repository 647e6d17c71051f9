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
    """Seal the words of a meeting; it counts as a follow-up, so that clock begins anew. One that was before the clock
    began says nothing of what has come since: the clock goes on, and ends sooner where `next_at` says so. WrongState
    when the case is closed."""
    case.status = CASE.next(case.status, "log_session")
    case.save(update_fields=["status"])
    made = writer(case).entry(Section(PLACE[kind]), EntryKind(kind), words, actor=actor, at=at, desk_id=desk_id)
    made.save(force_insert=True)
    _meet(case, ClockKind.FOLLOW_UP, at, due=next_at)
    if kind == Meeting.HOME_VISIT:
        _meet(case, ClockKind.HOME_WATCH, at)
    return made


def _meet(case: Case, kind: ClockKind, held: datetime, due: datetime | None = None) -> None:
    before = [one for one in _clocks.running(case, kind) if held < one.started_at.replace(second=0, microsecond=0)]
    if not before:
        _clocks.again(case, kind, due=due)
    for clock in before if due else ():
        _clocks.start(case, clock.desk, kind, due=due, step=clock.step, never_later=True)

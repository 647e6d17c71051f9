"""How the channels do: since when one fails, and that the system administrator was told, once per outage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wellbeing.outbox.models import ChannelState
from wellbeing.outbox.post import post
from wellbeing.people.desks import system_desk
from wellbeing.workdays import now

FAILURES = 3
SILENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel that does not work, and since when."""

    name: str
    since: datetime


def dead() -> list[Outage]:
    """The channels that fail: three times in a row, or for a minute. One query, for every page."""
    failing = ChannelState.objects.filter(failing_since__isnull=False).order_by("name")
    at: datetime | None = None
    found = []
    for state in failing:
        at = at or now()
        if state.failing_since and _is_dead(state, at):
            found.append(Outage(state.name, state.failing_since))
    return found


def failed(name: str) -> None:
    """One failure more; tells the system administrator when it is an outage now."""
    at = now()
    state, _made = ChannelState.objects.select_for_update().get_or_create(name=name)
    state.failures += 1
    state.failing_since = state.failing_since or at
    if state.told_at is None and _is_dead(state, at):
        state.told_at = at
        _tell("channel_dead", f"{name}:{state.failing_since.isoformat()}")
    state.save()


def worked(name: str) -> None:
    """It works: an outage, if there was one, is over, and whoever was told of it learns that too."""
    state = ChannelState.objects.select_for_update().filter(name=name, failing_since__isnull=False).first()
    if state is None:
        return
    if state.told_at and state.failing_since:
        _tell("channel_back", f"{name}:{state.failing_since.isoformat()}")
    state.failures, state.failing_since, state.told_at = 0, None, None
    state.save()


def gave_up(name: str) -> None:
    """A notice was tried for the last time."""
    _tell("notice_dead", f"{name}:{now().isoformat()}")


def _is_dead(state: ChannelState, at: datetime) -> bool:
    since = state.failing_since
    return state.failures >= FAILURES or (since is not None and at - since >= SILENCE)


def _tell(kind: str, key: str) -> None:
    desk = system_desk()
    if desk:
        post(kind=kind, target="", desk_id=desk.pk, dedupe_key=f"{kind}:{key}")

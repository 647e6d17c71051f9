"""How what leaves the house does: since when a channel, or the data platform's daily file, fails, and that the system
administrator was told, once per outage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wellbeing.outbox.models import ChannelState
from wellbeing.outbox.post import post
from wellbeing.people.desks import system_desk
from wellbeing.workdays import now

FAILURES = 3
SILENCE = timedelta(seconds=60)
PLATFORM = "platform"  # the daily file: no notice waits for it, so its outage is for administrators alone
TOLD = {True: ("platform_refused", "platform_back"), False: ("channel_dead", "channel_back")}


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel that does not work, since when, and why where that is known: a code and a place, never a count."""

    name: str
    since: datetime
    why: str = ""


def dead() -> list[Outage]:
    """The channels that fail: three times in a row, or for a minute. One query, for every page."""
    failing = ChannelState.objects.filter(failing_since__isnull=False).order_by("name")
    at: datetime | None = None
    found = []
    for state in failing:
        at = at or now()
        if state.failing_since and _is_dead(state, at):
            found.append(Outage(state.name, state.failing_since, state.why))
    return found


def failed(name: str, why: str = "") -> None:
    """One failure more; tells the system administrator when it is an outage now."""
    at = now()
    state, _made = ChannelState.objects.select_for_update().get_or_create(name=name)
    state.failures += 1
    state.failing_since, state.why = state.failing_since or at, why[:80]
    if state.told_at is None and _is_dead(state, at):
        state.told_at = at
        _tell(TOLD[name == PLATFORM][0], f"{name}:{state.failing_since.isoformat()}")
    state.save()


def worked(name: str) -> None:
    """It works: an outage, if there was one, is over, and whoever was told of it learns that too."""
    state = ChannelState.objects.select_for_update().filter(name=name, failing_since__isnull=False).first()
    if state is None:
        return
    if state.told_at and state.failing_since:
        _tell(TOLD[name == PLATFORM][1], f"{name}:{state.failing_since.isoformat()}")
    state.failures, state.failing_since, state.told_at, state.why = 0, None, None, ""
    state.save()


def gave_up(name: str) -> None:
    """A notice was tried for the last time."""
    _tell("notice_dead", f"{name}:{now().isoformat()}")


def stuck(name: str) -> None:
    """A notice of the page has not gone through for long; it is tried on."""
    _tell("notice_stuck", f"{name}:{now().isoformat()}")


def _is_dead(state: ChannelState, at: datetime) -> bool:
    since = state.failing_since
    return state.failures >= FAILURES or (since is not None and at - since >= SILENCE)


def _tell(kind: str, key: str) -> None:
    desk = system_desk()
    if desk:
        post(kind=kind, target="", desk_id=desk.pk, dedupe_key=f"{kind}:{key}")

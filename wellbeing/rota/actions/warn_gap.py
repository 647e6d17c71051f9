"""Tell a desk that nobody will be on duty: once per gap, and again for one that had closed and is open again."""

from datetime import UTC, datetime

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.rota.actions import _desk

KIND = "rota_gap"


@action(P.ROTA_WARN)
def warn_gap(*, actor: Actor, desk_id: int, starts_at: datetime, closed: bool = False) -> Outcome[None]:
    """Post one notice about the gap of a desk that begins at a moment. WrongState when it was posted before.

    `closed`: somebody stands in for it by now. Its notice counts for none that opens there again.
    """
    _desk.lock(desk_id)  # two tickers at once
    key = gap_key(desk_id, starts_at)
    if closed:
        if not Notice.objects.filter(dedupe_key=key).update(dedupe_key=f"{key}:{uuid7().hex}"):
            raise WrongState("closed", "warn_gap")
        facts = {"desk": desk_id, "starts_at": starts_at, "closed": True}
        return Outcome(None, stream=_desk.stream(desk_id), facts=facts)
    if Notice.objects.filter(dedupe_key=key).exists():
        raise WrongState("told", "warn_gap")
    post(kind="rota_gap", target="rota", desk_id=desk_id, dedupe_key=key)
    return Outcome(None, stream=_desk.stream(desk_id), facts={"desk": desk_id, "starts_at": starts_at})


def gap_key(desk_id: int, starts_at: datetime) -> str:
    """What makes two warnings one: the desk, and the second at which the gap begins."""
    return f"{KIND}:{desk_id}:{int(starts_at.timestamp())}"


def gap_of(key: str) -> tuple[int, datetime] | None:
    """The desk and the beginning that a key names; None for the key of a gap that has closed since."""
    parts = key.split(":")
    return (int(parts[1]), datetime.fromtimestamp(int(parts[2]), UTC)) if len(parts) == 3 else None

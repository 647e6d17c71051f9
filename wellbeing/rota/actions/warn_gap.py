"""Tell a desk that nobody will be on duty: once per gap."""

from datetime import datetime

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.rota.actions import _desk


@action(P.ROTA_WARN)
def warn_gap(*, actor: Actor, desk_id: int, starts_at: datetime) -> Outcome[None]:
    """Post one notice about the gap of a desk that begins at a moment. WrongState when it was posted before."""
    _desk.lock(desk_id)  # two tickers at once
    key = gap_key(desk_id, starts_at)
    if Notice.objects.filter(dedupe_key=key).exists():
        raise WrongState("told", "warn_gap")
    post(kind="rota_gap", target="rota", desk_id=desk_id, dedupe_key=key)
    return Outcome(None, stream=_desk.stream(desk_id), facts={"desk": desk_id, "starts_at": starts_at})


def gap_key(desk_id: int, starts_at: datetime) -> str:
    """What makes two warnings one: the desk, and the second at which the gap begins."""
    return f"rota_gap:{desk_id}:{int(starts_at.timestamp())}"

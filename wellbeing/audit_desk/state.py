"""Whether the audit itself is whole, as far as the database says: for the page, in a few plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wellbeing.audit.models import Checkpoint, Cosignature
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.audit.sequencer import PATIENCE, queue
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.workdays import now

LATE = PATIENCE * 6  # an event that has waited for a minute is late
WITNESS_LATE = timedelta(days=1)
CHECK_LATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class State:
    """Sizes are numbers of entries; None where there is nothing yet."""

    entries: int
    sealed_at: datetime | None
    waiting: int
    seal_late: bool
    witness: str | None
    witnessed: int
    witnessed_at: datetime | None
    witness_late: bool
    checked_at: datetime | None
    faults: int
    check_late: bool


def state() -> State:
    """Read by the audit administrator, under her own identity."""
    last = Checkpoint.objects.order_by("-size").first()
    waits, seen = queue(), Cosignature.objects.order_by("-size").first()
    check = next(iter(trail(SYSTEM_STREAM, 1, (Tag.AUDIT_VERIFIED,))), None)
    moment = now()
    return State(
        entries=last.size if last else 0,
        sealed_at=last.at if last else None,
        waiting=waits.count,
        seal_late=waits.count > 0 and waits.age > LATE,
        witness=seen.witness if seen else None,
        witnessed=seen.size if seen else 0,
        witnessed_at=seen.at if seen else None,
        witness_late=seen is None or moment - seen.at > WITNESS_LATE,
        checked_at=check.at if check else None,
        faults=check.facts["faults"] if check else 0,
        check_late=check is None or moment - check.at > CHECK_LATE,
    )

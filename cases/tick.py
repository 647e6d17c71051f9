"""One tick: escalate every clock that is due. A query, not a queue, so an outage only makes it late, and it says so."""

import logging

from cases.actions import escalate
from cases.models import Deadline, DeadlineState
from wellbeing.access.actor import Actor, identity
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
TICKER = Actor.machine("ticker")
BATCH = 200


def tick() -> int:
    """Escalate what is due, each clock in its own transaction; returns how many went up a level.

    One clock that fails is logged and does not stop the others; the next tick tries it again.
    """
    with identity(TICKER):
        due = list(
            Deadline.objects.filter(state=DeadlineState.RUNNING, next_at__lte=now())
            .select_related("case")
            .order_by("next_at")[:BATCH]
        )
    raised = 0
    for clock in due:
        try:
            raised += escalate(actor=TICKER, case=clock.case, deadline=clock) is not None
        except Exception:
            log.exception("a clock could not be escalated", extra={"codes": {"deadline": clock.pk}})
    return raised

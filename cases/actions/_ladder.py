"""The ladder of a clock: the desks above its own, by policy (escalate), and who of them decides (pause_clock)."""

import logging
from collections.abc import Sequence

from cases.models import Deadline
from wellbeing.people.desks import NoDesk, bureau_desk, city_desk, triage_desk
from wellbeing.people.models import Desk

log = logging.getLogger("wellbeing.ticker")
LADDER = {
    "county_centre": triage_desk,
    "city_centre": lambda division: city_desk(),
    "bureau": lambda division: bureau_desk(),
}
LAST = "bureau"  # told that a clock ran out, never about whom


def above(clock: Deadline, division: str, ladder: Sequence[str]) -> list[tuple[str, Desk]]:
    """The levels above a clock's own desk with their desks, each desk once. One that nobody has set up is passed, so
    that the others are told; NoDesk where none is left."""
    found: dict[int, tuple[str, Desk]] = {}
    missing = None
    for step in ladder:
        try:
            desk = LADDER[step](division)
        except NoDesk as gap:
            missing = gap
            log.error("a level of the ladder has no desk", extra={"codes": {"step": step}})
        else:
            found.setdefault(desk.pk, (step, desk))
    found.pop(clock.desk_id, None)
    if missing and not found:
        raise missing
    return list(found.values())


def decider(clock: Deadline, division: str, ladder: Sequence[str]) -> Desk | None:
    """The first desk above a clock's own that works on cases; None where only the bureau is."""
    return next((desk for step, desk in above(clock, division, ladder) if step != LAST), None)

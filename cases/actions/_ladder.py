"""The desks above another: the ladder of a clock, by policy, and who of it decides; the city where nobody answers."""

import logging
from collections.abc import Sequence

from cases.models import Case, Deadline
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.people.desks import NoDesk, bureau_desk, city_desk, triage_desk
from wellbeing.people.models import Desk
from wellbeing.workdays import now

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


def bring_up(case: Case, desk: Desk, *, actor: Actor) -> None:
    """A desk above works on the case from now on."""
    with identity(GRANTS):
        grant(case, to=desk, origin=Origin.ESCALATION, expires_at=now() + OWNER_DAYS, by=actor)


def city_for(case: Case, desk: Desk, *, actor: Actor) -> Desk | None:
    """The city's desk, which works on the case from now on because nobody answers at this one; None where it is this
    very desk, or where nobody has set it up."""
    try:
        above = city_desk()
    except NoDesk:
        return None
    if above == desk:
        return None
    bring_up(case, above, actor=actor)
    return above

"""Follow a leave (随访): the contact while away, and the talks after the return, each recorded by who had it."""

from collections.abc import Mapping
from typing import Any

from cases import clocks
from cases.actions import _clocks, _leave
from cases.clocks import ClockKind
from cases.contact_access import check_contact
from cases.models import Case, Leave
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState


@action(P.LEAVE_KEEP)
def follow_leave(
    *, actor: Actor, case: Case, reached: bool, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Leave]:
    """Record one contact. Reached starts the next one, by policy; not reached leaves the clock running.

    After the last talk the support ends, and the leave with it. Raises Invalid for an empty field and
    for a home that must not be reached, WrongState where no
    contact is due.
    """
    leave = Leave.current(case)
    clock = next(iter(_clocks.running(case, ClockKind.LEAVE_CONTACT, ClockKind.RETURN_TALK)), None)
    if leave is None or clock is None:
        raise WrongState(case.status, "follow_leave")
    if clock.kind == ClockKind.LEAVE_CONTACT:
        check_contact(actor, case, "reached")
    _leave.check("follow", words)
    sealed = {**words, "reached": "yes" if reached else "no"}
    _leave.trace(leave, case, "follow", actor=actor, words=sealed, desk_id=desk_id)
    _leave.keep_sight(leave, case, actor)
    kind = ClockKind(clock.kind)
    facts = {"contact": kind, "number": leave.number, "reached": reached, "step": clock.step}
    if not reached:
        return Outcome(leave, stream=case.pk, facts=facts)
    if kind == ClockKind.LEAVE_CONTACT:
        _clocks.again(case, kind)
        return Outcome(leave, stream=case.pk, facts=facts)
    dates = clocks.return_talks(_clocks.first_of_series(case, kind).started_at, clock.policy.policy())
    _clocks.stop(case, kind)
    if not _clocks.next_of_series(case, clock, dates):
        _leave.move(leave, case, "finish", actor=actor, words={}, desk_id=desk_id)
    return Outcome(leave, stream=case.pk, facts=facts)

"""Take a step of a leave or a return: assess, talk, apply, extend, hand in, ask for more, review, back, call off."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.actions import _leave
from cases.actions._raising import raise_to
from cases.leave import LeaveState, Move
from cases.models import Case, Entry, EntryKind, Leave
from cases.tiers import Rule, Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.LEAVE_KEEP)
def move_leave(
    *, actor: Actor, case: Case, step: Move, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Leave]:
    """Take one step of cases.leave.LEAVE with its words by the codes of cases.leave_asks (days as dates).

    Back at school the case stands at orange at least (DOMAIN.md, Tiers: the first months after a return). WrongState,
    Invalid beside the field: an empty one, a day that is not ahead, a return without a plan.
    """
    leave = _leave.current(case, step)
    _leave.check(step, words)
    before = Tier(case.tier)
    _leave.ahead("until", words.get("until"), _("This day is not ahead."))
    if step in (Move.APPLY, Move.EXTEND):
        leave.from_day, leave.until = words.get("from_day") or leave.from_day, words["until"]
        if leave.from_day and leave.until and leave.until <= leave.from_day:
            raise Invalid("until", _("The leave would end before it begins."))
    if step == Move.COME_BACK:
        _plan(case, leave)
        leave.returned_at = now()
        raise_to(case, Tier.ORANGE, actor=actor, at=now(), rules=frozenset({Rule.AFTER_DISCHARGE}))
    _leave.move(leave, case, step, actor=actor, words=words, desk_id=desk_id)
    facts: dict[str, Any] = {"leave": LeaveState(leave.state), "number": leave.number}
    if before != case.tier:
        facts |= {"from": before, "to": Tier(case.tier)}
    return Outcome(leave, stream=case.pk, facts=facts)


def _plan(case: Case, leave: Leave) -> None:
    """Nobody comes back without the plan of who receives her."""
    made = Entry.objects.filter(
        case=case, kind=EntryKind.RETURN_PLAN, at__gte=leave.begun_at.replace(second=0, microsecond=0)
    )
    if not made.exists():
        raise Invalid("first_talk", _("Make the return-to-school plan first: who receives her or him, and how."))

"""Escalate (升级上报): a clock ran out, or nobody is on duty: the next desk up is told, once per level, late or not."""

from datetime import datetime

from cases import clocks
from cases.actions import _notices
from cases.actions._ladder import LAST, above
from cases.clocks import NextAct
from cases.models import Case, Deadline, Escalation
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty, staffed
from wellbeing.workdays import now


@action(P.WARNING_ESCALATE)
def escalate(*, actor: Actor, case: Case, deadline: Deadline) -> Outcome[Escalation | None]:
    """Take one due clock one level up. None when somebody met it meanwhile or the ladder has no further step.

    The bureau's duty leader learns that something of a tier is overdue, and gets no grant. After an outage the levels
    that were missed follow at once, because each is due by the plan and not by when the ticker came back.
    """
    at = now()
    clock = Deadline.objects.select_for_update(of=("self",)).select_related("policy").get(pk=deadline.pk)
    if clock.next_at is None or clock.next_at > at or clock.next_act != NextAct.ESCALATE:
        return Outcome(None, stream=case.pk, facts={"level": clock.level})
    planned, unstaffed, level = clock.next_at, at < clock.due_at, clock.level + 1
    policy = clock.policy.policy()
    steps = above(clock, case.division_id, policy.ladder)
    if level > len(steps):
        clock.next_at = None
        clock.save(update_fields=["next_at"])
        return Outcome(None, stream=case.pk, facts={"level": clock.level})
    step, desk = steps[level - 1]
    duty = on_duty(desk.pk)
    clock.level, clock.next_at = level, _next_look(clock, desk, planned, at, manned=bool(duty) or staffed(desk.pk))
    if level == len(steps):
        clock.next_at = None
    clock.save(update_fields=["level", "next_at"])
    if step != LAST:
        grant(case, to=desk, origin=Origin.ESCALATION, expires_at=at + OWNER_DAYS, by=actor)
    late = max(0, int((at - planned).total_seconds()))
    made = Escalation.objects.create(
        case=case, deadline=clock, level=level, desk=desk, at=at, late_s=late, unstaffed=unstaffed
    )
    key = f"escalated:{clock.pk}:{level}"
    _notices.tell_desk("escalated", case, desk, duty, key=key, policy=policy, target=step != LAST)
    facts = {"level": level, "late_s": late, "tier": Tier(clock.tier), "unstaffed": unstaffed}
    return Outcome(made, stream=case.pk, facts=facts)


def _next_look(clock: Deadline, desk: Desk, planned: datetime, at: datetime, *, manned: bool) -> datetime:
    """When the next level is due: at once when nobody is at this one either, else when the clock or its step ends."""
    if not manned:
        return at
    if at < clock.due_at:
        return clock.due_at
    return clocks.escalation_step(Tier(clock.tier), planned, clock.policy.policy())

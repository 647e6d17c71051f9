"""Escalate (升级上报): a clock ran out, so the next desk up is told, once per level, late or not."""

from cases import clocks
from cases.models import Case, Deadline, DeadlineState, Escalation
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post
from wellbeing.people.desks import bureau_desk, city_desk, triage_desk
from wellbeing.people.models import Desk
from wellbeing.workdays import now

LADDER = {
    "county_centre": triage_desk,
    "city_centre": lambda division: city_desk(),
    "bureau": lambda division: bureau_desk(),
}


@action(P.WARNING_ESCALATE)
def escalate(*, actor: Actor, case: Case, deadline: Deadline) -> Outcome[Escalation | None]:
    """Take one due clock one level up. None when somebody met it meanwhile or the ladder has no further step.

    The bureau's duty leader learns that something of a tier is overdue, and gets no grant.
    """
    at = now()
    clock = Deadline.objects.select_for_update(of=("self",)).select_related("policy").get(pk=deadline.pk)
    if clock.state != DeadlineState.RUNNING or clock.next_at is None or clock.next_at > at:
        return Outcome(None, stream=case.pk, facts={"level": clock.level})
    ladder = clock.policy.policy().ladder
    steps = [step for step in ladder if LADDER[step](case.division_id).pk != clock.desk_id]
    level, late = clock.level + 1, int((at - clock.due_at).total_seconds())
    more = level < len(steps)
    clock.next_at = clocks.escalation_step(Tier(clock.tier), at, clock.policy.policy()) if more else None
    clock.level = level
    clock.save(update_fields=["level", "next_at"])
    step = steps[level - 1]
    desk: Desk = LADDER[step](case.division_id)
    sees = step != "bureau"
    if sees:
        grant(case, to=desk, origin=Origin.ESCALATION, expires_at=at + OWNER_DAYS, by=actor)
    made = Escalation.objects.create(case=case, deadline=clock, level=level, desk=desk, at=at, late_s=max(0, late))
    post(
        kind="escalated",
        desk_id=desk.pk,
        target=f"case:{case.reference}" if sees else "",
        tier=clock.tier,
        dedupe_key=f"escalated:{clock.pk}:{level}",
    )
    return Outcome(made, stream=case.pk, facts={"level": level, "late_s": late, "tier": Tier(clock.tier)})

"""Ring again: delivered is not acknowledged, so the next person and channel is tried until a human acknowledges."""

from django.db.models import Q

from cases import clocks
from cases.actions import _notices
from cases.models import Case, DeadlineState, Escalation, PolicyVersion, Warning
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import work_of
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.desks import NoDesk, bureau_desk
from wellbeing.workdays import now

MOST_RINGS = 32_767  # what the column holds: ten weeks of rings every three minutes


@action(P.WARNING_RING)
def ring_again(*, actor: Actor, case: Case, warning: Warning) -> Outcome[int]:
    """Ring once more, at the desk that was warned and those it was escalated to; returns how many rings there were.

    Where nobody sits at any of them the bureau's duty leader hears it, and learns not about whom. 0 when somebody
    acknowledged it meanwhile.
    """
    at = now()
    rung = Warning.objects.select_for_update(of=("self",)).select_related("desk").get(pk=warning.pk)
    if rung.acknowledged_at or rung.ended_at or rung.ring_at is None or rung.ring_at > at:
        return Outcome(0, stream=case.pk)
    policy = PolicyVersion.current().policy()
    # What came up since the warning; and of a clock that runs, however the database's own clock was set since.
    since = Q(at__gte=rung.raised_at) | Q(deadline__state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED))
    raised = Escalation.objects.filter(since, case=case).exclude(deadline__state=DeadlineState.VOID)
    above = raised.select_related("desk").order_by("at")
    # A county from which the file has gone meanwhile hears of it no more.
    risen = [step.desk for step in above if step.desk.role != _notices.BLIND and work_of(step.desk, case)]
    desks = dict.fromkeys([rung.desk, *risen])
    known = _notices.rings(desks, policy)
    number = rung.rings + 1
    rung.rings = min(number, MOST_RINGS)
    rung.ring_at = clocks.ring(Tier(rung.tier), at, policy)
    rung.save(update_fields=["rings", "ring_at"])
    ways = known or _last_resort(policy)
    if ways:
        # Beyond what is counted it rings on: the time says which one, and whose turn it is.
        number, again = (number, "") if number <= MOST_RINGS else (int(at.timestamp() // 60), f"+{at.isoformat()}")
        ring, key = ways[(number - 1) % len(ways)], f"ring:{rung.pk}:{rung.rings}{again}"
        _notices.send("warning_again", case, [ring], key=key, policy=policy, target=bool(known))
    return Outcome(rung.rings, stream=case.pk, facts={"rings": rung.rings, "ways": len(known)})


def _last_resort(policy: Policy) -> list[_notices.Ring]:
    """The ways to the bureau, where nobody sits at any of the desks; none where nobody has set one up."""
    try:
        return _notices.rings([bureau_desk()], policy)
    except NoDesk:
        return []

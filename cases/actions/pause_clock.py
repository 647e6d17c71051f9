"""Pause a clock, with a reason and not for ever; a second time a desk above decides. An acknowledgement never
pauses."""

from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _notices
from cases.actions._ladder import LAST, above, bring_up, decider
from cases.clocks import ClockKind, NextAct
from cases.models import Case, Deadline, DeadlineState, Entry, EntryKind, Section
from cases.pausing import BESIDE, FAULT_TEXT, PauseFacts, goes_up, longest, pause_fault
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.CLOCK_PAUSE)
def pause_clock(
    *,
    actor: Actor,
    case: Case,
    kind: ClockKind,
    why: str,
    because: str,
    until: datetime | None = None,
    desk_id: int | None = None,
) -> Outcome[Deadline]:
    """Let a clock stand still `until` a moment, or as long as policy lets it; it starts again by hand, or by itself.

    Once policy's pauses of a clock are used up, a desk above decides, and not whoever did the last one: asked from
    below the clock goes on, and that desk is told and works on the case from then on. Invalid without a reason, beyond
    policy's time, for a kind that policy does not let pause, and for a clock that does not run or is over.
    """
    at = now()
    clock = next((one for one in _clocks.running(case, kind) if one.state == DeadlineState.RUNNING), None)
    if clock is None:
        raise Invalid("kind", _("This clock does not run."))
    policy, tier = clock.policy.policy(), Tier(clock.tier)
    ends = until or at + longest(tier, policy)
    before, last_by = paused_before(clock)
    facts = PauseFacts(
        kind, tier, at, due_at=clock.due_at, why=why, until=ends, before=before, mine=last_by == actor.id
    )
    fault = pause_fault(facts, policy)
    if fault:
        hours = int(longest(tier, policy).total_seconds() // 3600)
        raise Invalid(BESIDE.get(fault, "kind"), gettext(FAULT_TEXT[fault]) % {"hours": hours})
    if not because.strip():
        raise Invalid("because", _("A clock pauses only with a reason."))
    asks = goes_up(before, policy) and not _is_above(actor, clock, case, policy)
    words = {"clock": kind, "pause_why": why, "because": because}
    Entry.objects.bulk_create(
        [writer(case).entry(Section.PLAN, EntryKind.PAUSE, words, actor=actor, at=at, desk_id=desk_id)]
    )
    if asks:
        return _ask_above(actor, case, clock, policy, before)
    clock.state, clock.paused_at, clock.paused_by_id = DeadlineState.PAUSED, at, actor.person
    clock.pauses, clock.pause_why = clock.pauses + 1, why
    clock.next_at, clock.next_act = ends, NextAct.RESUME
    changed = ["state", "paused_at", "paused_by", "pauses", "pause_why", "next_at", "next_act"]
    clock.save(update_fields=changed)
    return Outcome(clock, stream=case.pk, facts={"kind": kind, "until": ends})


def paused_before(clock: Deadline) -> tuple[int, int | None]:
    """How often this clock stood still since it was last met, whichever row it went on in, and who did it last."""
    rows = Deadline.objects.filter(case=clock.case_id, kind=clock.kind)
    met = rows.filter(state=DeadlineState.MET).order_by("-started_at").values_list("started_at", flat=True).first()
    since = rows.exclude(state=DeadlineState.MET)
    times = (since.filter(started_at__gte=met) if met else since).aggregate(times=Sum("pauses"))["times"]
    last = rows.filter(pauses__gt=0).order_by("-started_at", "-pk").first()
    return times or 0, last.paused_by_id if last else None


def _is_above(actor: Actor, clock: Deadline, case: Case, policy: Policy) -> bool:
    ladder = above(clock, case.division_id, policy.ladder)
    return any(step != LAST and desk.pk in actor.desks for step, desk in ladder)


def _ask_above(actor: Actor, case: Case, clock: Deadline, policy: Policy, before: int) -> Outcome[Deadline]:
    """Ask the desk above to let it stand again; the clock runs on meanwhile, and nothing of it is hidden."""
    desk = decider(clock, case.division_id, policy.ladder)
    if desk is None:
        raise Invalid("kind", _("This clock has paused already, and no desk is above it: it goes on."))
    bring_up(case, desk, actor=actor)
    key = f"pause_asked:{clock.pk}:{before}"
    _notices.tell_desk("pause_asked", case, desk, on_duty(desk.pk), key=key, policy=policy)
    return Outcome(clock, stream=case.pk, facts={"kind": ClockKind(clock.kind), "asked": desk.pk})

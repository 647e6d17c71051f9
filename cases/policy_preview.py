"""What a policy would have changed for the clocks of the last 30 days: counts only, never a case.

The administrator holds no grants; the clocks are read by a machine that may change nothing, and what comes back is
counts, of which those under five are hidden (DOMAIN.md, Statistics).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from cases import clocks
from cases.clocks import ClockKind
from cases.models import Deadline, DeadlineState, Lowering, PolicyVersion, Warning
from cases.policy import TIERS, Policy
from cases.policy_change import changes
from cases.tiers import Tier
from wellbeing.access.actor import Actor, reading
from wellbeing.access.machines import POLICY
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.workdays import now

BACK = timedelta(days=30)
MOST = 50_000  # clocks looked at, the newest first
ORDER = {kind.value: place for place, kind in enumerate(ClockKind)}


@dataclass(frozen=True, slots=True)
class Past:
    """One clock that was started: what the comparison needs of it, and nothing of its case."""

    kind: str
    tier: str
    step: int
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class Stay:
    """One lowering that was made: from which tier, and how long the case had stood there."""

    tier: str
    stood: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """The clocks of one kind at one tier. The last two count again those that change sides."""

    kind: str
    tier: str
    earlier: int
    later: int
    same: int
    gone: int
    newly_late: int
    newly_in_time: int

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Each clock once."""
        return self.earlier, self.later, self.same, self.gone

    @property
    def moved(self) -> bool:
        return bool(self.earlier or self.later or self.gone)


PARTS = ("earlier", "later", "same", "gone", "newly_late", "newly_in_time")


@dataclass(frozen=True, slots=True)
class Preview:
    """`by_hand` counts clocks whose end a person or a pause has set: no policy says when they would have ended."""

    lines: tuple[Line, ...]
    by_hand: int
    lowered: dict[str, int]
    too_soon: dict[str, int]
    cut: bool = False


def preview(actor: Actor, policy: Policy) -> Preview:
    """The last 30 days under another policy; recorded, with how many of its values differ from the newest version.
    Forbidden for whoever may not change the policy."""
    if not may(actor, P.POLICY_CHANGE):
        raise Forbidden
    at = now()
    with reading(POLICY):
        past, stays = _clocks(at), _stays(at)
    newest = PolicyVersion.newest()
    facts = {"after": newest.number, "changed": len(changes(newest.policy(), policy)), "clocks": len(past)}
    record(stream=user_stream(actor.id), act=Tag.POLICY_LOOKED, actor=actor, facts=facts)
    made = compare(past[:MOST], stays, policy, at)
    return Preview(made.lines, made.by_hand, made.lowered, made.too_soon, cut=len(past) > MOST)


def compare(past: Iterable[Past], stays: Iterable[Stay], policy: Policy, at: datetime) -> Preview:
    """Each clock's end under its own policy and under another. Pure."""
    seen: dict[tuple[str, str], Counter[str]] = {}
    by_hand = 0
    for clock in past:
        if end_of(clock, clock.policy) != clock.due_at:
            by_hand += 1
            continue
        found = seen.setdefault((clock.kind, clock.tier), Counter())
        end, stopped = end_of(clock, policy), clock.ended_at or at
        if end is None:
            found["gone"] += 1
            continue
        found["earlier" if end < clock.due_at else "later" if end > clock.due_at else "same"] += 1
        found["newly_late"] += clock.due_at >= stopped > end
        found["newly_in_time"] += end >= stopped > clock.due_at
    lowered, too_soon = Counter[str](), Counter[str]()
    for stay in stays:
        lowered[stay.tier] += 1
        too_soon[stay.tier] += stay.stood < timedelta(hours=policy.stay_hours.get(stay.tier, 0))
    lines = [
        Line(kind, tier, *(found[part] for part in PARTS))
        for (kind, tier), found in sorted(seen.items(), key=lambda one: (ORDER.get(one[0][0], 99), _rank(one[0][1])))
    ]
    return Preview(tuple(lines), by_hand, dict(lowered), dict(too_soon))


def end_of(clock: Past, policy: Policy) -> datetime | None:
    """When a policy ends a clock of this kind, tier and start; None where it sets no time."""
    if clock.kind == ClockKind.CALLBACK:
        unasked = clock.tier in clock.policy.callback_tiers  # nobody knows whether those callers agreed
        if clock.step or (unasked and clock.tier not in policy.callback_tiers):
            return None
        return clocks.callbacks(clock.started_at, policy, Tier(clock.tier))[0]
    if clock.kind == ClockKind.RETURN_TALK:
        return clocks.return_talks(clock.started_at, policy)[0] if clock.step == 0 else None
    return clocks.due(ClockKind(clock.kind), Tier(clock.tier), clock.started_at, policy)


def _rank(tier: str) -> int:
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def _clocks(at: datetime) -> list[Past]:
    policies = {version.pk: version.policy() for version in PolicyVersion.objects.all()}
    rows = (
        Deadline.objects.filter(started_at__gte=at - BACK)
        .exclude(state=DeadlineState.PAUSED)
        .order_by("-started_at")
        .values_list("kind", "tier", "step", "started_at", "due_at", "ended_at", "policy_id")[: MOST + 1]
    )
    return [Past(*row[:6], policy=policies[row[6]]) for row in rows]


def _stays(at: datetime) -> list[Stay]:
    """The lowerings that were carried out, with how long the case had stood at its tier before."""
    earlier = Lowering.objects.filter(_made(), case=OuterRef("case"), ended_at__lte=OuterRef("proposed_at"))
    warned = Warning.objects.filter(case=OuterRef("case"), raised_at__lte=OuterRef("proposed_at"))
    rows = (
        Lowering.objects.filter(_made(), proposed_at__gte=at - BACK)
        .annotate(
            warned=Subquery(warned.order_by("-raised_at").values("raised_at")[:1]),
            lowered=Subquery(earlier.exclude(pk=OuterRef("pk")).order_by("-ended_at").values("ended_at")[:1]),
        )
        .annotate(since=Greatest("warned", "lowered"))
        .values_list("from_tier", "proposed_at", "since")
    )
    return [Stay(tier, proposed - since) for tier, proposed, since in rows if since]


def _made() -> Q:
    """Confirmed by a second person, or done at once by one; a proposal that was replaced is neither."""
    return Q(close_reason="") & (Q(confirmed_by__isnull=False) | Q(ended_at=F("proposed_at")))

"""The desk's own figures: how long each step takes, what was declined and why, how many loops were closed.

Over the referrals that the reader's desks may still see or have ended lately; a group of fewer than five is not shown
(DOMAIN.md, Statistics), so that no single journey can be read from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.policy import TIERS
from cases.policy_preview import SMALL, at_least, shown
from referrals.access import visible_referrals
from referrals.flow import REFERRAL
from referrals.models import Referral, Step, Why
from wellbeing.access.actor import Actor
from wellbeing.people.models import Organisation

PERIOD = timedelta(days=180)
MOST = 5_000
# The steps whose length is asked for: (from, to), the words are STATE_TEXT's of the second.
SPANS = (
    ("submitted", "accepted"),
    ("sent", "received"),
    ("received", "appointment"),
    ("appointment", "attended"),
    ("attended", "reported"),
    ("reported", "return_plan"),
    ("return_plan", "closed"),
)

BACK = ("returned_for_more", "redirected")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: how many, and the median and ninth decile of the seconds; None where too few."""

    name: str
    count: str
    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows; names are codes, or a destination's own name."""

    steps: list[Line]
    tiers: list[Line]
    destinations: list[Line]
    reasons: list[Line]
    ended: list[Line]
    total: str


def percentile(seconds: Sequence[float], share: float) -> int:
    """The value by nearest rank. ValueError for none."""
    if not seconds:
        raise ValueError("no values")
    ordered = sorted(seconds)
    return round(ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)])


def line(name: str, seconds: Sequence[float]) -> Line:
    """A line of times; fewer than five say that there are some, and nothing of how long."""
    if len(seconds) < SMALL:
        return Line(name, shown(len(seconds)))
    return Line(name, shown(len(seconds)), percentile(seconds, 0.5), percentile(seconds, 0.9))


def desk_figures(actor: Actor, at: datetime) -> Figures:
    """The figures of the last half-year, of referrals that the actor's desks may see."""
    rows = list(visible_referrals(actor).filter(opened_at__gte=at - PERIOD).order_by("-pk")[:MOST])
    moments: dict[Any, list[tuple[str, datetime]]] = defaultdict(list)
    reporters: dict[Any, Any] = {}
    # What happened beside the journey has no state. Who reported is the desk of that step: it may have gone on since.
    steps = Step.objects.filter(referral__in=rows).exclude(state="").order_by("at", "id")
    for referral, state, when, house in steps.values_list("referral_id", "state", "at", "desk__organisation_id"):
        moments[referral].append((state, when))
        if state == "reported":
            reporters[referral] = house
    return Figures(
        steps=[line(to, list(_lengths(moments.values(), start, to))) for start, to in SPANS],
        tiers=[line(tier, _journeys((r for r in rows if r.tier == tier), moments)) for tier in TIERS],
        destinations=_by_destination(rows, moments, reporters),
        reasons=_counts(Counter(r.why for r in rows if r.why), Why.values),
        ended=_counts(Counter(r.state for r in rows if r.ended_at), REFERRAL.final),
        total=shown(len(rows)),
    )


def _lengths(journeys: Iterable[list[tuple[str, datetime]]], start: str, to: str) -> Iterable[float]:
    """Seconds from each state to the next one of the pair, whatever lay between: times that were proposed and asked for
    again are time that somebody waits. What comes back for another desk begins anew."""
    for journey in journeys:
        begun: datetime | None = None
        for state, when in journey:
            if state in BACK:
                begun = None
            elif state == start and begun is None:
                begun = when
            elif state == to and begun is not None:
                yield (when - begun).total_seconds()
                begun = None


def _journeys(rows: Iterable[Referral], moments: dict[Any, list[tuple[str, datetime]]]) -> list[float]:
    """Seconds from the first step to the hospital's report."""
    found = []
    for one in rows:
        steps = moments[one.pk]
        reported = next((when for state, when in steps if state == "reported"), None)
        if reported is not None:
            found.append((reported - steps[0][1]).total_seconds())
    return found


def _by_destination(
    rows: Sequence[Referral], moments: dict[Any, list[tuple[str, datetime]]], reporters: dict[Any, Any]
) -> list[Line]:
    houses = Organisation.objects.in_bulk(set(reporters.values()))
    groups: dict[str, list[Referral]] = defaultdict(list)
    for one in rows:
        if one.pk in reporters:
            groups[str(houses[reporters[one.pk]])].append(one)
    return [line(name, _journeys(found, moments)) for name, found in sorted(groups.items())]


def _counts(counted: Counter[str], names: Iterable[str]) -> list[Line]:
    """Counts side by side; where one is hidden the sum says no more than what is shown."""
    lines = [Line(name, shown(counted[name])) for name in names if counted[name]]
    return [*lines, Line("", at_least(list(counted.values())))] if lines else []

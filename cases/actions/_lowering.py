"""What both halves of a lowering share: the facts that may forbid it, and the move itself."""

from dataclasses import dataclass

from cases import lowering
from cases.actions import _clocks
from cases.actions._leave import returned_at
from cases.clocks import ClockKind
from cases.consent import refused
from cases.contact_access import stop_of
from cases.models import Case, ConsentRecord, Leave, Lowering, PolicyVersion
from cases.tiers import Tier
from wellbeing.workdays import now

FOLLOWED = (ClockKind.FOLLOW_UP, ClockKind.CALLBACK, ClockKind.LEAVE_CONTACT, ClockKind.RETURN_TALK)


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as the lowering rules see it, and what they say."""

    case: Case
    to: Tier
    faults: tuple[lowering.LoweringFault, ...]
    second: bool


def standing(case: Case, to: Tier) -> Standing:
    """Ask the rules of cases/tiers.py whether the case may be lowered to `to` now (DOMAIN.md, Tiers)."""
    at, policy = now(), PolicyVersion.current().policy()
    last = case.assessments.order_by("-at").first()
    running = {clock.kind: clock for clock in _clocks.running(case)}
    missed = any(clock.due_at < at for kind, clock in running.items() if kind in FOLLOWED)
    state = lowering.LoweringFacts(
        tier=Tier(case.tier),
        to=to,
        since=case.tier_since,
        now=at,
        assessed_at=last.at if last else None,
        face_to_face=bool(last and last.face_to_face),
        proposed=Tier(last.proposed) if last else None,
        feedback_outstanding=ClockKind.FEEDBACK in running,
        follow_up_missed=missed,
        consent_refused_with_danger=bool({ClockKind.SECOND_TALK, ClockKind.HOME_WATCH} & running.keys())
        or _refused_and_shut(case),
        crossing_open=bool({ClockKind.ARRIVAL, ClockKind.SAFETY_CONTACT} & running.keys()),
        guardian_unreached=ClockKind.TELL_GUARDIAN in running,
        unacknowledged=ClockKind.ACKNOWLEDGE in running,
        returned_at=returned_at(case),
        leave_open=Leave.current(case) is not None,
    )
    faults = lowering.lowering_faults(state, policy)
    return Standing(case, to, faults, lowering.needs_second(Tier(case.tier), policy))


def _refused_and_shut(case: Case) -> bool:
    """A refusal goes on standing in the way while nobody may talk with the home: its clocks have ended for that."""
    last = ConsentRecord.newest(case.pk)
    return last is not None and refused(last.outcome) and stop_of(case.person_id) is not None


def lower(proposal: Lowering, *, confirmed_by: int | None) -> None:
    """Move the case to the lower tier and end the proposal."""
    case, at = proposal.case, now()
    case.tier, case.tier_since = proposal.to_tier, at
    case.save(update_fields=["tier", "tier_since"])
    proposal.confirmed_by_id, proposal.ended_at = confirmed_by, at
    proposal.save(update_fields=["confirmed_by", "ended_at"])
    _clocks.again(case, ClockKind.REASSESS)
    # What the higher tier asked for in writing is asked for by the time of the lower one, or not any more.
    for kind in (ClockKind.REPORT, ClockKind.NEXT_REPORT):
        _clocks.again(case, kind)

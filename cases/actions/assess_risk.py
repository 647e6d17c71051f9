"""Assess the risk anew (评估): a meeting or a call, its answers, and the tier the rules propose."""

from collections.abc import Mapping
from typing import Any

from cases import sheet
from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Assessment, Case, EntryKind, PolicyVersion, Section
from cases.tiers import Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.RISK_ASSESS)
def assess_risk(
    *, actor: Actor, case: Case, words: Mapping[str, Any], face_to_face: bool, desk_id: int | None = None
) -> Outcome[Assessment]:
    """Record an assessment. It never changes the tier by itself: a named person raises or lowers after it."""
    at = now()
    proposal = propose(sheet.facts(words), PolicyVersion.current().policy())
    sealed = dict(words, proposed=proposal.tier, rules=[reason.rule for reason in proposal.reasons])
    entry = writer(case).entry(Section.RISK, EntryKind.ASSESSMENT, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = Assessment.objects.create(case=case, entry=entry, at=at, face_to_face=face_to_face, proposed=proposal.tier)
    if face_to_face:
        _clocks.stop(case, ClockKind.FIRST_MEETING)
    clock = case.deadlines.filter(kind=ClockKind.REASSESS, state="running").select_related("desk").first()
    if clock:
        _clocks.stop(case, ClockKind.REASSESS)
        _clocks.start(case, clock.desk, ClockKind.REASSESS)
    facts = {"face_to_face": face_to_face, "proposed": Tier(proposal.tier), "tier": Tier(case.tier)}
    return Outcome(made, stream=case.pk, facts=facts)

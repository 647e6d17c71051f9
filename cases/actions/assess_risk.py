"""Assess the risk anew (评估): a meeting or a call, its answers, and the tier the rules propose."""

from collections.abc import Mapping
from typing import Any

from cases import sheet
from cases.access import writer
from cases.actions import _clocks
from cases.actions._leave import returned_at
from cases.actions._raising import raise_or_tell
from cases.clocks import ClockKind, months_since
from cases.models import Assessment, Case, EntryKind, PolicyVersion, Section
from cases.tiers import Facts, Tier, merge, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.RISK_ASSESS)
def assess_risk(
    *, actor: Actor, case: Case, words: Mapping[str, Any], face_to_face: bool, desk_id: int | None = None
) -> Outcome[Assessment]:
    """Record an assessment. A case never stands below what the rules propose, so a graver one raises it at once.

    The first months after a return to school count, whatever is answered. It never lowers: a named person does,
    after it.
    """
    at, before = now(), Tier(case.tier)
    back = returned_at(case)
    known = Facts(months_since_discharge=months_since(back, at) if back else None)
    proposal = propose(merge(sheet.facts(words), known), PolicyVersion.current().policy())
    rules = [reason.rule for reason in proposal.reasons]
    sealed = dict(words, proposed=proposal.tier, rules=rules)
    entry = writer(case).entry(Section.RISK, EntryKind.ASSESSMENT, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = Assessment.objects.create(case=case, entry=entry, at=at, face_to_face=face_to_face, proposed=proposal.tier)
    if face_to_face:
        _clocks.stop(case, ClockKind.FIRST_MEETING)
    _clocks.again(case, ClockKind.REASSESS)
    raised = raise_or_tell(case, proposal.tier, actor=actor, at=at, rules=frozenset(rules), assessed=True)
    facts: dict[str, Any] = {"face_to_face": face_to_face, "proposed": proposal.tier, "tier": Tier(case.tier)}
    if raised:
        facts |= {"from": before, "to": proposal.tier}
    return Outcome(made, stream=case.pk, facts=facts)

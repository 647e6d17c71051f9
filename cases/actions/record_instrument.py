"""Record an instrument (量表): its answers sealed, its score where it is complete, and the tier it calls for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.access import writer
from cases.actions._raising import raise_or_tell
from cases.instruments import PAPERS, AnswerError
from cases.models import Case, Entry, EntryKind, PolicyVersion, Section
from cases.tiers import Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.INSTRUMENT_RECORD)
def record_instrument(
    *, actor: Actor, case: Case, instrument: str, answers: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[Entry]:
    """Keep one paper, answers by question code. A graver proposal raises the case at once; nothing here lowers it.

    Incomplete it is kept without a score. Raises Invalid beside the question: an answer the paper does not have, or
    one without which it says nothing about safety (an unanswered critical item is no "no").
    """
    paper = PAPERS.get(instrument)
    if paper is None:
        raise Invalid("instrument", _("This instrument is not known here."))
    given = {code: value for code, value in answers.items() if value is not None}
    if not given:
        raise Invalid(paper.questions[0].code, _("Nothing is answered yet."))
    try:
        reading = paper.read(given)
    except AnswerError as fault:
        raise Invalid(fault.item, _("The paper does not have this answer here.")) from None
    if reading.wanting:
        raise Invalid(
            reading.wanting,
            _("Without this answer the paper says nothing. If it was refused, record a risk assessment instead."),
        )
    at, before, result = now(), Tier(case.tier), reading.result
    proposal = propose(reading.facts, PolicyVersion.current().policy())
    rules = [reason.rule for reason in proposal.reasons]
    words = {
        "instrument": instrument,
        "total": result.total,
        "band": result.band,
        "critical": dict(result.critical),
        "parts": dict(result.parts),
        "answers": given,
        "proposed": proposal.tier,
        "rules": rules,
    }
    made = writer(case).entry(Section.RISK, EntryKind.INSTRUMENT, words, actor=actor, at=at, desk_id=desk_id)
    made.save(force_insert=True)
    facts: dict[str, Any] = {"entry": made.pk, "complete": result.complete, "tier": Tier(case.tier)}
    if raise_or_tell(case, proposal.tier, actor=actor, at=at, rules=frozenset(rules)):
        facts |= {"from": before, "to": proposal.tier, "tier": proposal.tier}
    return Outcome(made, stream=case.pk, facts=facts)

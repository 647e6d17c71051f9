"""Plan safety (安全计划) with the person: the six steps of Stanley and Brown, and who stays with her or him."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.models import Case, Entry, EntryKind, Section
from cases.queues import standing
from cases.safety_plan import STEPS
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.SAFETY_PLAN)
def plan_safety(
    *, actor: Actor, case: Case, words: Mapping[str, Any], filled_from: str | None = None, desk_id: int | None = None
) -> Outcome[Entry]:
    """Seal a safety plan by the codes of cases/safety_plan.py; the newest one counts. Invalid when it is empty, Newer
    when another one was made since the form was filled."""
    if not any(str(words.get(step.code) or "").strip() for step in STEPS):
        raise Invalid(STEPS[0].code, _("Write at least one step; the rest may follow."))
    standing(case, EntryKind.SAFETY_PLAN).still(filled_from, "plan_safety")
    entry = writer(case).entry(Section.PLAN, EntryKind.SAFETY_PLAN, words, actor=actor, at=now(), desk_id=desk_id)
    entry.save(force_insert=True)
    filled = sum(bool(str(words.get(step.code) or "").strip()) for step in STEPS)
    return Outcome(entry, stream=case.pk, facts={"steps": filled})

"""Plan the return to school (复学安排): duty mentor, load, seat, medication, warning signs, whom to call."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.models import Case, Entry, EntryKind, Section
from cases.queues import standing
from cases.return_plan import CODES, PARTS
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.LEAVE_KEEP)
def plan_return(
    *, actor: Actor, case: Case, words: Mapping[str, Any], filled_from: str | None = None, desk_id: int | None = None
) -> Outcome[Entry]:
    """Seal the plan in the case; the newest counts. Invalid beside a part that must be there, Newer when another plan
    was made since the form was filled.

    The school's counsellor reads it in the file; form teacher and crisis lead get the printed sheet.
    """
    kept = {code: words.get(code) for code in CODES}
    for part in PARTS:
        if part.needed and not str(kept[part.code] or "").strip():
            raise Invalid(part.code, _("Write what the school should know."))
    standing(case, EntryKind.RETURN_PLAN).still(filled_from, "plan_return")
    entry = writer(case).entry(Section.PLAN, EntryKind.RETURN_PLAN, kept, actor=actor, at=now(), desk_id=desk_id)
    entry.save(force_insert=True)
    return Outcome(entry, stream=case.pk, facts={"entry": entry.pk})

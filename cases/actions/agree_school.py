"""A teacher agrees that her school, the employer, may take part; until then its desk stays out."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.models import Case, Entry, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.SCHOOL_AGREE)
def agree_school(*, actor: Actor, case: Case, words: str, desk_id: int | None = None) -> Outcome[Case]:
    """Record the agreement in the person's own words. WrongState when the school is not kept apart."""
    if not case.school_apart:
        raise WrongState(case.status, "agree_school")
    if not words.strip():
        raise Invalid("words", _("Note what was agreed, and when she or he said so."))
    entry = writer(case).entry(
        Section.PLAN, EntryKind.AGREEMENT, {"note": words}, actor=actor, at=now(), desk_id=desk_id
    )
    Entry.objects.bulk_create([entry])
    case.school_apart = False
    case.save(update_fields=["school_apart"])
    return Outcome(case, stream=case.pk, facts={"school_apart": False})

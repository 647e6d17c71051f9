"""Close a case (结案): nothing may be outstanding; clocks and warnings end, and so does every grant. In danger it takes
what stands behind the reason, or a second person (cases/closing.py)."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _closing
from cases.actions._second import propose
from cases.closing import Way
from cases.flow import CASE
from cases.models import Case, CloseReason, EntryKind, Leave, Section, Warning
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.CASE_CLOSE)
def close_case(*, actor: Actor, case: Case, reason: str, note: str = "") -> Outcome[Case]:
    """End the case for a reason. Invalid while a warning, a referral, a report or who must be told is outstanding.

    The hotline closes only what warns nobody: a warned case is its county's, until that has handed it over and left
    the hotline its call-backs. A red or orange case closes at once where the record shows what the reason says; never
    as improved, for it is lowered first; for any other reason a second person signs, and until then it stays open with
    all its clocks (PRACTICE.md 2.4). As a duplicate it names the other file, as grave as this one.
    """
    CASE.step(case.status, "close")
    _closing.check(case, "reason")
    warned = case.tier != Tier.GREEN and Warning.objects.filter(case=case, ended_at=None).exists()
    if warned and not actor.post_as(Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE, Role.CITY_DUTY):
        raise Invalid("reason", _("The county centre or the school closes a case that was warned about."))
    if reason in (CloseReason.IMPROVED, CloseReason.NO_CONCERN) and Leave.current(case):
        raise Invalid(
            "reason", _("A leave or a return is under way: it ends first, or the case closes for another reason.")
        )
    way = _closing.ways(case)[reason]
    if way == Way.NEVER:
        raise Invalid("reason", _("Lower the tier first; a red or orange case is not closed as improved."))
    if way == Way.NAMED:
        way = _in_which(actor, case, note)
    at = now()
    words = {"reason": reason, "note": note}
    entry = writer(case).entry(Section.PLAN, EntryKind.CLOSING, words, actor=actor, at=at)
    entry.save(force_insert=True)
    if way == Way.BY_TWO:
        propose(case, entry, to=Tier(case.tier), actor=actor, at=at, close_reason=CloseReason(reason))
        return Outcome(case, stream=case.pk, facts={"reason": CloseReason(reason), "second": True})
    ended = _closing.end(case, CloseReason(reason), at=at)
    return Outcome(case, stream=case.pk, facts={"reason": CloseReason(reason), "grants_ended": ended})


def _in_which(actor: Actor, case: Case, note: str) -> Way:
    """The danger is in another file that is named, so that it does not end with this one: by two people, unless both
    are of one person by the record itself. Invalid where none such is named."""
    for named in _closing.named_in(note):
        other = _closing.goes_on_in(actor, case, named, P.CASE_CLOSE, "note")
        if other is not None and _closing.as_grave(other, case):
            return Way.BEHIND if other.person_id == case.person_id else Way.BY_TWO
    raise Invalid("note", _("Write the reference of the other case: an open one of yours, at this tier or above."))

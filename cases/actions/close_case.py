"""Close a case (结案): nothing may be outstanding; clocks and warnings end, and so does every grant."""

import re

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _closing
from cases.actions._stubs import end_grants
from cases.flow import CASE
from cases.models import Case, CloseReason, Entry, EntryKind, Leave, Section, Transfer, Warning
from cases.tiers import Tier
from cases.transfer import End
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now

REFERENCE = re.compile(r"ZS-[0-9A-Z]{4}-[0-9A-Z]{4}")


@action(P.CASE_CLOSE)
def close_case(*, actor: Actor, case: Case, reason: str, note: str = "") -> Outcome[Case]:
    """End the case for a reason. Invalid while a warning, a referral, a report or who must be told is outstanding.

    The hotline closes only what warns nobody: a warned case is its county's, until that has handed it over and left
    the hotline its call-backs. A red or orange case closes only by hand-over or transfer, never as improved: it is
    lowered first (PRACTICE.md 2.4); and as a duplicate only of a file that is named and as grave.
    """
    CASE.step(case.status, "close")
    _closing.check_outstanding(case, "case")
    if Transfer.objects.filter(case=case, state="asked").exists():
        raise Invalid("reason", _("Another desk was asked to take this file over, and has not answered yet."))
    _closing.check_reports(case, "reason")
    warned = case.tier != Tier.GREEN and Warning.objects.filter(case=case, ended_at=None).exists()
    if warned and not actor.post_as(Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE, Role.CITY_DUTY):
        raise Invalid("reason", _("The county centre or the school closes a case that was warned about."))
    if reason in (CloseReason.IMPROVED, CloseReason.NO_CONCERN) and Leave.current(case):
        raise Invalid(
            "reason", _("A leave or a return is under way: it ends first, or the case closes for another reason.")
        )
    if case.tier in (Tier.RED, Tier.ORANGE) and reason in (CloseReason.IMPROVED, CloseReason.NO_CONCERN):
        raise Invalid("reason", _("Lower the tier first; a red or orange case is not closed as improved."))
    if case.tier in (Tier.RED, Tier.ORANGE) and reason == CloseReason.DUPLICATE and not _goes_on(actor, case, note):
        raise Invalid("note", _("Write the reference of the other case: an open one of yours, at this tier or above."))
    at = now()
    words = {"reason": reason, "note": note}
    Entry.objects.bulk_create([writer(case).entry(Section.PLAN, EntryKind.CLOSING, words, actor=actor, at=at)])
    _closing.end_work(case, at=at)
    _closing.close(case, CloseReason(reason), at=at)
    ended, _desks = end_grants(case, End.CLOSED, at=at)
    return Outcome(case, stream=case.pk, facts={"reason": CloseReason(reason), "grants_ended": ended})


def _goes_on(actor: Actor, case: Case, note: str) -> bool:
    """Whether the danger is in another file that is named, so that it does not end with this one."""
    for named in REFERENCE.findall(note.upper()):
        other = _closing.goes_on_in(actor, case, named, P.CASE_CLOSE, "note")
        if other is not None and Tier(other.tier).rank <= Tier(case.tier).rank:
            return True
    return False

"""Close a case (结案): nothing may be outstanding; clocks and warnings end, and so does every grant."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._stubs import end_grants
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.models import (
    Case,
    CloseReason,
    DeadlineState,
    Entry,
    EntryKind,
    Leave,
    Lowering,
    ReportKind,
    Section,
    Transfer,
    Warning,
    WrittenReport,
)
from cases.tiers import Tier
from cases.transfer import End
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now

OUTSTANDING = (
    *(ClockKind.ACKNOWLEDGE, ClockKind.APPOINTMENT, ClockKind.FEEDBACK, ClockKind.RETURN_PLAN, ClockKind.CHANNEL),
    *(ClockKind.RECEIPT, ClockKind.TELL_GUARDIAN, ClockKind.TELL_RESCUE),
)


@action(P.CASE_CLOSE)
def close_case(*, actor: Actor, case: Case, reason: str, note: str = "") -> Outcome[Case]:
    """End the case for a reason. Invalid while a warning, a referral, a report or who must be told is outstanding.

    The hotline closes only what stands at green: a warned case is its county's. A red or orange case closes
    only by hand-over or transfer, never as improved: it is lowered first (PRACTICE.md 2.4).
    """
    status = CASE.next(case.status, "close")
    if _clocks.running(case, *OUTSTANDING):
        raise Invalid(
            "reason",
            _("Something is still outstanding: a warning, a referral, the hospital's report, or who must be told."),
        )
    if Transfer.objects.filter(case=case, state="asked").exists():
        raise Invalid("reason", _("Another desk was asked to take this file over, and has not answered yet."))
    written = WrittenReport.objects.filter(case=case, at__gte=case.reopened_at or case.opened_at)
    reports = set(written.values_list("kind", flat=True))
    if reports and ReportKind.FINAL not in reports:
        raise Invalid("reason", _("Written reports were begun; write the final one first."))
    if case.tier != Tier.GREEN and not actor.post_as(Role.SCHOOL_COUNSELLOR, Role.COUNTY_TRIAGE, Role.CITY_DUTY):
        raise Invalid("reason", _("The county centre or the school closes a case that was warned about."))
    if reason in (CloseReason.IMPROVED, CloseReason.NO_CONCERN) and Leave.current(case):
        raise Invalid(
            "reason", _("A leave or a return is under way: it ends first, or the case closes for another reason.")
        )
    if case.tier in (Tier.RED, Tier.ORANGE) and reason in (CloseReason.IMPROVED, CloseReason.NO_CONCERN):
        raise Invalid("reason", _("Lower the tier first; a red or orange case is not closed as improved."))
    at = now()
    words = {"reason": reason, "note": note}
    Entry.objects.bulk_create([writer(case).entry(Section.PLAN, EntryKind.CLOSING, words, actor=actor, at=at)])
    _clocks.stop(case, state=DeadlineState.VOID)
    Warning.objects.filter(case=case, ended_at=None).update(ended_at=at, ring_at=None)
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    case.status, case.closed_at, case.close_reason = status, at, reason
    case.save(update_fields=["status", "closed_at", "close_reason"])
    ended, _desks = end_grants(case, End.CLOSED, at=at)
    return Outcome(case, stream=case.pk, facts={"reason": CloseReason(reason), "grants_ended": ended})

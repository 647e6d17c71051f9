"""The end of a case's work, by closing it or by handing it over at the minimum: what must be done first, what ends."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.access import open_case
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.models import Case, CloseReason, DeadlineState, Lowering, ReportKind, Warning, WrittenReport
from cases.queues import outstanding
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid


def check_outstanding(case: Case, field: str) -> None:
    """Invalid while a warning, a referral, a report or who must be told is outstanding; says which."""
    if what := outstanding(case):
        raise Invalid(field, what)


def check_reports(case: Case, field: str) -> None:
    """Invalid while written reports were begun without the final one."""
    written = WrittenReport.objects.filter(case=case, at__gte=case.reopened_at or case.opened_at)
    reports = set(written.values_list("kind", flat=True))
    if reports and ReportKind.FINAL not in reports:
        raise Invalid(field, _("Written reports were begun; write the final one first."))


def goes_on_in(actor: Actor, case: Case, reference: str, permission: P, field: str) -> Case | None:
    """Another open case of this reference on which the actor works, in which a danger may go on, locked until the end
    of the transaction; None where there is none.

    Two files that end at one moment must not each go on in the other, so nobody waits here: Invalid while somebody
    changes the other one.
    """
    try:
        found = open_case(actor, reference.strip().upper(), permission)
    except Forbidden:
        return None
    if found.pk == case.pk:
        return None
    other = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=found.pk).first()
    if other is None:
        raise Invalid(field, _("Somebody is changing the other case at this moment: send this again."))
    return other if other.status != "closed" else None


def end_work(case: Case, *, at: datetime, but: Collection[str] = ()) -> None:
    """End the clocks, but some kinds, the warning and a proposed lowering."""
    ending = [ClockKind(clock.kind) for clock in _clocks.running(case) if clock.kind not in but]
    if ending:
        _clocks.stop(case, *ending, state=DeadlineState.VOID)
    Warning.objects.filter(case=case, ended_at=None).update(ended_at=at, ring_at=None)
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)


def close(case: Case, reason: CloseReason, *, at: datetime) -> None:
    """Close the case itself. WrongState where its state does not allow it."""
    case.status, case.closed_at, case.close_reason = CASE.next(case.status, "close"), at, reason
    case.save(update_fields=["status", "closed_at", "close_reason"])

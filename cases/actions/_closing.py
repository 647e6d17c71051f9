"""The end of a case's work, by closing it or by handing it over at the minimum: what must be done first, what ends."""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.access import open_case
from cases.actions import _clocks
from cases.actions._stubs import end_grants
from cases.clocks import CLOCK_TEXT, ClockKind
from cases.closing import OUTSTANDING, Way, closing_way
from cases.flow import CASE
from cases.models import Case, CloseReason, DeadlineState, Lowering, ReportKind, Transfer, Warning, WrittenReport
from cases.queues import running_clocks
from cases.tiers import Tier
from cases.transfer import End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid

REFERENCE = re.compile(r"ZS-[0-9A-Z]{4}-[0-9A-Z]{4}")


def outstanding(case: Case) -> str:
    """What must be done before this file may end, as a sentence; empty for nothing."""
    kinds = dict.fromkeys(ClockKind(clock.kind) for clock in running_clocks(case) if clock.kind in OUTSTANDING)
    what = gettext(", ").join(gettext(CLOCK_TEXT[kind]) for kind in kinds)
    return gettext("First: %(what)s. This is still outstanding.") % {"what": what} if what else ""


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


def named_in(note: str) -> list[str]:
    """The references of cases that a note names."""
    return REFERENCE.findall(note.upper())


def as_grave(other: Case, case: Case) -> bool:
    """Whether the other case stands at the tier of this one, or above."""
    return Tier(other.tier).rank <= Tier(case.tier).rank


def check_named(case: Case, note: str, field: str) -> None:
    """Invalid where none of the cases that a note names is open and as grave any more, whoever works on it; locked, as
    by goes_on_in."""
    with identity(GRANTS):
        rows = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(reference__in=named_in(note))
        found = any(as_grave(one, case) for one in rows.exclude(pk=case.pk).exclude(status="closed"))
    if not found:
        raise Invalid(field, _("The other case is closed by now, stands lower, or is being changed: look at it again."))


def check(case: Case, field: str) -> None:
    """Invalid while anything keeps a case open, whoever closes it."""
    check_outstanding(case, "case")
    if Transfer.objects.filter(case=case, state="asked").exists():
        raise Invalid(field, _("Another desk was asked to take this file over, and has not answered yet."))
    check_reports(case, field)


def end_work(case: Case, *, at: datetime, but: Collection[str] = ()) -> None:
    """End the clocks, but some kinds, the warning, and what was proposed to lower or to close."""
    ending = [ClockKind(clock.kind) for clock in _clocks.running(case) if clock.kind not in but]
    if ending:
        _clocks.stop(case, *ending, state=DeadlineState.VOID)
    Warning.objects.filter(case=case, ended_at=None).update(ended_at=at, ring_at=None)
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)


def ways(case: Case) -> dict[str, Way]:
    """How the case closes for each reason, as its record stands (cases/closing.py). What stands behind one since the
    case was last warned about, the database says, which holds everybody to it (cases/0029_closed_by_two)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_stands_behind(%s)", [case.pk])
        behind = frozenset(cursor.fetchone()[0])
    return {reason: closing_way(case.tier, reason, behind) for reason in CloseReason.values}


def end(
    case: Case,
    reason: CloseReason,
    *,
    at: datetime,
    proposal: Lowering | None = None,
    confirmed_by: int | None = None,
) -> int:
    """Close the case and all that runs on it, with the `proposal` by which two people do; how many grants ended."""
    close(case, reason, at=at)
    if proposal:  # confirmed once it is done
        proposal.confirmed_by_id, proposal.ended_at = confirmed_by, at
        proposal.save(update_fields=["confirmed_by", "ended_at"])
    end_work(case, at=at)
    return end_grants(case, End.CLOSED, at=at)[0]


def close(case: Case, reason: CloseReason, *, at: datetime) -> None:
    """Close the case itself. WrongState where its state does not allow it."""
    case.status, case.closed_at, case.close_reason = CASE.next(case.status, "close"), at, reason
    case.save(update_fields=["status", "closed_at", "close_reason"])

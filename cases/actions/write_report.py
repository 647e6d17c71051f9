"""Write a report (初报、续报、终报): generated from the record, completed by its author, frozen as it was sent."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._warning import warned_desk
from cases.clocks import ClockKind
from cases.models import Case, EntryKind, ReportKind, Section, WrittenReport
from cases.reporting import record_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.REPORT_WRITE)
def write_report(
    *, actor: Actor, case: Case, kind: ReportKind, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[WrittenReport]:
    """Freeze a report (`words`: summary, measures, next_steps) with the record as it stands, and start the next clock.

    Invalid for a first report after another one, a follow-up before the first, and anything after the final one; a
    case that was opened again begins with a first report again.
    """
    at, written = now(), list(WrittenReport.objects.filter(case=case).order_by("number"))
    earlier = [one for one in written if case.reopened_at is None or one.at >= case.reopened_at]
    if any(one.kind == ReportKind.FINAL for one in earlier):
        raise Invalid("kind", _("The final report of this case was written already."))
    if kind == ReportKind.FIRST and earlier:
        raise Invalid("kind", _("The first report was written already; write a follow-up report."))
    if kind == ReportKind.NEXT and not earlier:
        raise Invalid("kind", _("Write the first report before a follow-up report."))
    if not str(words.get("summary") or "").strip():
        raise Invalid("summary", _("Say in a few words how things stand."))
    sealed = {**words, "report": kind, "record": record_of(case)}
    entry = writer(case).entry(Section.PLAN, EntryKind.REPORT, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    number = len(written) + 1
    made = WrittenReport.objects.create(case=case, entry=entry, kind=kind, number=number, at=at, by_id=actor.person)
    _clocks.stop(case, ClockKind.REPORT, ClockKind.NEXT_REPORT)
    desk = warned_desk(case)
    if kind != ReportKind.FINAL and desk:
        _clocks.start(case, desk, ClockKind.NEXT_REPORT, step=number)
    return Outcome(made, stream=case.pk, facts={"kind": kind, "number": number})

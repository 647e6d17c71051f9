"""Report to the authorities (强制报告) on one of the nine grounds, with the receipt number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._warning import warned_desk
from cases.clocks import ClockKind
from cases.mandatory import Authority, Ground
from cases.models import Case, EntryKind, MandatoryReport, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.MANDATORY_REPORT)
def report_mandatory(
    *,
    actor: Actor,
    case: Case,
    ground: Ground,
    authority: Authority,
    words: Mapping[str, Any],
    at: datetime | None = None,
    desk_id: int | None = None,
) -> Outcome[MandatoryReport]:
    """Record a report (`words`: receipt_no, reported_to, note). Without a receipt number a clock asks for it.

    The ground is sealed with the words: it says what happened to a child. Source: Law on the Protection of Minors 11.
    """
    moment = now()
    at = at or moment
    if at > moment:
        raise Invalid("at", _("This moment lies ahead."))
    sealed = {**words, "ground": ground, "authority": authority}
    entry = writer(case).entry(Section.SEALED, EntryKind.MANDATORY, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    receipt = bool(str(words.get("receipt_no") or "").strip())
    made = MandatoryReport.objects.create(
        case=case, entry=entry, authority=authority, at=at, by_id=actor.person, receipt_at=moment if receipt else None
    )
    desk = warned_desk(case)
    if not receipt and desk:
        _clocks.start(case, desk, ClockKind.RECEIPT)
    return Outcome(made, stream=case.pk, facts={"authority": authority, "receipt": receipt})

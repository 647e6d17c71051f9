"""Note the receipt number of a mandatory report, and what the authority answered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.mandatory import Authority
from cases.models import Case, Entry, EntryKind, MandatoryReport, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.MANDATORY_REPORT)
def note_receipt(
    *, actor: Actor, case: Case, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[MandatoryReport]:
    """Seal the receipt number (`words`: receipt_no, note) of the oldest report without one, and stop its clock."""
    at = now()
    waiting = MandatoryReport.objects.filter(case=case, receipt_at=None).order_by("at").first()
    if waiting is None:
        raise WrongState(case.status, "note_receipt")
    if not str(words.get("receipt_no") or "").strip():
        raise Invalid("receipt_no", _("Enter the receipt number."))
    entry = writer(case).entry(Section.SEALED, EntryKind.MANDATORY, words, actor=actor, at=at, desk_id=desk_id)
    Entry.objects.bulk_create([entry])
    waiting.receipt_at = at
    waiting.save(update_fields=["receipt_at"])
    if not MandatoryReport.objects.filter(case=case, receipt_at=None).exists():
        _clocks.stop(case, ClockKind.RECEIPT)
    return Outcome(waiting, stream=case.pk, facts={"authority": Authority(waiting.authority)})

"""A sheet of paper that is entered: once, after it was printed, and with what happened apart from what was recorded."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Case, PaperSheet
from cases.paper_access import waiting_sheet
from cases.paper_number import PaperKind
from wellbeing.access.actor import Actor
from wellbeing.errors import Invalid
from wellbeing.moments import absolute
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a form says of the sheet that it was written on while the system was down; nothing, for most."""

    number: str = ""
    occurred_at: datetime | None = None


def taken(typed: str, kind: PaperKind, occurred: datetime | None, field: str, at: datetime) -> PaperSheet | None:
    """The sheet of the number, locked until it is entered; None where none was typed. `field` is the one that says when
    it happened. Raises Invalid as `waiting_sheet`, and where the sheet was not there yet, or nobody knows when."""
    if occurred and occurred > at:
        raise Invalid(field, _("This lies in the future."))
    if not typed.strip():
        return None
    sheet = waiting_sheet(typed, kind, lock=True)
    if occurred is None:
        raise Invalid(field, _("Write when it happened, as the sheet says."))
    if occurred < sheet.printed_at.replace(second=0, microsecond=0):
        raise Invalid(field, _("The sheet was printed only on {when}.").format(when=absolute(sheet.printed_at)))
    return sheet


def enter(sheet: PaperSheet | None, case: Case, *, actor: Actor, occurred: datetime | None, at: datetime) -> None:
    """Write on the sheet where it went."""
    if sheet and occurred:
        occurred = occurred.replace(second=0, microsecond=0)
        sheet.case, sheet.entered_by_id = case, actor.person
        sheet.occurred_at, sheet.entered_at = occurred, at
        sheet.save(update_fields=["case", "entered_by", "occurred_at", "entered_at"])


def enter_paper(case: Case, kind: PaperKind, on_paper: OnPaper | None, *, actor: Actor) -> None:
    """Check and enter at once, for what is written into a case that stands already. Raises Invalid for `paper` and
    `occurred_at` as `taken` does."""
    if on_paper:
        at = now()
        sheet = taken(on_paper.number, kind, on_paper.occurred_at, "occurred_at", at)
        enter(sheet, case, actor=actor, occurred=on_paper.occurred_at, at=at)

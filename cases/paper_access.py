"""Sheets of paper that a house has printed: which kinds somebody may print, what was printed, and where one went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from cases.models import Case, PaperSheet
from cases.paper_number import PaperKind, read, shown
from cases.sections import sees_reporter
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS
from wellbeing.errors import Forbidden, Invalid
from wellbeing.moments import absolute

MOST = 50  # sheets in one batch
BATCHES = 20
# Whoever does the thing with the system may do it on paper.
DOES = {
    PaperKind.CALL: (P.CALL_TAKE,),
    PaperKind.CONCERN: (P.CONCERN_REPORT,),
    PaperKind.REFERRAL: (P.REFERRAL_SUBMIT, P.CHANNEL_OPEN),
}


def roles_for(kind: PaperKind) -> tuple[str, ...]:
    """The roles that print and enter sheets of a kind."""
    return tuple(sorted({role for permission in DOES[kind] for role in RIGHTS[permission].roles}))


def my_kinds(actor: Actor) -> list[PaperKind]:
    """The kinds of sheets that the actor may print."""
    return [kind for kind in PaperKind if actor.post_as(*roles_for(kind))]


def batches(actor: Actor) -> list[dict[str, Any]]:
    """The last batches of the actor's desks, newest first: kind, when, first and last number, how many were entered."""
    rows = (
        PaperSheet.objects.filter(desk_id__in=actor.desks)
        .values("batch", "kind", "printed_at")
        .annotate(first=Min("pk"), last=Max("pk"), sheets=Count("pk"), entered=Count("entered_at"))
        .order_by("-printed_at", "-first")
    )
    return [{**row, "first": shown(row["first"]), "last": shown(row["last"])} for row in rows[:BATCHES]]


def batch_of(actor: Actor, batch: Any) -> list[PaperSheet]:
    """The sheets of a batch that one of the actor's desks has printed. Raises Forbidden, also for an unknown one."""
    found = list(
        PaperSheet.objects.filter(batch=batch, desk_id__in=actor.desks)
        .select_related("desk__organisation")
        .order_by("pk")
    )
    if not found:
        raise Forbidden
    return found


def entered(actor: Actor) -> QuerySet[PaperSheet]:
    """The sheets of the actor's desks that were entered, the last first."""
    found = PaperSheet.objects.filter(desk_id__in=actor.desks, entered_at__isnull=False)
    return found.select_related("entered_by").order_by("-entered_at")[:BATCHES]


def kind_of(number: str) -> PaperKind:
    """What kind of sheet of the actor's house has this number. Raises Forbidden, also for one of another house."""
    serial = read(number)
    sheet = PaperSheet.objects.filter(pk=serial).first() if serial is not None else None
    if sheet is None:
        raise Forbidden
    return PaperKind(sheet.kind)


def waiting_sheet(typed: str, kind: PaperKind, *, lock: bool = False) -> PaperSheet:
    """The sheet of a number that somebody typed, not entered yet. Raises Invalid for the field `paper`: a digit is
    wrong, it is not one of this house and kind, or it was entered before; then it says where it went."""
    serial = read(typed)
    if serial is None:
        raise Invalid("paper", _("This is no number of a sheet: look at the digits once more."))
    rows = PaperSheet.objects.select_for_update() if lock else PaperSheet.objects
    sheet = rows.filter(pk=serial, kind=kind).first()
    if sheet is None:
        raise Invalid("paper", _("Your house has printed no sheet of this kind with this number."))
    if sheet.entered_at:
        raise Invalid("paper", went_to(sheet, sheet.entered_at))
    return sheet


def went_to(sheet: PaperSheet, at: datetime) -> str:
    """Where a sheet went: when and by whom (a concern's is not said), and the case where the asker sees it."""
    if sheet.kind == PaperKind.CONCERN:  # of the house everybody may ask, and who entered it reported
        said = _("This sheet was entered before, on {when}.").format(when=absolute(at))
    else:
        said = _("This sheet was entered before, on {when} by {who}.").format(when=absolute(at), who=sheet.entered_by)
    case = case_of(sheet)
    return f"{said} {_('Case:')} {case.reference}" if case else said


def entered_by(actor: Actor, sheet: PaperSheet, case: Case | None) -> str:
    """Who entered a sheet, in words. Whoever enters a concern has reported it: she is named to herself, and to whoever
    is told of her there, by the `case` that the actor sees."""
    hers = sheet.entered_by_id == actor.id or (case is not None and sees_reporter(actor, case))
    return str(sheet.entered_by) if sheet.kind != PaperKind.CONCERN or hers else _("a reporter")


def cases_of(sheets: Iterable[PaperSheet]) -> dict[UUID, Case]:
    """The cases of some sheets, by their keys, as far as the asker sees them."""
    return {case.pk: case for case in Case.objects.filter(pk__in={one.case_id for one in sheets if one.case_id})}


def case_of(sheet: PaperSheet) -> Case | None:
    """The case of a sheet; None where the asker does not see it."""
    return Case.objects.filter(pk=sheet.case_id).first() if sheet.case_id else None

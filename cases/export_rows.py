"""What stands in an export of each sort: read through the doors of its page, in the language of the asker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import reveal_covers
from cases.campaign_access import reveal_roll
from cases.clocks import CLOCK_TEXT
from cases.covering import handover
from cases.display import band_text, tier_text
from cases.export_access import Rows
from cases.models.export import ExportSort
from cases.screening_access import open_batch
from cases.waiting_access import MOST, waiting_page
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.moments import absolute
from wellbeing.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Source:
    """A sort of export, and which one: the batch of a roll, a hand-over."""

    sort: ExportSort
    of: UUID | None = None

    @property
    def back(self) -> str:
        """The page that shows the same rows."""
        return reverse(PAGE_OF[self.sort], args=[self.of] if self.of else [])

    @property
    def title(self) -> str:
        return str(self.sort.label)


# Who may read the rows on their page may ask for them as a file.
READS = {
    ExportSort.INTERVIEWS: P.SCREENING_UPLOAD,
    ExportSort.ROLL: P.SCREENING_UPLOAD,
    ExportSort.HANDOVER: P.HANDOVER,
}
PAGE_OF = {ExportSort.INTERVIEWS: "interviews", ExportSort.ROLL: "roll", ExportSort.HANDOVER: "handover"}


def source(actor: Actor, code: str, permission: P) -> Source:
    """What an address names: `interviews`, `roll-ID`, `handover-ID`. Forbidden for another, and without the right to
    read its rows."""
    sort, dash, of = code.partition("-")
    try:
        found = Source(ExportSort(sort), UUID(of) if dash else None)
    except ValueError:
        raise Forbidden from None
    if (found.of is None) != (found.sort == ExportSort.INTERVIEWS):
        raise Forbidden
    if not may(actor, permission) or not may(actor, READS[found.sort]):
        raise Forbidden
    if found.sort == ExportSort.ROLL and found.of and open_batch(actor, found.of).state != "collecting":
        raise Forbidden
    if found.sort == ExportSort.HANDOVER and found.of and handover(actor, found.of) is None:
        raise Forbidden
    return found


def school_of(actor: Actor, found: Source) -> Organisation | None:
    """The school whose rows alone these are."""
    return open_batch(actor, found.of).school if found.sort == ExportSort.ROLL and found.of else None


def rows_of(actor: Actor, found: Source) -> Rows:
    """Its rows, read and recorded as on their page. Forbidden where that is."""
    return READ[found.sort](actor, found.of)


def _interviews(actor: Actor, _of: UUID | None) -> Rows:
    waiting, after = waiting_page(actor, lambda _row: True, limit=MOST)
    while after:
        more, after = waiting_page(actor, lambda _row: True, after, MOST)
        waiting += more
    names = reveal_covers(actor, [one.case for one in waiting])
    critical = {True: _("critical"), False: "", None: _("not open to you")}
    lines = [
        (
            names.get(one.case.pk, ""),
            one.case.reference,
            tier_text(one.case.tier),
            one.grade,
            "; ".join(f"{code.upper()} {band_text(band)}" for code, band in one.bands.items()),
            critical[one.standing.critical],
            one.before,
            one.planned_on.isoformat() if one.planned_on else "",
        )
        for one in waiting
    ]
    head = (
        *(_("Name"), _("Reference"), _("Tier"), _("Grade"), _("Result")),
        *(_("Critical item"), _("Flagged before"), _("Planned for")),
    )
    return Rows(str(ExportSort.INTERVIEWS.label), head, lines, [one.case.pk for one in waiting])


def _roll(actor: Actor, of: UUID | None) -> Rows:
    assert of is not None
    batch = open_batch(actor, of)
    read = reveal_roll(actor, batch)
    lines = [
        (words["grade"], words["class"], words["number"], words["name"], "" if one.answered_at else words["code"])
        for one, words in read
        if one.opted_out_at is None
    ]
    head = (_("Grade"), _("Class"), _("Student number"), _("Name of the student"), _("Code"))
    return Rows(str(ExportSort.ROLL.label), head, lines, school=batch.school)


def _handover(actor: Actor, of: UUID | None) -> Rows:
    found = handover(actor, of) if of else None
    if found is None or not may(actor, P.HANDOVER):
        raise Forbidden
    seen: list[Any] = found.seen  # type: ignore[attr-defined]
    lines = []
    for row in seen:
        clock = row.case.running[0] if row.case.running else None
        step = (_(CLOCK_TEXT[clock.kind]), absolute(clock.due_at)) if clock else (_("No clock runs."), "")
        lines.append((row.case.reference, tier_text(row.case.tier), *step))
    head = (_("Reference"), _("Tier"), _("Next step"), _("Due"))
    title = f"{ExportSort.HANDOVER.label} {found.reference}: {found.from_user} → {found.to_user}"
    return Rows(title, head, lines, [row.case_id for row in seen])


READ: dict[ExportSort, Callable[[Actor, UUID | None], Rows]] = {
    ExportSort.INTERVIEWS: _interviews,
    ExportSort.ROLL: _roll,
    ExportSort.HANDOVER: _handover,
}

"""Take the answers of a file that waits as counted from 1: one is taken off each, and the preview says what it does."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.actions._file import desks_of
from cases.actions.stage_screening import Tally, seal_rows
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import open_batch, open_figures, open_part
from cases.screening_file import Row
from cases.screening_from_one import counted, marked
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid

NO_SIGN = _("Nothing in this file shows that it counts from 1.")


@action(P.SCREENING_UPLOAD)
def recount_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """For the instruments in which nobody answered 0; the mapping keeps the choice.

    Raises Invalid where there is none, WrongState when it waits no more.
    """
    batch = open_batch(actor, batch_id, lock=True)
    batch.state = BATCH.next(batch.state, "recount_screening")
    figures = open_figures(batch)
    codes = figures.get("from_one") or []
    if not codes:
        raise Invalid("", NO_SIGN)
    mapping = marked(batch.instruments, counted(batch.instruments) | set(codes))
    parts = [open_part(batch, part) for part in batch.parts.order_by("number")]
    batch.parts.all().delete()
    batch.instruments = mapping
    tally = Tally(actor, batch, desks_of(actor, batch.school))
    seal_rows(tally, (_taken_off(row, codes) for part in parts for row in part), len(parts[0]), figures["titles"])
    batch.save(update_fields=["instruments"])
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})


def _taken_off(row: Row, codes: list[str]) -> Row:
    answers = {
        code: {item: value if value is None or code not in codes else value - 1 for item, value in given.items()}
        for code, given in row.answers.items()
    }
    return replace(row, answers=answers)

"""Drop a screening file that waits: nothing of it is imported, and what waited is destroyed."""

from __future__ import annotations

from uuid import UUID

from cases.actions.remind_screening import tell
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import end_batch_key, open_batch, open_figures
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post
from wellbeing.people.desks import NoDesk, city_desk, triage_desk


@action(P.SCREENING_UPLOAD)
def drop_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """End the file with its key; where a machine does it, because nobody confirmed it in time, whoever brought it is
    told. Where a person does, and its preview shows red or orange, her desk and the desk above are told at once: what
    was answered is destroyed, and nobody is warned about anybody. Raises WrongState once its import has begun: what is
    imported stays."""
    batch = open_batch(actor, batch_id, lock=True)
    grave = "" if actor.system else _gravest(batch)
    batch.state = BATCH.next(batch.state, "drop_screening")
    batch.parts.all().delete()
    end_batch_key(batch)
    batch.save(update_fields=["state", "sealed"])
    if actor.system:
        tell(batch, "screening_dropped")
    if grave:
        _tell_above(actor, batch, grave)
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})


def _gravest(batch: ScreeningBatch) -> str:
    """Red or orange where the file's own figures show anybody there, else empty. One whose columns nobody has named
    shows nothing yet."""
    tiers = open_figures(batch).get("tiers", {}) if batch.sealed is not None else {}
    return next((tier.value for tier in (Tier.RED, Tier.ORANGE) if tiers.get(tier.value)), "")


def _tell_above(actor: Actor, batch: ScreeningBatch, tier: str) -> None:
    """The county's triage, or the city where one of the county's own people did it; and the desk that brought it."""
    try:
        county = triage_desk(batch.division_id)
        above = county if county.pk not in actor.desks else city_desk()
    except NoDesk:
        above = None
    for desk in {above.pk if above else None, batch.desk_id} - {None}:
        post(
            kind="screening_danger_gone",
            target="screenings",
            desk_id=desk,
            tier=tier,
            dedupe_key=f"screening_danger_gone:{batch.pk}:{desk}",
        )

"""Remind of a screening file that waits to be confirmed: until then nobody is warned about anybody in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cases import clocks
from cases.clocks import ClockKind
from cases.models import PolicyVersion, ScreeningBatch
from cases.screening_access import open_batch, open_figures
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.people.desks import NoDesk, city_desk, triage_desk
from wellbeing.workdays import now

KIND, WAITING = "screening_waits", ("staged", "unmapped")


@action(P.SCREENING_IMPORT)
def remind_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """Tell whoever brought it and her desk, once; where its preview shows red or orange, the desk above as well, for
    those two may be one person who is away. What was answered in it stays unread while it waits."""
    batch = open_batch(actor, batch_id, lock=True)
    if batch.state in WAITING:
        tell(batch, KIND)
        tell_above(actor, batch, KIND, gravest(batch))
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})


def tell(batch: ScreeningBatch, kind: str) -> None:
    """A notice about a file to whoever brought it and to her desk; a machine's own file has neither."""
    for desk, user in ((batch.desk_id, None), (None, batch.made_by_id)):
        if desk or user:
            key = f"{kind}:{batch.pk}:{desk or ''}:{user or ''}"
            post(kind=kind, desk_id=desk, user_id=user, target="screenings", dedupe_key=key)


def gravest(batch: ScreeningBatch) -> str:
    """Red or orange where the file's own figures show anybody there, else empty. One whose columns nobody has named
    shows nothing yet."""
    tiers = open_figures(batch).get("tiers", {}) if batch.sealed is not None else {}
    return next((tier.value for tier in (Tier.RED, Tier.ORANGE) if tiers.get(tier.value)), "")


def tell_above(actor: Actor, batch: ScreeningBatch, kind: str, tier: str) -> None:
    """A notice about a file that shows danger to the county's triage, or to the city where the county's own people did
    it or brought it."""
    if not tier:
        return
    try:
        county = triage_desk(batch.division_id)
        above = city_desk() if county.pk in {*actor.desks, batch.desk_id} else county
    except NoDesk:
        return
    key = f"{kind}:{batch.pk}:above:{above.pk}"
    post(kind=kind, desk_id=above.pk, target="screenings", tier=tier, dedupe_key=key)


def forgotten() -> list[UUID]:
    """The files that nobody was reminded of and that have waited for a third of policy's hours, or for as long as an
    orange warning waits for its answer at most: there may be one in it. For a machine."""
    at, policy = now(), PolicyVersion.current().policy()
    rows = ScreeningBatch.objects.filter(state__in=WAITING, made_by__isnull=False)
    longest = timedelta(hours=policy.screening_wait_hours) / 3

    def waits(staged: datetime) -> bool:
        orange = clocks.due(ClockKind.ACKNOWLEDGE, Tier.ORANGE, staged, policy)
        return staged + longest <= at or (orange is not None and orange <= at)

    said = rows.values_list("pk", "made_by_id", "staged_at")
    keys = {f"{KIND}:{pk}::{user}": pk for pk, user, staged in said if waits(staged)}
    told = set(Notice.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return [pk for key, pk in keys.items() if key not in told]

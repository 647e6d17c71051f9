"""Take a draft that nobody logs one desk up: its owner and her desk first, then the supervisor, then the city."""

import logging
from uuid import UUID

from cases.actions import _notices
from cases.draft_access import open_due
from cases.drafts import again, comes_up
from cases.models import Draft, PolicyVersion
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post
from wellbeing.people.desks import NoDesk, bureau_desk, city_desk, desk_at, members
from wellbeing.people.models import Desk, Role
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")


@action(P.DRAFT_RAISE)
def raise_draft(*, actor: Actor, draft_id: UUID) -> Outcome[bool]:
    """Tell the next desk and let it see the draft; the last one is told again and again until it is logged.

    The first look goes to the owner and her own desk: she may still be on the line. False when it was logged meanwhile.
    """
    at, policy = now(), PolicyVersion.current().policy()
    draft = open_due(actor, draft_id)
    if draft is None or draft.due_at is None or not comes_up(draft.due_at, draft.flagged_at, at, policy):
        return Outcome(False, stream=draft_id)
    desks = _above(draft)
    up = desks[min(draft.level, len(desks)) - 1] if draft.level and desks else None
    draft.level, draft.due_at = draft.level + 1, again(at, draft.flagged_at, policy)
    draft.with_desk = up or draft.with_desk
    draft.save(update_fields=["level", "due_at", "with_desk"])
    if draft.case and draft.case.closed_at is None and up:  # whoever is to finish the sheet must see its open case
        grant(draft.case, to=up, origin=Origin.SUPERVISION, expires_at=at + OWNER_DAYS, by=actor)
    tier = Tier(draft.tier) if draft.tier else Tier.GREEN
    rings = [_notices.Ring(_notices.IN_APP, user_id=draft.owner_id)]
    told = up or draft.desk
    rings += _notices.desk_rings(told, on_duty(told.pk), tier, policy)
    blind = _last_resort(told, tier, policy) if up or not desks else []
    key = f"draft:{draft.pk.hex}:{draft.level}:{at.isoformat()}"  # the levels of one sheet may begin anew
    for ring in dict.fromkeys([*rings, *blind]):
        inside = ring.channel == _notices.IN_APP
        # Her own desk learns that there is one, not which, and so does the bureau.
        sees = ring not in blind and (up is not None or ring.user_id == draft.owner_id)
        post(
            kind="draft_waits",
            target=f"draft:{draft.pk.hex}" if inside and sees else "",
            tier=draft.tier if inside or policy.notice_colour else "",
            channel=ring.channel,
            desk_id=ring.desk_id,
            user_id=ring.user_id,
            dedupe_key=f"{key}:{ring.channel}:{ring.desk_id or ''}:{ring.user_id or ''}",
        )
    return Outcome(True, stream=draft.pk, facts={"level": draft.level, "desk": told.pk})


def _above(draft: Draft) -> list[Desk]:
    """The desks above the draft's own: its supervisors, where there are any today, and the city's duty, where somebody
    has set it up."""
    supervisor = desk_at(draft.desk.organisation_id, Role.HOTLINE_SUPERVISOR)
    known = [supervisor] if supervisor and supervisor.pk != draft.desk_id and members(supervisor.pk) else []
    try:
        return [*known, city_desk()]
    except NoDesk:
        log.error("a level of the ladder has no desk", extra={"codes": {"step": "city_centre"}})
        return known


def _last_resort(told: Desk, tier: Tier, policy: Policy) -> list[_notices.Ring]:
    """The bureau's duty leader, where nobody sits at the desk that a grave sheet came up to: it does not ring into an
    empty room."""
    if tier == Tier.GREEN or members(told.pk):
        return []
    try:
        desk = bureau_desk()
    except NoDesk:
        return []
    return _notices.desk_rings(desk, on_duty(desk.pk), tier, policy)

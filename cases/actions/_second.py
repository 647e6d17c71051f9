"""What takes a second person: the proposal, and whoever is asked to sign it. Used by lower_tier and close_case."""

from datetime import datetime

from cases.actions import _notices
from cases.actions._ladder import city_for
from cases.actions._warning import warned_desk
from cases.models import Case, Entry, Lowering, PolicyVersion
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.people.desks import members, triage_desk
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty


def propose(
    case: Case,
    entry: Entry,
    *,
    to: Tier,
    actor: Actor,
    at: datetime,
    close_reason: str = "",
    second: bool = True,
) -> Lowering:
    """Write the proposal in the place of any earlier one, and where it takes a `second` person ask for her: at the
    desk that was warned, or where nobody but the asker serves there today at the city's duty, which then works on the
    case."""
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    made = Lowering.objects.create(
        case=case,
        entry=entry,
        from_tier=case.tier,
        to_tier=to,
        close_reason=close_reason,
        proposed_by_id=actor.person,
        proposed_at=at,
    )
    if second:
        desk = _signs(case, actor)
        key, policy = f"lowering:{made.pk}", PolicyVersion.current().policy()
        kind = "confirm_closing" if close_reason else "confirm_lowering"
        _notices.tell_desk(kind, case, desk, on_duty(desk.pk), key=key, policy=policy)
    return made


def _signs(case: Case, actor: Actor) -> Desk:
    desk = warned_desk(case) or triage_desk(case.division_id)
    if set(members(desk.pk)) - {actor.id}:
        return desk
    return city_for(case, desk, actor=actor) or desk

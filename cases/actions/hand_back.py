"""Hand back (交回): whoever was covered for has her cases again, by a click or when the last day is over."""

from collections.abc import Iterable
from uuid import UUID

from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.covering import goes_along, may_back
from cases.models import Case, Handover, HandoverCase
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant, revoke, work_row
from wellbeing.access.machines import HANDOVER
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM, record, user_stream
from wellbeing.errors import Forbidden, WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.HANDOVER_BACK)
def hand_back(*, actor: Actor, handover_id: UUID) -> Outcome[Handover]:
    """Undo a hand-over: managers, clocks and grants as they were. A case for which somebody was named meanwhile stays
    with her, a closed one stays closed; where the first one has left, her desk has them without a manager. Where
    whoever covered has left meanwhile, they come back all the same. What the covering desk got since for another
    reason, a warning first of all, it keeps; where it keeps nothing, no clock stays there: nobody would see it.

    WrongState when they are back already; Forbidden for whoever may not hand back here (covering.may_back).
    """
    made = Handover.objects.select_for_update(of=("self",)).filter(pk=handover_id).first()
    if made is None or not (actor.system or may_back(actor, made)):
        raise Forbidden
    if made.ended_at:
        raise WrongState("ended", "hand_back")
    made.ended_at = now()
    made.save(update_fields=["ended_at"])
    with identity(HANDOVER):
        sits = made.desk_id in {post.desk_id for post in Actor.of(made.from_user).held}
        rows = {row.case_id: row for row in HandoverCase.objects.filter(handover=made)}
        cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=rows).order_by("pk"))
        for case in cases:
            _take_back(case, made, rows[case.pk], sits, actor)
    for case in cases:
        record(stream=case.pk, act=P.HANDOVER_BACK, actor=actor, facts={"desk": made.desk_id})
    post(kind="handed_back", user_id=made.from_user_id, target="handovers", dedupe_key=f"handed_back:{made.pk}")
    if made.to_user_id != actor.id:  # who covered learns that the cases are not hers any more
        post(kind="cover_over", user_id=made.to_user_id, target="handovers", dedupe_key=f"cover_over:{made.pk}")
    stream = SYSTEM_STREAM if actor.system else user_stream(actor.id)
    return Outcome(made, stream=stream, facts={"desk": made.desk_id, "cases": len(cases)})


def _take_back(case: Case, made: Handover, row: HandoverCase, sits: bool, actor: Actor) -> None:
    if case.status == "closed":
        return
    held = work_row(made.to_desk, case)
    anew = held is not None and held.granted_at > made.begun_at
    named = anew and held is not None and held.origin == Origin.MANAGER
    left = case.manager_id is None and work_row(made.desk, case) is not None  # whoever covered has left her desk
    if left or (case.manager_id == made.to_user_id and not named):
        case.manager_id = made.from_user_id if sits and not case.shut_to(made.desk.role) else None
        case.save(update_fields=["manager"])
        ended = made.until is None and work_row(made.desk, case) is None  # it went for good
        if ended and not case.shut_to(made.desk.role):
            grant(case, to=made.desk, origin=Origin.MANAGER, expires_at=now() + OWNER_DAYS, by=actor)
        _move_back(case, made, row.clocks.split())
    works = case.manager is not None and made.to_desk_id in {post.desk_id for post in Actor.of(case.manager).held}
    if row.granted and not anew and not works:
        revoke(case, holder=made.to_desk)
        _move_back(case, made, ClockKind)


def _move_back(case: Case, made: Handover, kinds: Iterable[str]) -> None:
    """The clocks of these kinds that run at the covering desk go on at the first one, but what no school can do; at the
    manager's where the first one works on the case no more."""
    of_manager = [post.desk for post in Actor.of(case.manager).held] if case.manager else []
    to = next((desk for desk in (made.desk, *of_manager) if work_row(desk, case)), made.desk)
    there = [clock for clock in _clocks.running(case) if clock.desk_id == made.to_desk_id and clock.kind in set(kinds)]
    back = [clock for clock in there if goes_along(ClockKind(clock.kind), made.to_desk, to)]
    _clocks.move(case, to, back, at=made.ended_at or now())

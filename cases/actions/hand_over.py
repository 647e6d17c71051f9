"""Hand over (移交、代管): all cases of a counsellor go to a colleague, for good or until a day."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases.actions import _clocks, _schools
from cases.clocks import ClockKind, end_of
from cases.covering import cases_of, check_handing, goes_along, may_hand
from cases.models import Case, Handover, HandoverCase
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant, work_row
from wellbeing.access.machines import HANDOVER
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now


@action(P.HANDOVER)
def hand_over(
    *, actor: Actor, desk: Desk, from_user: User, to_desk: Desk, to_user: User, until: date | None = None
) -> Outcome[Handover]:
    """Make the colleague the manager of every open case that `from_user` manages at the desk, and of those that nobody
    there manages. At another desk she gets it opened until the day, and the desk's clocks go on with her, but for those
    that only the county can stop.

    Whoever is away keeps nothing less than before: her desk holds its grants. To another school for good the case goes
    as by naming a manager there: the school before has no part in it any more (_schools). Forbidden for a desk that is
    not hers to hand over; Invalid for a colleague without a post there or at the actor's own desk where the cases are
    not of it, a day that is not ahead, nothing to hand over, or a cover that runs already.
    """
    if not may_hand(actor, desk):
        raise Forbidden
    check_handing(desk, from_user, to_desk, to_user, until)
    if desk.pk not in actor.desks and to_desk.pk in actor.desks:  # or one person would open a colleague's whole desk
        raise Invalid("to", _("Nobody brings another desk's cases to her own: its people do it, or the city centre."))
    at = now()
    made = Handover(
        desk=desk, from_user=from_user, to_desk=to_desk, to_user=to_user, by_id=actor.person, begun_at=at, until=until
    )
    made.save(force_insert=True)
    with identity(HANDOVER):
        cases = list(cases_of(from_user, desk).select_for_update(of=("self",)))
        if not cases:
            raise Invalid("whose", _("Nothing to hand over: no open case is managed there."))
        if any(case.shut_to(to_desk.role) for case in cases):
            raise Invalid("to", _("One of these cases is about a teacher, whose school stays out: choose the county."))
        HandoverCase.objects.bulk_create([_give(case, made, actor, at) for case in cases])
    facts = {"desk": to_desk.pk, "manager": to_user.pk}
    for case in cases:
        record(stream=case.pk, act=P.HANDOVER, actor=actor, facts=facts)
    post(kind="handover", user_id=to_user.pk, target="handovers", dedupe_key=f"handover:{made.pk}")
    if from_user.pk != actor.person:  # somebody does it for her
        post(kind="handover_away", user_id=from_user.pk, target="handovers", dedupe_key=f"handover_away:{made.pk}")
    return Outcome(made, stream=user_stream(actor.id), facts={**facts, "cases": len(cases)})


def _give(case: Case, made: Handover, actor: Actor, at: datetime) -> HandoverCase:
    """The case gets its new manager; another desk gets it opened, and the clocks of the first one."""
    case.manager_id = made.to_user_id
    case.save(update_fields=["manager"])
    if made.to_desk_id == made.desk_id:
        return HandoverCase(handover=made, case=case, granted=False)
    moved = [
        clock
        for clock in _clocks.running(case)
        if clock.desk_id == made.desk_id and goes_along(ClockKind(clock.kind), made.desk, made.to_desk)
    ]
    kinds = " ".join(clock.kind for clock in moved)
    _clocks.move(case, made.to_desk, moved, at=at)
    origin, end = (Origin.DUTY, end_of(made.until)) if made.until else (Origin.MANAGER, at + OWNER_DAYS)
    held = work_row(made.to_desk, case)  # what it holds for another reason must not end with this
    granted = held is None or (held.origin == Origin.DUTY and held.expires_at < end)
    before = [] if made.until else _schools.before(case, made.to_desk)
    if granted:
        grant(case, to=made.to_desk, origin=origin, expires_at=end, by=actor, at=at)
    _schools.end(case, before, to=made.to_desk, at=at)
    return HandoverCase(handover=made, case=case, granted=granted, clocks=kinds)

"""Propose somebody for a post; one that reaches no case is in force at once."""

from datetime import date

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._account import begin_post, note
from wellbeing.people.appointing import needs_two, refuse, refuse_twice
from wellbeing.people.models import AccountAct, Appointment, AppointmentState, Desk, PostKind, Role, User
from wellbeing.people.telling import tell_desks
from wellbeing.workdays import now


@action(P.POST_APPOINT, fresh=True)
def appoint(
    *,
    actor: Actor,
    account: User,
    desk: Desk,
    kind: PostKind,
    starts_on: date,
    ends_on: date | None,
    because: str,
) -> Outcome[Appointment]:
    """The post waits for the second person where there must be two. Raises Invalid by field."""
    refuse(account, desk, kind, starts_on, ends_on)
    refuse_twice(account, desk, starts_on, ends_on)
    note(actor, account, AccountAct.APPOINTED, because, desk)
    two = needs_two(desk.role)
    made = Appointment(
        user=account,
        desk=desk,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        because=because,
        state=AppointmentState.WAITING if two else AppointmentState.IN_FORCE,
        proposed_by_id=actor.person,
        proposed_at=now(),
    )
    if not two:
        made.post = begin_post(made)
    made.save(force_insert=True)
    if two:
        tell_desks(Role.SECURITY_ADMIN, kind="post_waits", target="appointments", key=str(made.pk))
    facts = {"appointment": made.pk, "desk": desk.pk, "two": two}
    return Outcome(made, stream=user_stream(account.pk), facts=facts)

"""Allow that a home is reached again, as the second person, or let the flag stand."""

from cases.actions import _clocks
from cases.actions._warning import warned_desk
from cases.clocks import ClockKind
from cases.models import Case, ContactStop, Telling
from cases.telling import Told, Whom
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, WrongState
from wellbeing.workdays import now


@action(P.CONTACT_ALLOW)
def allow_contact(*, actor: Actor, case: Case, allow: bool) -> Outcome[ContactStop]:
    """Lift the flag, or end the asking and let it stand. Where the guardian is still to be told, that clock begins.

    Forbidden to whoever asked; WrongState where nobody has.
    """
    stop = ContactStop.objects.select_for_update().filter(case=case, lifted_at=None).first()
    if stop is None or stop.asked_at is None:
        raise WrongState(case.status, "allow_contact")
    if stop.asked_by_id == actor.person:
        raise Forbidden
    if allow:
        stop.lifted_by_id, stop.lifted_at = actor.person, now()
        stop.save(update_fields=["lifted_by", "lifted_at"])
        _tell_again(case)
    else:
        stop.asked_by = stop.asked_at = None
        stop.save(update_fields=["asked_by", "asked_at"])
    return Outcome(stop, stream=case.pk, facts={"allowed": allow})


def _tell_again(case: Case) -> None:
    told = Telling.objects.filter(case=case, whom=Whom.GUARDIAN, told=Told.TOLD).exists()
    desk = warned_desk(case)
    if desk and not told and not case.school_apart and case.status != "closed":
        _clocks.start(case, desk, ClockKind.TELL_GUARDIAN)

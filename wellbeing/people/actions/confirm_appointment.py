"""Confirm a proposed post as the second person: from now on it exists."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.actions._account import begin_post, note
from wellbeing.people.appointing import refuse
from wellbeing.people.models import AccountAct, Appointment, AppointmentState
from wellbeing.workdays import now


@action(P.POST_CONFIRM, fresh=True)
def confirm_appointment(*, actor: Actor, appointment: Appointment, because: str) -> Outcome[Appointment]:
    """By somebody other than who proposed it and whom it is for. Raises Forbidden, Invalid, and WrongState when it was
    decided before."""
    decide(actor, appointment, AppointmentState.IN_FORCE)
    starts_on = max(appointment.starts_on, now().date())
    if appointment.ends_on is not None and appointment.ends_on < starts_on:
        raise Invalid("", _("Its last day has passed: decline it."))
    refuse(appointment.user, appointment.desk, appointment.kind, starts_on, appointment.ends_on)
    appointment.starts_on = starts_on
    note(actor, appointment.user, AccountAct.CONFIRMED, because, appointment.desk)
    appointment.post = begin_post(appointment)
    appointment.save(update_fields=["state", "starts_on", "post", "decided_by", "decided_at"])
    facts = {"appointment": appointment.pk, "post": appointment.post.pk, "desk": appointment.desk_id}
    return Outcome(appointment, stream=user_stream(appointment.user_id), facts=facts)


def decide(actor: Actor, appointment: Appointment, state: AppointmentState) -> None:
    """Note the second person's decision, unsaved. Raises Forbidden for the first one, WrongState."""
    if actor.id in (appointment.user_id, appointment.proposed_by_id):
        raise Forbidden
    if appointment.state != AppointmentState.WAITING:
        raise WrongState(appointment.state, "confirm_appointment")
    appointment.state, appointment.decided_by_id, appointment.decided_at = state, actor.person, now()

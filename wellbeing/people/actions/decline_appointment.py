"""Decline a proposed post as the second person, with the reason."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._account import note
from wellbeing.people.actions.confirm_appointment import decide
from wellbeing.people.models import AccountAct, Appointment, AppointmentState


@action(P.POST_CONFIRM, fresh=True)
def decline_appointment(*, actor: Actor, appointment: Appointment, because: str) -> Outcome[Appointment]:
    """Nothing comes of it. Raises Forbidden, Invalid without a reason, WrongState."""
    decide(actor, appointment, AppointmentState.DECLINED)
    note(actor, appointment.user, AccountAct.DECLINED, because, appointment.desk)
    appointment.save(update_fields=["state", "decided_by", "decided_at"])
    facts = {"appointment": appointment.pk, "desk": appointment.desk_id}
    return Outcome(appointment, stream=user_stream(appointment.user_id), facts=facts)

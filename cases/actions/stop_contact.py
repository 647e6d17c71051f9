"""Do not contact (勿联系): from now on nothing of this case reaches the person's home, nor the person there."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case, ContactStop, DeadlineState, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now

# Clocks that press somebody to reach the home. Call-backs and the contact while on leave go on: they come up to a
# supervisor, who finds another way.
AT_HOME = (ClockKind.TELL_GUARDIAN, ClockKind.SECOND_TALK, ClockKind.HOME_WATCH)


@action(P.CONTACT_STOP)
def stop_contact(*, actor: Actor, case: Case, because: str, desk_id: int | None = None) -> Outcome[ContactStop]:
    """Anybody who works on the case sets it, alone and at once; the reason is sealed with what is known of the home.
    Invalid without a reason, WrongState where it stands already."""
    at = now()
    if not because.strip():
        raise Invalid("because", _("Write why: whoever wants to call the home will read it."))
    if ContactStop.objects.filter(case=case, lifted_at=None).exists():
        raise WrongState(case.status, "stop_contact")
    words = {"because": because.strip()}
    entry = writer(case).entry(Section.GUARDIAN, EntryKind.CONTACT, words, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = ContactStop.objects.create(case=case, entry=entry, set_by_id=actor.person, set_at=at)
    ended = _clocks.stop(case, *AT_HOME, state=DeadlineState.VOID)
    return Outcome(made, stream=case.pk, facts={"clocks": len(ended)})

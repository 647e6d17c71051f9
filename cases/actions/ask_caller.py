"""Ask for the number of a caller: two desks are told, and one other person must confirm."""

from django.utils.translation import gettext_lazy as _

from cases.caller_access import number_of
from cases.models import CallerAsk, CallerReason, Case
from cases.second_person import fresh, waits
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import city_desk, desk_at
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.CALLER_ASK)
def ask_caller(*, actor: Actor, case: Case, why: str) -> Outcome[CallerAsk]:
    """Invalid where no number is kept any more, and while an earlier asking of the actor's waits."""
    number = number_of(case)
    if number is None:
        raise Invalid("why", _("No number is kept of this caller, or its time is over."))
    earlier = CallerAsk.objects.filter(number=number, by_id=actor.id).order_by("-at").first()
    if earlier and earlier.read_at is None and (waits(earlier) or fresh(earlier.confirmed_at)):
        raise Invalid("why", _("You have asked already; somebody else must confirm it."))
    ask = CallerAsk(number=number, case=case, reference=case.reference, why=CallerReason(why))
    ask.by_id, ask.at = actor.person, now()
    ask.save(force_insert=True)
    supervisors = desk_at(number.call.desk.organisation_id, Role.HOTLINE_SUPERVISOR)
    desks = {desk.pk for desk in (supervisors, city_desk()) if desk}
    for desk in desks:
        post(kind="caller_asked", desk_id=desk, target="callers", dedupe_key=f"caller:{ask.pk}:{desk}")
    return Outcome(ask, stream=case.pk, facts={"why": CallerReason(why), "ask": ask.pk, "desks": tuple(sorted(desks))})

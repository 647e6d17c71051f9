"""Plan by a pattern: the same weekdays and slots, week after week, persons taking turns. All of it or nothing."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk
from wellbeing.rota.actions import _desk
from wellbeing.rota.actions.plan_shift import FARTHEST, TYPING
from wellbeing.rota.models import Shift
from wellbeing.rota.pattern import MOST_WEEKS, Pattern, Planned, clashes
from wellbeing.rota.planning import names, taken, without_post
from wellbeing.rota.spoken import spoken
from wellbeing.workdays import now


@action(P.ROTA_PLAN)
def plan_week(*, actor: Actor, desk: Desk, pattern: Pattern) -> Outcome[list[Shift]]:
    """Put the persons of a pattern on duty; shifts of the first day that have begun already are left out.

    Raises Invalid, beside `person_N` counted from 1 where it is about one person.
    """
    _desk.lock_to_plan(actor, desk.pk)
    _refuse(pattern)
    at = now()
    if pattern.first_day < at.date():
        raise Invalid("first_day", _("The first day lies in the past."))
    if pattern.first_day > (at + FARTHEST).date():
        raise Invalid("first_day", _("A rota is planned for a year ahead at most."))
    shifts = [one for one in pattern.shifts() if one.starts_at >= at - TYPING]
    if not shifts:
        raise Invalid("first_day", _("No shift of this pattern is still to come."))
    if one := next(iter(clashes(shifts)), None):
        raise _about(pattern, one, _("{name} would be on duty twice: {time}."))
    if one := without_post(desk.pk, shifts):
        raise _about(pattern, one, _("{name} has no running post at this desk, or is on leave: {time}."))
    if one := taken(desk.pk, shifts):
        raise _about(pattern, one, _("{name} is on duty at this desk already: {time}."))
    made = Shift.objects.bulk_create(
        Shift(
            desk=desk,
            user_id=one.user_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            planned_by_id=actor.person,
            planned_at=at,
        )
        for one in shifts
    )
    facts = {
        "desk": desk.pk,
        "shifts": len(made),
        "persons": list(pattern.persons),
        "starts_at": shifts[0].starts_at,
        "ends_at": max(one.ends_at for one in shifts),
    }
    return Outcome(made, stream=_desk.stream(desk.pk), facts=facts)


def _refuse(pattern: Pattern) -> None:
    """What is wrong with a pattern in itself."""
    if not 1 <= pattern.weeks <= MOST_WEEKS:
        raise Invalid("weeks", _("From 1 to {most} weeks at once.").format(most=MOST_WEEKS))
    if not pattern.weekdays:
        raise Invalid("weekdays", _("Choose at least one weekday."))
    if not pattern.slots:
        raise Invalid("starts_1", _("Give the hours of at least one shift."))
    if not pattern.persons:
        raise Invalid("person_1", _("Choose at least one person."))
    for number, person in enumerate(pattern.persons, 1):
        if person in pattern.persons[: number - 1]:
            raise Invalid(f"person_{number}", _("The same person stands here twice."))


def _about(pattern: Pattern, one: Planned, text: str) -> Invalid:
    name = names([one.user_id]).get(one.user_id, _("Somebody unknown"))
    number = pattern.persons.index(one.user_id) + 1
    return Invalid(f"person_{number}", text.format(name=name, time=spoken(*one.span)))

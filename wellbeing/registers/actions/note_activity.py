"""Note an activity of the city's centre: training or supervision given, a public event or class held."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.registers.actions._texts import checked
from wellbeing.registers.kinds import HOURS_MOST, REACHED_MOST, ActivityKind
from wellbeing.registers.models import Activity
from wellbeing.workdays import now


@action(P.ACTIVITY_NOTE)
def note_activity(
    *, actor: Actor, kind: ActivityKind, title: str, held_on: date, hours: Decimal, reached: int
) -> Outcome[Activity]:
    """`hours` of all meetings together, `reached` people who took part. Raises Invalid by field."""
    at, post = now(), actor.post_as(Role.CITY_DUTY)
    assert post is not None  # may() has seen the post
    title = checked("title", title)
    if held_on > at.date():
        raise Invalid("held_on", _("Only what has been held is noted."))
    if not 0 < hours <= HOURS_MOST:
        raise Invalid("hours", _("More than 0 and at most %(most)s hours.") % {"most": HOURS_MOST})
    if not 0 < reached <= REACHED_MOST:
        raise Invalid("reached", _("Between 1 and %(most)s people.") % {"most": REACHED_MOST})
    made = Activity.objects.create(
        organisation_id=post.organisation_id,
        division_id=post.division,
        kind=kind,
        title=title,
        held_on=held_on,
        hours=hours,
        reached=reached,
        noted_at=at,
        noted_by_id=actor.person,
    )
    return Outcome(made, stream=made.pk, facts={"kind": made.kind, "day": held_on.toordinal()})

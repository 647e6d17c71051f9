"""Publish the open places of a week (号源): triage sees them beside its queue."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from referrals.models import Slot
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Desk
from wellbeing.workdays import now

MOST = 400


@action(P.SLOTS_PUBLISH)
def publish_slots(*, actor: Actor, desk: Desk, times: Sequence[datetime], places: int = 1) -> Outcome[int]:
    """Add `places` at each time to the actor's own desk; what is there already stays. Returns how many were added.

    Invalid for no time, one in the past, or too many at once. Forbidden for another desk.
    """
    if desk.pk not in actor.desks:
        raise Forbidden
    if not times:
        raise Invalid("days", _("Choose at least one day and time."))
    if min(times) <= now():
        raise Invalid("days", _("These times have begun already."))
    if len(times) * places > MOST:
        raise Invalid("places", _("Too many at once: publish at most four hundred places."))
    rows = [Slot(desk=desk, starts_at=at, place=place) for at in times for place in range(1, places + 1)]
    before = Slot.objects.filter(desk=desk).count()
    Slot.objects.bulk_create(rows, ignore_conflicts=True)
    added = Slot.objects.filter(desk=desk).count() - before
    return Outcome(added, stream=user_stream(actor.person), facts={"desk": desk.pk, "places": added})

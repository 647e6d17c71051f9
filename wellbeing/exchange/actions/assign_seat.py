"""Say who sits at a seat of the exchange (坐席), from a day on."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.exchange.events import SHORT
from wellbeing.exchange.models import Seat
from wellbeing.exchange.seats import counsellors
from wellbeing.people.access import supervised
from wellbeing.workdays import now


@action(P.SEAT_ASSIGN)
def assign_seat(*, actor: Actor, seat: str, counsellor: int, since: datetime | None = None) -> Outcome[Seat]:
    """From `since`, now when empty and never later; whoever sat there before leaves it then. Who took earlier calls
    stays as it was.

    Invalid for a seat that the exchange could not name, for somebody of another house, and for a moment before the one
    who sits there came.
    """
    hotline, seat, at = supervised(actor, P.SEAT_ASSIGN), seat.strip(), now()
    since = since or at
    if since > at:
        raise Invalid("since", _("This lies in the future."))
    if not seat or not SHORT.fullmatch(seat):
        raise Invalid("seat", _("Write the seat as the exchange names it: digits or letters, such as 8001."))
    if counsellor not in {one.pk for one in counsellors(hotline)}:
        raise Invalid("counsellor", _("Choose somebody who has a post at this hotline."))
    with connection.cursor() as cursor:  # two sayings about one seat wait for each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('exchange_seat'), hashtext(%s))", [f"{hotline}{seat}"])
    last = Seat.objects.select_for_update().filter(hotline_id=hotline, seat=seat).order_by("-since").first()
    if last and (last.since >= since or (last.until and last.until > since)):
        raise Invalid("since", _("Somebody is entered at this seat until later than this."))
    if last and last.until is None:
        last.until = since
        last.save(update_fields=["until"])
    made = Seat(hotline_id=hotline, seat=seat, counsellor_id=counsellor, since=since, by_id=actor.person, at=at)
    made.save(force_insert=True)
    return Outcome(made, stream=user_stream(actor.id), facts={"person": counsellor})

"""Send a hotline's yearly return back to its supervisor, with the reason; a confirmed one leaves the annual report."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Role
from wellbeing.registers.actions._texts import checked
from wellbeing.registers.flow import YEAR
from wellbeing.registers.models import HotlineYear


@action(P.YEAR_CONFIRM)
def send_back_year(*, actor: Actor, hotline_year: HotlineYear, because: str) -> Outcome[HotlineYear]:
    """The supervisor is told. Raises Invalid without a reason, WrongState where it was sent back already."""
    hotline_year.state = YEAR.next(hotline_year.state, "send_back_year")
    hotline_year.note = checked("because", because)[:200]
    hotline_year.confirmed_at = hotline_year.confirmed_by = None
    hotline_year.save(update_fields=["state", "note", "confirmed_at", "confirmed_by"])
    desk = desk_at(hotline_year.hotline_id, Role.HOTLINE_SUPERVISOR)
    if desk is not None:
        key = f"year_sent_back:{hotline_year.pk}:{hotline_year.filled_at.isoformat()}"  # once per filling in
        post(kind="year_sent_back", target="hotline_years", desk_id=desk.pk, dedupe_key=key)
    return Outcome(hotline_year, stream=hotline_year.pk, facts={"year": hotline_year.year})

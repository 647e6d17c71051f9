"""Ask about a caller who perhaps has an open case elsewhere: the hotline's supervisor, and who took an earlier call."""

from django.utils.translation import gettext as _

from cases.actions._notices import sees
from cases.caller_access import known_elsewhere
from cases.models import Call, PolicyVersion
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Role
from wellbeing.workdays import now

HOTLINE = {Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR}


@action(P.CALLER_CONSULT)
def ask_about_caller(*, actor: Actor, number: str) -> Outcome[None]:
    """Whoever took an earlier call is led to her own case, the supervisor to the live desks; the actor learns what they
    answer, and nothing here. A colleague of a school or a county is not told, nor whoever has gone there since or holds
    the case no more: that somebody calls is the hotline's. Once an hour for each case. Invalid where nobody can be
    asked."""
    seat = actor.post_as(Role.HOTLINE_COUNSELLOR) or actor.post_as(Role.HOTLINE_SUPERVISOR)
    if seat is None:
        raise Forbidden
    at = now()
    known = known_elsewhere(actor, number, at, PolicyVersion.current().policy().caller_days)
    if not known:
        raise Invalid("caller_number", _("No other open case of this number is known: there is nobody to ask."))
    for call in known:
        if not _answers(call):
            continue
        key = f"consult:{call.case_id}:{actor.id}:{at:%Y%m%d%H}"
        target = f"case:{call.case.reference}"
        post(kind="caller_here", user_id=call.counsellor_id, target=target, tier=call.case.tier, dedupe_key=key)
    if supervisors := desk_at(seat.organisation_id, Role.HOTLINE_SUPERVISOR):
        key = f"consult:{actor.id}:{known[0].case_id}:{at:%Y%m%d%H}"
        post(kind="caller_consult", desk_id=supervisors.pk, target="live_desks", dedupe_key=key)
    return Outcome(None, stream=user_stream(actor.id), facts={"cases": tuple(call.case_id for call in known)})


def _answers(call: Call) -> bool:
    """Whether whoever took a call serves at the hotline today and sees its case."""
    serves = HOTLINE & Actor.of(call.counsellor).roles
    return bool(serves) and sees(call.counsellor, call.case)

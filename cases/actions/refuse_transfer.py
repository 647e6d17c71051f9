"""Send a transfer back (退回移交) with a reason: the file stays where it is, and so does who answers for it."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _notices, _transfer
from cases.clocks import ClockKind
from cases.models import Case, Entry, EntryKind, PolicyVersion, Section, Transfer
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke, work_of
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.desks import triage_desk
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.TRANSFER_ANSWER)
def refuse_transfer(*, actor: Actor, case: Case, because: str) -> Outcome[Transfer]:
    """Say no and why; the asking desk is told, the refusing one sees the case no longer. Invalid without a reason."""
    transfer, state = _transfer.asked(case, "refuse_transfer", actor)
    if not because.strip():
        raise Invalid("because", _("Write why you send it back: the desk that asked must be able to act on it."))
    at = now()
    entry = writer(case).entry(
        Section.PLAN, EntryKind.TRANSFER, {"refused": because}, actor=actor, at=at, desk_id=transfer.to_desk_id
    )
    Entry.objects.bulk_create([entry])
    transfer.state, transfer.answered_by_id, transfer.answered_at = state, actor.person, at
    transfer.save(update_fields=["state", "answered_by", "answered_at"])
    with identity(GRANTS):  # where the school that asked has no part in it any more, its county is told
        asked = _transfer.sees(transfer.from_desk, case)
    desk = transfer.from_desk if asked else triage_desk(case.division_id)
    policy = PolicyVersion.current().policy()
    _notices.tell_desk(
        "transfer_refused", case, desk, on_duty(desk.pk), key=f"transfer_refused:{transfer.pk}", policy=policy
    )
    with identity(GRANTS):
        _clocks.stop(case, ClockKind.TRANSFER, at=at)
        if not work_of(transfer.to_desk, case):  # it saw the case only to answer
            revoke(case, holder=transfer.to_desk)
    facts = {"from_desk": transfer.from_desk_id, "to_desk": transfer.to_desk_id}
    return Outcome(transfer, stream=case.pk, facts=facts)

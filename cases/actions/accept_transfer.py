"""Take a file over (接收移交): sealed anew under the division's key, clocks and grants with it, all or nothing.

With a minimum hand-over the file stays: the desk opens one of its own with the few fields it was sent."""

from datetime import datetime

from django.db import connection

from cases.actions import _clocks, _handover, _leave, _notices, _transfer
from cases.actions._stubs import HOTLINE, end_grants, serves
from cases.clocks import ClockKind
from cases.going import goes
from cases.models import (
    Attachment,
    Case,
    Deadline,
    Entry,
    Lowering,
    PolicyVersion,
    ScreeningFlag,
    ScreeningResult,
    Transfer,
    Warning,
)
from cases.moving import seal_anew
from cases.transfer import Basis, End, Scope
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk, Role, User
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now

# Desks of the whole city serve the new county as they served the old one: they keep their grants, and the hotline its
# call-backs, which nobody else makes.
CITYWIDE = HOTLINE | {Role.CITY_DUTY}


@action(P.TRANSFER_ANSWER)
def accept_transfer(*, actor: Actor, case: Case) -> Outcome[Case]:
    """Move the file to the actor's desk: from this moment it is responsible, and the old desks keep a stub.

    Every clock of a whole file keeps its due time, and an open leave goes on there. The case that the desk now has: of
    a minimum hand-over a new one. Invalid while something keeps the file where it is, WrongState if nothing was asked.
    """
    transfer, state = _transfer.asked(case, "accept_transfer", actor)
    scope = Scope(transfer.scope)
    _transfer.check_free(case, "confirm", scope)
    at, to = now(), transfer.to_desk
    transfer.state, transfer.answered_by_id, transfer.answered_at = state, actor.person, at
    mine, facts = case, dict[str, int]()
    if scope == Scope.MINIMUM:
        mine = _handover.open_anew(case, transfer, actor=actor, at=at)
        transfer.save(update_fields=["state", "answered_by", "answered_at"])
        ended, lost = _handover.end_old(case, transfer, actor=actor, at=at)
    else:
        facts, ended, lost = _move(case, transfer, actor=actor, at=at)
    _tell(mine, transfer, lost)
    said = {"basis": Basis(transfer.basis), "scope": scope, "from_desk": transfer.from_desk_id, "to_desk": to.pk}
    return Outcome(mine, stream=case.pk, facts={**said, **facts, "grants_ended": ended})


def _move(case: Case, transfer: Transfer, *, actor: Actor, at: datetime) -> tuple[dict[str, int], int, list[Desk]]:
    """Move the whole file: what was sealed anew, how many grants ended, and the desks that lost it."""
    to = transfer.to_desk

    def stays(holder: Desk | User) -> bool:
        return holder == to or serves(case, holder, CITYWIDE)

    ended, lost = end_grants(case, End.TRANSFERRED, at=at, to=to, stays=stays)
    goes(case, stays)
    with identity(GRANTS):
        grant(case, to=to, origin=Origin.TRIAGE, expires_at=at + OWNER_DAYS, by=actor, at=at)
    transfer.moved_in = _this_transaction()
    transfer.save(update_fields=["state", "answered_by", "answered_at", "moved_in"])
    facts = _move_words(case, to) if case.division_id != to.organisation.division_id else {}
    _move_work(case, to, at)
    _leave.file_moves(case, to, actor=actor)
    return facts, ended, lost


def _move_words(case: Case, to: Desk) -> dict[str, int]:
    """Write every envelope as it is sealed for the new division; the person leaves her old school's list, and her
    results go on in the new division's."""
    division = to.organisation.division_id
    anew = seal_anew(case, division)
    Entry.objects.bulk_update(anew.entries, ["sealed"], batch_size=100)
    Attachment.objects.bulk_update(anew.files, ["sealed"], batch_size=100)
    for result in anew.results:
        result.desk = to
    ScreeningResult.objects.bulk_update(anew.results, ["sealed", "desk", "row_key"], batch_size=100)
    person = anew.person
    person.division_id, person.desk = division, None
    person.save(update_fields=["sealed", "division", "desk", "student_index"])
    case.division_id = division
    case.save(update_fields=["cover", "division"])
    return {"entries": len(anew.entries), "results": len(anew.results)}


def _move_work(case: Case, to: Desk, at: datetime) -> None:
    """The clocks, the warning, an interview that waits and the ownership; the desk names a manager anew, and a
    proposed lowering ends."""
    _clocks.stop(case, ClockKind.TRANSFER, at=at)
    _clocks.move(case, to, [clock for clock in _clocks.running(case) if not _stays(clock)], at=at)
    Warning.objects.filter(case=case, ended_at=None).update(desk=to)
    ScreeningFlag.objects.filter(case=case, outcome="").update(desk=to, planned_on=None)
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    case.manager = None
    if case.owner_desk.role not in HOTLINE:
        case.owner_desk = to
    case.save(update_fields=["manager", "owner_desk"])


def _stays(clock: Deadline) -> bool:
    """The hotline's call-backs, and an appeal that the city decides."""
    return clock.desk.role in HOTLINE or (clock.kind == ClockKind.APPEAL and clock.desk.role == Role.CITY_DUTY)


def _tell(case: Case, transfer: Transfer, lost: list[Desk]) -> None:
    """Tell the desk that has it now, and those that lost it; their notice leads nowhere any more."""
    policy = PolicyVersion.current().policy()
    for desk in (transfer.to_desk, *lost):
        key = f"transfer_accepted:{transfer.pk}:{desk.pk}"
        mine = desk == transfer.to_desk
        kind = "transfer_taken" if mine else "transfer_accepted"
        _notices.tell_desk(kind, case, desk, on_duty(desk.pk), key=key, policy=policy, target=mine)


def _this_transaction() -> int:
    """The database's number of this transaction: the wall lets envelopes be changed in it, and in no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        number: int = cursor.fetchone()[0]
    return number

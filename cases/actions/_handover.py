"""Accept a minimum hand-over: a new file with the fields of the template, and the end of the old one. Used by
accept_transfer only, in its transaction."""

from datetime import datetime

from cases import handover
from cases.access import machine_writer
from cases.actions import _clocks, _closing
from cases.actions._opening import open_file
from cases.actions._stubs import HOTLINE, end_grants, serves
from cases.actions._warning import warn
from cases.clocks import ClockKind
from cases.contact_access import stop_of
from cases.models import Case, Channel, CloseReason, ContactStop, Entry, EntryKind, Section, Successor, Transfer
from cases.moving import reveal_asked
from cases.telling import Known
from cases.tiers import Tier
from cases.transfer import End, Scope
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, revoke, work_of
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.audit.record import record
from wellbeing.people.models import Desk


def open_anew(case: Case, transfer: Transfer, *, actor: Actor, at: datetime) -> Case:
    """Open a case at the receiving desk, at the tier of the old one now, and warn as for any other.

    It holds one entry with the template's fields, has a person of its own, and names nothing of the old file; that both
    are of one person only machines know. That a
    teacher's school stays out goes along, for it protects her.
    """
    to, tier = transfer.to_desk, Tier(case.tier)
    words = {**handover.template(reveal_asked(actor, transfer)), "tier": tier}
    made, write = open_file(
        actor=actor,
        owner=to,
        desk_id=to.pk,
        division=to.organisation.division_id,
        channel=Channel.TRANSFER,
        tier=tier,
        at=at,
        until=at + OWNER_DAYS,
        identity={code: words[code] for code in handover.IDENTITY if code in words},
        school_apart=case.school_apart,
    )
    entry = write.entry(Section.PLAN, EntryKind.TRANSFER, words, actor=actor, at=at, desk_id=to.pk)
    entry.save(force_insert=True)
    _keep_shut(case, made)
    warn(made, actor=actor, known=Known(teacher=case.school_apart), at=at)
    with identity(GRANTS):
        Successor.objects.create(case=case, opened=made, at=at)
    record(stream=made.pk, act=P.TRANSFER_ANSWER, actor=actor, facts={"scope": Scope.MINIMUM, "tier": tier})
    return made


def _keep_shut(case: Case, made: Case) -> None:
    """Whose home must not be reached there, must not be reached from here either; why stays in the old file."""
    stop = stop_of(case.person_id)
    if stop is not None:
        with identity(GRANTS):
            ContactStop.objects.create(case=made, set_by_id=stop.set_by_id, set_at=stop.set_at)


def end_old(case: Case, transfer: Transfer, *, actor: Actor, at: datetime) -> tuple[int, list[Desk]]:
    """Close the old file as transferred, each holder keeping a stub; how many grants ended, and the desks that lost it.

    While the hotline has call-backs to make, the file stays open for the hotline alone: the number to call is in it,
    and goes nowhere. As a machine: the receiving desk only sees the file, and may write nothing into it but the note.
    """
    keeps = bool(_clocks.running(case, ClockKind.CALLBACK))
    if not keeps:
        words = {"reason": CloseReason.TRANSFERRED_OUT}
        with identity(GRANTS):
            note = machine_writer(case).entry(Section.PLAN, EntryKind.CLOSING, words, actor=actor, at=at)
            Entry.objects.bulk_create([note])
    with identity(GRANTS):
        _clocks.stop(case, ClockKind.TRANSFER, at=at)
        _closing.end_work(case, at=at, but=(ClockKind.CALLBACK,))
        case.manager = None
        case.save(update_fields=["manager"])
        if not keeps:
            _closing.close(case, CloseReason.TRANSFERRED_OUT, at=at)
        if not work_of(transfer.to_desk, case):  # it saw the case only to answer, and keeps nothing of it
            revoke(case, holder=transfer.to_desk)
        return end_grants(
            case,
            End.TRANSFERRED,
            at=at,
            to=transfer.to_desk,
            stays=lambda holder: keeps and serves(case, holder, HOTLINE),
        )

"""Open a closed case again (重新开案): the person is in danger again, and the whole history is there at once."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import clocks
from cases.access import Writer, open_closed, writer
from cases.actions import _clocks, _leave, _notices
from cases.actions._raising import warn_elsewhere
from cases.actions._warning import warn
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.labels import VALUES
from cases.lowering import needs_second
from cases.models import Call, Case, Channel, Entry, EntryKind, Leave, PolicyVersion, Section
from cases.tiers import Tier
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, WHOLE, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.desks import desk_at, members, triage_desk
from wellbeing.people.models import Desk, Role, User
from wellbeing.vault.envelope import SealError
from wellbeing.workdays import now


@action(P.CASE_REOPEN)
def reopen_case(*, actor: Actor, reference: str, to: str, because: str) -> Outcome[Case]:
    """Bring a closed case back to `opened` at a tier, with new grants, a warning and its clocks.

    For its former owner's desk and its division's triage; everybody else gets the Forbidden of a case that does not
    exist. An open leave or return goes on. Raises Invalid for green, without a reason, and below the tier it was closed
    at where lowering from that one takes two people: closed and opened again by one, it would have fallen without the
    second, the fresh assessment and the time (PRACTICE.md 2.4); and for one that has been erased.
    """
    at, tier = now(), Tier(to)
    case = open_closed(actor, reference, lock=True)
    if tier == Tier.GREEN:
        raise Invalid("to", _("A case is opened again because of danger: choose a tier that warns."))
    if not because.strip():
        raise Invalid("because", _("Write why the case is opened again."))
    before, policy = Tier(case.tier), PolicyVersion.current().policy()
    if tier.rank > before.rank and needs_second(before, policy):
        raise Invalid(
            "to",
            _(
                "It was closed at %(tier)s and comes back at that tier, or higher: to lower it then takes a fresh"
                " assessment and a second person."
            )
            % {"tier": gettext(VALUES[before])},
        )
    owner = _grant_anew(case, actor)
    leave = Leave.current(case)
    case.status = CASE.next(case.status, "reopen_case")
    case.tier, case.tier_since, case.reopened_at, case.manager = tier, at, at, None
    case.closed_at, case.close_reason = None, ""
    case.save()
    words = {"from": before, "to": tier, "because": because}
    Entry.objects.bulk_create([_writer(case).entry(Section.RISK, EntryKind.REOPENING, words, actor=actor, at=at)])
    warn(case, actor=actor, at=at)
    warn_elsewhere(case, tier, at=at)
    if case.channel == Channel.HOTLINE and tier in policy.callback_tiers:
        _clocks.start(case, case.owner_desk, ClockKind.CALLBACK, at=at, due=clocks.callbacks(at, policy)[0])
    if leave:
        _leave.go_on(leave, case)
    if owner is not None:  # whose file it was sees that it is open again, and in its trail by whom
        _notices.send("reopened", case, [owner], key=f"reopened:{case.pk}:{at.isoformat()}", policy=policy)
    return Outcome(case, stream=case.pk, facts={"from": before, "to": tier})


def _writer(case: Case) -> Writer:
    """Under its key, now that the actor may find it. Invalid where it is destroyed: danger goes into a new case."""
    try:
        return writer(case)
    except SealError:
        raise Invalid(
            "because",
            _("This case has been erased: nothing of it opens any more. Open a new case, at once if in danger."),
        ) from None


def _grant_anew(case: Case, actor: Actor) -> _notices.Ring | None:
    """Let in who had it: triage, the owner, and the school's desk of an open leave. Nobody holds the case, so nobody
    could give it: the first grants are a machine's work. Where the owner is to be told, unless she is the actor."""
    until = now() + OWNER_DAYS
    theirs: _notices.Ring | None = None
    hotline = case.owner_desk.role == Role.HOTLINE_COUNSELLOR
    with identity(GRANTS):
        grant(case, to=triage_desk(case.division_id), origin=Origin.TRIAGE, expires_at=until, by=actor)
        if not hotline:
            grant(case, to=case.owner_desk, origin=Origin.OWNER, expires_at=until, by=actor)
            theirs = _notices.Ring(_notices.IN_APP, desk_id=case.owner_desk_id)
        elif case.owner_desk_id in actor.desks:
            grant(case, to=User(pk=actor.id), origin=Origin.OWNER, expires_at=until, by=actor, holds=WHOLE)
        leave = Leave.current(case)
        if leave:
            grant(case, to=leave.desk, origin=Origin.MANAGER, expires_at=until, by=actor)
        if leave and leave.appeal_desk:
            grant(case, to=leave.appeal_desk, origin=Origin.ESCALATION, expires_at=until, by=actor)
        if hotline and case.owner_desk_id not in actor.desks:
            holder = _counsellor(case)
            grant(case, to=holder, origin=Origin.OWNER, expires_at=until, by=actor, holds=WHOLE)
            by_desk = isinstance(holder, Desk)
            theirs = _notices.Ring(
                _notices.IN_APP, desk_id=holder.pk if by_desk else None, user_id=None if by_desk else holder.pk
            )
    return None if case.owner_desk_id in actor.desks else theirs


def _counsellor(case: Case) -> User | Desk:
    """Who took the last call of the case, while she sits at the hotline; otherwise its supervisor decides."""
    call = Call.objects.filter(case=case).select_related("counsellor").order_by("-started_at").first()
    if call and call.counsellor_id in members(case.owner_desk_id):
        return call.counsellor
    return desk_at(case.owner_desk.organisation_id, Role.HOTLINE_SUPERVISOR) or case.owner_desk

"""What every step of a leave or return shares: the move with its clocks, its words, its trace and its notice."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from cases import clocks
from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.leave import CLOCKS, LEAVE, LeaveState
from cases.leave_asks import wanting
from cases.models import Case, EntryKind, Leave, LeaveStep, PolicyVersion, Section
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now

# Where the words of a step are sealed; what is not named is the plan.
SECTIONS = {
    "assess": Section.RISK,
    "talk": Section.GUARDIAN,
    "apply": Section.GUARDIAN,
    "appeal_return": Section.GUARDIAN,
}
COUNTY_TURN = (LeaveState.REVIEWED,)


def current(case: Case, action: str) -> Leave:
    """The open leave of a case, which stands where this step is possible. WrongState."""
    leave = Leave.current(case)
    if leave is None or case.status == "closed":
        raise WrongState(case.status, action)
    LEAVE.step(leave.state, action)
    return leave


def check(step: str, words: Mapping[str, Any]) -> None:
    """Raise Invalid beside the first field that the step needs and that is empty."""
    ask = wanting(step, words)
    if ask:
        raise Invalid(ask.code, said(ask.needed))


def move(leave: Leave, case: Case, action: str, *, actor: Actor, words: Mapping[str, Any], desk_id: int | None) -> None:
    """Take the leave to the state that the table names: clocks, sealed words, trace, and a notice to whose turn it is.

    The other fields of the leave are the caller's to set before. Raises WrongState, and Forbidden for a role that the
    table does not name.
    """
    step = LEAVE.step(leave.state, action)
    if not actor.post_as(*(Role(role) for role in step.who)):
        raise Forbidden
    leave.state = step.next
    if step.next in LEAVE.final:
        leave.ended_at = now()
    leave.save()
    if step.stops:
        _clocks.stop(case, *(ClockKind(kind) for kind in step.stops))
    start(leave, case, step.starts)
    trace(leave, case, action, actor=actor, words=words, desk_id=desk_id)
    keep_sight(leave, case, actor)


def start(leave: Leave, case: Case, kinds: tuple[str, ...]) -> None:
    """Start clocks of a leave, each at the desk whose turn it is and with the end that is its own."""
    at = now()
    for kind in kinds:
        due = None
        if kind == ClockKind.LOOK_AGAIN and leave.until:
            due = max(clocks.end_of(leave.until), at)
        elif kind == ClockKind.RETURN_TALK:
            due = clocks.return_talks(at, PolicyVersion.current().policy())[0]
        _clocks.start(case, _desk(leave, case, kind), ClockKind(kind), at=at, due=due)


def go_on(leave: Leave, case: Case) -> None:
    """Start what runs in the present state of a leave whose case is opened again."""
    start(leave, case, CLOCKS[leave.state])


def trace(
    leave: Leave, case: Case, action: str, *, actor: Actor, words: Mapping[str, Any], desk_id: int | None
) -> LeaveStep:
    """Seal the words of a step and write down that it was taken; whose turn it is now is told."""
    at, state = now(), LeaveState(leave.state)
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in words.items()}
    entry = writer(case).entry(
        SECTIONS.get(action, Section.PLAN),
        EntryKind.LEAVE,
        {**plain, "leave": action},
        actor=actor,
        at=at,
        desk_id=desk_id,
    )
    entry.save(force_insert=True)
    made = LeaveStep.objects.create(
        leave=leave, case=case, action=action, state=state, at=at, by_id=actor.id, entry=entry
    )
    turn = _desk(leave, case, ClockKind.APPEAL if state == LeaveState.APPEALED else ClockKind.LEAVE_STEP)
    if turn.pk not in actor.desks:
        post(
            kind="leave",
            desk_id=turn.pk,
            target=f"case:{case.reference}",
            tier=case.tier,
            dedupe_key=f"leave:{made.pk}",
        )
    return made


def keep_sight(leave: Leave, case: Case, actor: Actor) -> None:
    """The school's and the county's desk see the case for as long as the leave may last, and a while longer."""
    last = clocks.end_of(leave.until) if leave.until else now()
    until = max(last, now()) + OWNER_DAYS
    with identity(GRANTS):
        grant(case, to=leave.desk, origin=Origin.MANAGER, expires_at=until, by=actor)
        grant(case, to=triage_desk(case.division_id), origin=Origin.TRIAGE, expires_at=until, by=actor)


def file_moves(case: Case, to: Desk, *, actor: Actor) -> None:
    """A file that is taken over brings its open leave along: it goes on at `to`, and so does an appeal to a county.

    The clocks are moved with the others of the file. An appeal to the city stays there.
    """
    leave = Leave.current(case)
    if leave is None:
        return
    leave.desk = to
    if leave.appeal_desk and leave.appeal_desk.role == Role.COUNTY_TRIAGE:
        leave.appeal_desk = to
    leave.save(update_fields=["desk", "appeal_desk"])
    keep_sight(leave, case, actor)


def school_found(case: Case, school: Desk, *, actor: Actor) -> None:
    """A leave that came with a file waits at the county until a school has it; its clocks keep their times."""
    leave = Leave.current(case)
    if leave is None or leave.desk.role != Role.COUNTY_TRIAGE or school.role != Role.SCHOOL_COUNSELLOR:
        return
    leave.desk = school
    leave.save(update_fields=["desk"])
    kinds = (ClockKind(kind) for kind in CLOCKS[leave.state] if _desk(leave, case, kind) == school)
    _clocks.move(case, school, _clocks.running(case, *kinds), at=now())
    keep_sight(leave, case, actor)


def returned_at(case: Case) -> datetime | None:
    """When the person last came back from a leave."""
    found = Leave.objects.filter(case=case, returned_at__isnull=False).order_by("-returned_at").first()
    return found.returned_at if found else None


def ahead(field: str, day: date | None, message: Any) -> None:
    """Raise Invalid for a day that is not ahead."""
    if day is not None and clocks.end_of(day) <= now():
        raise Invalid(field, message)


def refuse(leave: Leave, words: Mapping[str, Any]) -> None:
    """Note when it is looked at again; Invalid for a day that is not ahead."""
    ahead("look_again", words["look_again"], _("This day is not ahead."))
    leave.until = words["look_again"]


def _desk(leave: Leave, case: Case, kind: str) -> Desk:
    """Whose clock it is: the school's, but the county assesses, and an appeal has a desk of its own."""
    if kind == ClockKind.APPEAL and leave.appeal_desk is not None:
        return leave.appeal_desk
    if kind == ClockKind.LEAVE_STEP and leave.state in COUNTY_TURN:
        return triage_desk(case.division_id)
    return leave.desk

"""What every step of a referral shares: the move with its clocks and its trace, and telling the desks that wait."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from cases.clocks import ClockKind
from cases.models import Case, Deadline
from cases.outside import outside
from cases.tiers import Tier
from referrals.actions._links import shut
from referrals.actions._slots import release
from referrals.flow import ALL, REFERRAL, STANDS_FOR, TURN
from referrals.models import OPEN_CROSSING, Appointment, Crossing, Referral, Step
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import CHANNEL
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk
from wellbeing.workdays import now

# What ends with a referral, whatever its last step: nobody works on it any more.
WITH_IT = (ClockKind.LETTER, ClockKind.ARRIVAL, ClockKind.SAFETY_CONTACT)
HOLDING = ("proposed", "appointment")  # states in which it holds places of the hospital
# Notices after which it is somebody's turn who may not be looking.
TO_ACT_ON = frozenset(
    {
        *("referral_submitted", "referral_sent", "referral_given_back", "referral_missed", "referral_expired"),
        *("referral_tier", "consent_back", "link_exhausted", "times_passed"),
    }
)
ONLY_ONE = "one_open_referral_per_case"  # the constraint


def move(referral: Referral, action: str, *, actor: Actor, desk_id: int | None, due: datetime | None = None) -> None:
    """Take the referral to the state that the table names, move its clocks, and leave the trace.

    `due` is the end of the clocks that begin, where policy's span does not decide it. Raises WrongState, and Forbidden
    where the actor has no post of a named role at the desk through which the step goes: a school withdraws its request
    and not the county's letter, a city centre that received a referral does not send it on. A machine takes the steps
    of the role that it stands for, and no other.
    """
    step = REFERRAL.step(referral.state, action)
    if not _takes(actor, step.who, desk_id):
        raise Forbidden
    if step.next == "redirected" or step.next in REFERRAL.final:
        shut(referral, actor)
    follow(referral)
    referral.state = step.next
    referral.turn = getattr(referral, TURN[referral.state]) if referral.state in TURN else None
    if not REFERRAL.allows(referral.state, "go_on"):  # no letter is out, so nothing is to be decided about it
        referral.decide_by = None
    stops = step.stops
    if referral.state in REFERRAL.final:
        referral.ended_at = now()
        _end_crossing(referral, actor)
        stops = (*stops, *WITH_IT)
    if step.state in HOLDING and step.next not in (step.state, "attended"):
        release(referral)
    begun = clocks(referral, stop=stops, start=step.starts, due=due)
    if begun:
        _is_due(referral, begun)
    elif referral.ended_at:
        referral.due_kind, referral.due_at = "", None
    elif referral.due_kind in step.stops:
        _is_due(referral, _still_running(referral))
    # Everything that may have changed with the step; a new referral is written whole.
    referral.save(force_insert=referral._state.adding)
    Step.objects.create(referral=referral, state=referral.state, at=now(), desk_id=desk_id)


def _takes(actor: Actor, roles: Iterable[str], desk_id: int | None) -> bool:
    if actor.system:
        return STANDS_FOR.get(actor.name, "") in tuple(roles)
    return any(post.desk_id == desk_id and post.role in roles for post in actor.posts)


@contextmanager
def only_one(field: str, text: Any) -> Iterator[None]:
    """A new referral is written in here: Invalid where another one of the case is open, whoever may see that one. The
    row itself says who was first."""
    try:
        yield
    except IntegrityError as error:
        if ONLY_ONE not in str(error):
            raise
        raise Invalid(field, text) from None


def case_of(referral: Referral) -> Case:
    """The case, as the actor sees it. Forbidden where she does not: a receiver reads a letter, and never the case."""
    case = Case.objects.filter(pk=referral.case_id).first()
    if case is None:
        raise Forbidden
    return case


def tier_now(referral: Referral) -> str:
    """The tier of the case as it stands now: it may have been raised since the referral was opened."""
    with identity(CHANNEL):
        tier: str = Case.objects.values_list("tier", flat=True).get(pk=referral.case_id)
    return tier


def follow(referral: Referral) -> str:
    """Take over the tier of the case as it stands now; the tier before, or nothing where it is the same.

    A raised one brings the channel's clocks to its own time, never later than before; sender and receiver are told.
    Not saved: the caller does.
    """
    before = referral.tier
    tier = before if referral._state.adding else tier_now(referral)  # a new one was made from its case, now and locked
    referral.tier, referral.tier_rank = tier, Tier(tier).rank
    if before == tier:
        return ""
    raised = Tier(tier).rank < Tier(before).rank
    note(referral, "raised" if raised else "lowered", desk_id=None)
    if raised and (hastened := _hasten(referral)):
        _is_due(referral, [one for one in hastened if one.kind == referral.due_kind] or hastened)
    tell(referral, "referral_tier", {referral.from_desk_id, referral.to_desk_id})
    return before


def _hasten(referral: Referral) -> list[Deadline]:
    visit = Appointment.objects.filter(referral=referral, attended=None).order_by("-booked_at").first()
    with identity(CHANNEL):
        case = Case.objects.get(pk=referral.case_id)
        made: list[Deadline] = cases.hasten_clocks(
            actor=CHANNEL, case=case, kinds=[ClockKind(kind) for kind in ALL], visit=visit.at if visit else None
        )
    return made


def _is_due(referral: Referral, begun: list[Deadline]) -> None:
    first = min(begun, key=lambda clock: clock.due_at)
    referral.due_kind, referral.due_at = first.kind, first.due_at


def _still_running(referral: Referral) -> list[Deadline]:
    """The clocks of the channel that go on when the one that was due has stopped: it is never without one."""
    with identity(CHANNEL):
        kept = Deadline.objects.filter(case=referral.case_id, kind__in=ALL, ended_at=None)
        return list(kept.order_by("due_at"))


def note(referral: Referral, event: str, *, desk_id: int | None, at: datetime | None = None) -> None:
    """Leave a trace of what happened beside the journey (referrals.flow.EVENT_TEXT)."""
    Step.objects.create(referral=referral, event=event, at=at or now(), desk_id=desk_id)


def _end_crossing(referral: Referral, actor: Actor) -> None:
    """Call off what has not left yet: nobody could say of it any more how it goes. Invalid while it is under way."""
    crossings = Crossing.objects.filter(referral=referral, state__in=OPEN_CROSSING)
    if not actor.system and crossings.filter(state="under_way").exists():
        raise Invalid("confirm", _("Somebody is on the way over the water: record the arrival first."))
    crossings.update(state="cancelled", changed_at=now())


def tell(referral: Referral, kind: str, desks: Iterable[int]) -> None:
    """Post one notice to each desk; it names the referral and nothing else. What somebody has to act on is told outside
    the page too at red: nobody looks at a hospital's page before the morning."""
    for desk_id in desks:
        key = f"{kind}:{referral.pk}:{desk_id}:{now().isoformat()}"
        target = f"referral:{referral.reference}"
        post(kind=kind, desk_id=desk_id, target=target, tier=referral.tier, dedupe_key=key)
        for one in outside(desk_id, referral.tier) if kind in TO_ACT_ON else ():
            post(
                kind=kind,
                target="",
                dedupe_key=f"{key}:{one.channel}:{one.user_id}",
                user_id=one.user_id,
                tier=one.tier,
                channel=one.channel,
            )


def clocks(
    referral: Referral, *, stop: Iterable[str] = (), start: Iterable[str] = (), due: datetime | None = None
) -> list[Deadline]:
    """Stop and start clocks of the case, through its own actions, as the channel's machine actor; those that began.

    The receiver holds no grant on the case, so it cannot touch them itself.
    """
    begun: list[Deadline] = []
    case = Case(pk=referral.case_id)  # its actions fetch and lock it
    if ending := [ClockKind(kind) for kind in stop]:
        cases.stop_clocks(actor=CHANNEL, case=case, kinds=ending)
    by_desk: dict[Desk, list[ClockKind]] = {}
    for kind in start:
        by_desk.setdefault(_desk(referral, kind), []).append(ClockKind(kind))
    for desk, kinds in by_desk.items():
        begun += cases.start_clocks(actor=CHANNEL, case=case, desk=desk, kinds=kinds, due=due)
    return begun


def _desk(referral: Referral, kind: str) -> Desk:
    """Whose clock it is: who decides at the county, who answers at the school, and otherwise who has sent it."""
    if kind == ClockKind.TRIAGE:
        return referral.to_desk
    if kind == ClockKind.ANSWER and referral.asked_by is not None:
        return referral.asked_by
    return referral.from_desk

"""Start and stop the clocks of a case; used by the actions of this folder only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import connection

from cases import clocks
from cases.clocks import ClockKind, NextAct
from cases.models import Case, Deadline, DeadlineState, PolicyVersion
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.access.actor import identity
from wellbeing.access.machines import GRANTS
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk
from wellbeing.workdays import now

NOTHING: Mapping[str, datetime] = MappingProxyType({})
KEPT = (DeadlineState.RUNNING, DeadlineState.PAUSED)


def start(
    case: Case,
    desk: Desk,
    *kinds: ClockKind,
    at: datetime | None = None,
    due: datetime | None = None,
    step: int = 0,
    never_later: bool = False,
    unstaffed: Iterable[ClockKind] = (),
    version: PolicyVersion | None = None,
    new: bool = False,
) -> list[Deadline]:
    """Start clocks at a desk, ending those of the same kinds that ran (none did for a `new` case); without a time in
    the policy none starts.

    `never_later` keeps the sooner end of a clock that runs already, also where policy has none: raising a tier, or
    naming somebody else, gives nobody more time. Kinds that are `unstaffed` (nobody is on duty at the desk) go up a
    level at the ticker's next look.
    """
    version, begun = version or PolicyVersion.current(), at or now()
    ended = {} if new else stop(case, *kinds, state=DeadlineState.VOID, at=begun)
    made = rows(
        *(case, desk, kinds),
        begun=begun,
        version=version,
        policy=version.policy(),
        due=due,
        step=step,
        sooner=ended if never_later else {},
        unstaffed=unstaffed,
    )
    return Deadline.objects.bulk_create(made)


def rows(
    case: Case,
    desk: Desk,
    kinds: Iterable[ClockKind],
    *,
    begun: datetime,
    version: PolicyVersion,
    policy: Policy,
    due: datetime | None = None,
    step: int = 0,
    sooner: Mapping[str, datetime] = NOTHING,
    unstaffed: Iterable[ClockKind] = (),
) -> list[Deadline]:
    """The unsaved clocks of these kinds, none due later than the `sooner` end of its kind. `policy` is the version's,
    read once for however many cases."""
    tier = Tier(case.tier)
    made = []
    for kind in kinds:
        ends = [one for one in (due or clocks.due(kind, tier, begun, policy), sooner.get(kind)) if one is not None]
        if not ends:
            continue
        end = min(ends)
        act, look = NextAct.REMIND, clocks.reminder(begun, end, policy)
        if kind in unstaffed:
            act, look = NextAct.ESCALATE, begun
        made.append(
            Deadline(
                case_id=case.pk,
                desk_id=desk.pk,
                kind=kind,
                tier=tier,
                tier_rank=tier.rank,
                policy_id=version.pk,
                started_at=begun,
                due_at=end,
                next_at=look,
                next_act=act,
                step=step,
            )
        )
    return made


def stop(
    case: Case, *kinds: ClockKind, state: DeadlineState = DeadlineState.MET, at: datetime | None = None
) -> dict[str, datetime]:
    """End the clocks of these kinds that run or pause (all of them when none is named); when each would have been due.

    One statement: what runs at this moment is what ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_deadline SET state = %s, ended_at = coalesce(%s, app_now()), next_at = NULL"
            " WHERE case_id = %s AND state = ANY (%s) AND (%s OR kind = ANY (%s)) RETURNING kind, due_at",
            [state, at, case.pk, list(KEPT), not kinds, list(kinds)],
        )
        return dict(cursor.fetchall())


def running(case: Case, *kinds: ClockKind) -> list[Deadline]:
    """The clocks of these kinds that run or pause (all of them when none is named), with their desks."""
    found = Deadline.objects.filter(case=case, state__in=KEPT).select_related("desk")
    return list(found.filter(kind__in=kinds) if kinds else found)


def move(case: Case, desk: Desk, clocks: Sequence[Deadline], *, at: datetime) -> None:
    """Let clocks go on at another desk: each keeps its start, its end and its pause, and climbs the ladder anew there.

    The old row ends and a new one goes on in the same transaction, so there is no moment without the clock, and what
    the old desk's ladder was told stays with the old row.
    """
    if not clocks:
        return
    stop(case, *(ClockKind(clock.kind) for clock in clocks), state=DeadlineState.VOID, at=at)
    for clock in clocks:
        if clock.level and clock.state == DeadlineState.RUNNING:
            clock.next_at, clock.next_act = clock.due_at, NextAct.ESCALATE
        clock.pk, clock.desk, clock.level, clock.pauses = uuid7(), desk, 0, 0  # the old row counts its own pauses
    with identity(GRANTS):  # a paused one goes on in the name of whoever let it stand
        Deadline.objects.bulk_create(clocks)


def next_of_series(case: Case, clock: Deadline, dates: Sequence[datetime]) -> list[Deadline]:
    """Start the next date of a clock's series that lies ahead, at its desk; nothing after the last one."""
    ahead = [(step, due) for step, due in enumerate(dates) if step > clock.step and due > now()]
    if not ahead:
        return []
    step, due = ahead[0]
    return start(case, clock.desk, ClockKind(clock.kind), due=due, step=step)


def first_of_series(case: Case, kind: ClockKind) -> Deadline:
    """The first clock of the newest series of a kind: all its dates count from when that one started, so that a late
    one does not put off the rest."""
    return Deadline.objects.filter(case=case, kind=kind, step=0).order_by("-started_at")[0]


def again(case: Case, kind: ClockKind, *, due: datetime | None = None) -> None:
    """Meet the clock of one kind and start it anew at its desk; nothing where none ran."""
    for ran in running(case, kind):  # one at most
        stop(case, kind)
        start(case, ran.desk, kind, due=due, step=ran.step + 1)

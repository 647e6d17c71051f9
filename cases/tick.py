"""One tick: look at every clock, unacknowledged warning and forgotten draft whose moment has come.

A query, not a queue, so an outage only makes it late, and it says so.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import F, Q, When

from cases import drafts
from cases.actions import (
    ahead_clocks,
    ahead_warnings,
    catch_up_clocks,
    drop_screening,
    end_campaign,
    escalate,
    escalate_glass,
    escalate_request,
    hand_back,
    raise_draft,
    release_cases,
    remind,
    remind_screening,
    renew_grants,
    resume_clock,
    ring_again,
    stand_in,
)
from cases.actions.escalate_request import STEP, UP, WAITING
from cases.actions.remind_screening import forgotten
from cases.actions.renew_grants import due_case, ending
from cases.actions.stand_in import alone, next_up
from cases.clocks import ClockKind, NextAct
from cases.covering import due_covers, left
from cases.glass import LEVELS, level
from cases.importing import in_turn, take_parts
from cases.models import (
    BreakGlass,
    Campaign,
    Case,
    Deadline,
    Draft,
    PolicyVersion,
    RecordRequest,
    ScreeningBatch,
    Warning,
)
from cases.stuck import tell_stuck
from cases.tiers import Tier
from wellbeing.access.actor import identity
from wellbeing.access.machines import IMPORT, POSTS, TICKER
from wellbeing.outbox import relay
from wellbeing.people.models import Post
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
BATCH = 200
RED_FIRST = Choice(When(tier=Tier.RED, then=0), default=1)
LOOK_SECONDS = 2.0  # as often as the ticker polls
MOST_TIMES = 20  # in one tick: after an outage a clock reminds, and goes up every level of its ladder

ACTS: dict[str, Callable[[Deadline], Any]] = {
    NextAct.REMIND: lambda clock: remind(actor=TICKER, case=clock.case, deadline=clock),
    NextAct.ESCALATE: lambda clock: escalate(actor=TICKER, case=clock.case, deadline=clock),
    NextAct.RESUME: lambda clock: resume_clock(actor=TICKER, case=clock.case, kind=ClockKind(clock.kind)),
}


def tick() -> int:
    """Do what is due, each in its own transaction, the highest tier first; returns how much was done. What rings, and
    what nobody logs, waits for one batch of clocks at most.

    One that fails is logged and does not stop the others; the next tick tries it again, and its county and the city
    are told once a day: nothing of it rings or goes up by itself.
    """
    clocks = _all(_due_clocks, lambda clock: ACTS[clock.next_act](clock), between=_meanwhile)
    return clocks + _unheard()


def _meanwhile() -> int:
    """What grave things do not wait for: that all clocks of an outage have been gone through. Delivered as well, should
    no worker hear the bell."""
    heard = _unheard()
    relay.sweep()
    return heard


def _unheard() -> int:
    return _all(_due_rings, _ring) + _all(_due_drafts, _raise)


def _all(
    due: Callable[[set[UUID]], list[Any]], act: Callable[[Any], Any], *, between: Callable[[], int] = lambda: 0
) -> int:
    """One that is due again and again within one tick moves nothing: it is left for the next, and holds up no other."""
    done, failed, times = 0, set[UUID](), Counter[UUID]()
    while rows := due(failed):
        for row in rows:
            times[row.pk] += 1
            if times[row.pk] > MOST_TIMES:
                log.error("what is due stays due", extra={"codes": {"row": row.pk}})
                failed.add(row.pk)
                continue
            try:
                done += bool(act(row))
            except Exception:
                log.exception("what is due could not be done", extra={"codes": {"row": row.pk}})
                failed.add(row.pk)
                tell_stuck(row)
        done += between() if len(rows) == BATCH else 0
    return done


def catch_up() -> int:
    """Bring back the clocks that were started by a clock that was set back since; returns of how many cases."""
    with identity(TICKER):
        ahead: list[Any] = [*ahead_clocks().select_related("case"), *ahead_warnings().select_related("case")]
    rows = {row.case_id: row.case for row in ahead}
    if rows:
        log.warning("the clock was set back", extra={"codes": {"cases": len(rows)}})
    return _each(list(rows.values()), lambda case: catch_up_clocks(actor=TICKER, case=case))


def _due_clocks(but: set[UUID]) -> list[Deadline]:
    with identity(TICKER):
        due = Deadline.objects.filter(next_at__lte=now()).exclude(pk__in=but).select_related("case")
        return list(due.order_by("tier_rank", "next_at")[:BATCH])


def _due_rings(but: set[UUID]) -> list[Warning]:
    with identity(TICKER):
        due = Warning.objects.filter(ring_at__lte=now()).exclude(pk__in=but).select_related("case")
        return list(due.order_by(RED_FIRST, "ring_at")[:BATCH])


def _due_drafts(but: set[UUID]) -> list[Draft]:
    with identity(TICKER):
        at = now()
        longest = drafts.ahead(at, PolicyVersion.current().policy())
        comes_up = Q(due_at__lte=at) | Q(flagged_at__isnull=False, due_at__gt=longest)
        due = Draft.objects.filter(comes_up).exclude(pk__in=but)
        return list(due.order_by(F("flagged_at").asc(nulls_last=True), "due_at")[:BATCH])


def _raise(draft: Draft) -> bool:
    raised: bool = raise_draft(actor=TICKER, draft_id=draft.pk)
    return raised


def _ring(warning: Warning) -> int:
    rings: int = ring_again(actor=TICKER, case=warning.case, warning=warning)
    return rings


def import_waiting(seconds: float) -> int:
    """Take parts of the files that were confirmed, or whose import was killed, for about so long, the oldest file
    first and those that fail behind the others; returns how many parts. One that fails is logged and told, and does not
    stop the others: nobody in it is warned about before it is taken."""
    until = time.monotonic() + seconds
    with identity(IMPORT):
        waiting = list(ScreeningBatch.objects.filter(state="running").order_by("staged_at"))
    return sum(take_parts(batch, until) for batch in in_turn(waiting))


def drop_forgotten() -> int:
    """Destroy the screening files that nobody confirmed within policy's time; returns how many."""
    with identity(IMPORT):
        until = now() - timedelta(hours=PolicyVersion.current().policy().screening_wait_hours)
        old = list(
            ScreeningBatch.objects.filter(state__in=("staged", "unmapped"), staged_at__lte=until).values_list(
                "pk", flat=True
            )
        )
    return _each(old, lambda pk: drop_screening(actor=IMPORT, batch_id=pk))


def remind_of_files() -> int:
    """Remind of the screening files that wait for their confirmation for too long; returns of how many."""
    with identity(IMPORT):
        waiting = forgotten()
    return _each(waiting, lambda pk: remind_screening(actor=IMPORT, batch_id=pk))


def escalate_unreviewed() -> int:
    """Bring the openings that nobody has reviewed to the level of their age; returns how many that were. One that is
    not due yet is left alone: each going up is an event of its case's chain."""
    with identity(TICKER):
        at, review = now(), timedelta(hours=PolicyVersion.current().policy().glass_review_hours)
        waiting = list(BreakGlass.objects.filter(reviewed_at=None, level__lt=LEVELS).order_by("at"))
        waiting = [glass for glass in waiting if level(glass.at, at, review=review) > glass.level]
    return _each(waiting, lambda glass: escalate_glass(actor=TICKER, glass=glass))


def escalate_requests() -> int:
    """Bring the requests for records that nobody has decided in time to the level of their age; returns how many."""
    with identity(TICKER):
        late = RecordRequest.objects.filter(state__in=WAITING, due_at__lte=now() + STEP, level__lt=max(UP))
        waiting = list(late.values_list("reference", flat=True))
    return _each(waiting, lambda reference: escalate_request(actor=TICKER, reference=reference))


def release(post: Post) -> int:
    """The holder of a post that has ended is no manager any more; returns of how many cases."""
    ended: int = release_cases(actor=POSTS, post=post)
    return ended


def release_left() -> int:
    """The same for posts that have ended by their date; returns of how many posts."""
    with identity(POSTS):
        posts = left(now().date())
    return _each(posts, release)


def end_campaigns() -> int:
    """End the campaigns whose last day is over; returns how many ended."""
    with identity(IMPORT):
        today = now().date()
        over = list(Campaign.objects.filter(ended_at=None, last__lt=today).values_list("pk", flat=True))
    return _each(over, lambda pk: end_campaign(actor=IMPORT, campaign_id=pk))


def renew_ending() -> int:
    """Renew what ends by its date on cases that are still open; returns on how many."""
    with identity(TICKER):
        soon = ending()
    return _each_in_turn(soon, due_case, lambda case: renew_grants(actor=TICKER, case=case))


def stand_in_for_all() -> int:
    """Let a desk stand in for each open case on which nobody works any more; returns for how many. One that fails, or
    for which there is nobody, is logged, stops none, and is looked at again."""
    with identity(TICKER):
        cases = list(alone())
    return _each_in_turn(cases, _with_somebody_above, lambda case: stand_in(actor=TICKER, case=case))


def _with_somebody_above(case: Case) -> Case | None:
    if next_up(case) is None:
        log.error("an open case that nobody can open", extra={"codes": {"row": case.pk}})
        return None
    return case


def hand_back_covered() -> int:
    """Give back what was covered until a day that is over; returns how many hand-overs ended."""
    with identity(TICKER):
        over = due_covers(now().date())
    return _each(over, lambda pk: hand_back(actor=TICKER, handover_id=pk))


def _each_in_turn(rows: Sequence[Any], find: Callable[[Any], Case | None], act: Callable[[Case], Any]) -> int:
    """Do it to each where something is found when its turn comes: to ask it of a whole wave took minutes, and nothing
    rang meanwhile. Returns how many needed it."""
    done = []

    def one(row: Any) -> None:
        with identity(TICKER):
            case = find(row)
        if case is not None:
            act(case)
            done.append(case)

    _each(rows, one)
    return len(done)


def _each(rows: Sequence[Any], act: Callable[[Any], Any]) -> int:
    """Do it to each; one that fails is logged, does not stop the others, and is tried again. Returns how many went.

    There may be thousands (the grants of a whole wave of screenings end on one day), so every few seconds what is due
    is looked at in between: no red warning waits for the last of them.
    """
    done, looked = 0, time.monotonic()
    for row in rows:
        if time.monotonic() - looked > LOOK_SECONDS:
            _look()
            looked = time.monotonic()
        try:
            act(row)
            done += 1
        except Exception:
            log.exception("what is due could not be done", extra={"codes": {"row": getattr(row, "pk", row)}})
    return done


def _look() -> None:
    try:
        tick()
        relay.sweep()
    except Exception:
        log.exception("what is due could not be looked at in between")

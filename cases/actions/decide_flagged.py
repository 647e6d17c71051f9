"""Decide for many flagged students at once, as it was shown before: all of them, or none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._raising import raise_to
from cases.actions.plan_interviews import check_plan
from cases.clocks import ClockKind
from cases.interviews import days
from cases.models import Case, DeadlineState, Entry, EntryKind, Interviewed, PolicyVersion, ScreeningFlag, Section
from cases.triage import Decision, Effect, digest, effects
from cases.waiting_access import flags_of, reveal_waiting
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now


@action(P.SCREENING_DECIDE)
def decide_flagged(
    *,
    actor: Actor,
    cases: Collection[UUID],
    decision: str,
    previewed: str,
    because: str = "",
    first: date | None = None,
    per_day: int | None = None,
) -> Outcome[int]:
    """Do what `effects` says to every case; returns how many. `previewed` is the digest of what was shown.

    Forbidden when one of them is not the actor's or waits no more, WrongState when something has changed since, Invalid
    without a reason, and where the decision is forbidden for one of them.
    """
    chosen, because, at = Decision(decision), because.strip(), now()
    rows = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=cases).order_by("pk")}
    flags = flags_of(actor, cases, lock=True)
    if not all(may(actor, P.SCREENING_INTERVIEW, case) for case in rows.values()):
        raise Forbidden
    found = foresee(actor, flags, chosen, because=because, first=first, per_day=per_day)
    if digest(chosen, found) != previewed:
        raise WrongState("changed", "decide_flagged")
    if any(effect.refused for effect in found):
        raise Invalid("decision", _("For some of them this is not possible: leave them out, or decide another thing."))
    for effect in found:
        of_case = [flag for flag in flags if flag.case_id == effect.one.case]
        _do(actor, rows[effect.one.case], of_case, effect, chosen, because, at)
    ScreeningFlag.objects.bulk_update(flags, ["planned_on", "outcome", "done_at", "done_by"], batch_size=500)
    return Outcome(len(found), stream=user_stream(actor.id), facts={"decision": chosen, "cases": len(found)})


def foresee(
    actor: Actor,
    flags: Sequence[ScreeningFlag],
    decision: Decision,
    *,
    because: str = "",
    first: date | None = None,
    per_day: int | None = None,
) -> list[Effect]:
    """What a decision would do, for its page and for the action itself. Invalid beside the field that is wrong."""
    if decision == Decision.PLAN:
        if first is None or per_day is None:
            raise Invalid("first" if first is None else "per_day", _("Say from which day on, and how many a day."))
        check_plan(first, per_day)
    elif not because.strip():
        raise Invalid("because", _("Give the reason."))
    standings = [one.standing for one in reveal_waiting(actor, flags)]
    plan = days(first, per_day) if first and per_day else ()
    return effects(decision, standings, PolicyVersion.current().policy(), plan)


def _do(
    actor: Actor,
    case: Case,
    flags: Sequence[ScreeningFlag],
    effect: Effect,
    decision: Decision,
    because: str,
    at: datetime,
) -> None:
    if decision == Decision.PLAN:
        for flag in flags:
            flag.planned_on = effect.day
        return
    words: dict[str, str] = {"because": because}
    if decision == Decision.REVIEWED:
        for flag in flags:
            flag.outcome, flag.done_at, flag.done_by_id = Interviewed.REVIEWED, at, actor.person
        _clocks.stop(case, ClockKind.FIRST_MEETING, state=DeadlineState.VOID, at=at)
        words["interview"] = Interviewed.REVIEWED
    elif effect.to is not None:
        words |= {"from": case.tier, "to": effect.to}
        raise_to(case, effect.to, actor=actor, at=at)
    else:
        return
    kind = EntryKind.SESSION if decision == Decision.REVIEWED else EntryKind.RAISING
    desk = flags[0].desk_id
    Entry.objects.bulk_create([writer(case).entry(Section.RISK, kind, words, actor=actor, at=at, desk_id=desk)])
    by = through(actor, P.SCREENING_DECIDE, desk_id=desk)
    record(stream=case.pk, act=P.SCREENING_DECIDE, actor=by, facts={"decision": decision})

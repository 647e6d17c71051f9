"""Call back (PRACTICE.md 3.4): after a crisis next day, 1 week, 1, 3 and 12 months, otherwise when that was agreed;
three tries each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import clocks, sheet
from cases.access import writer
from cases.actions import _clocks
from cases.actions._raising import raise_or_tell
from cases.clocks import ClockKind, NextAct
from cases.contact_access import check_contact
from cases.models import (
    Call,
    CallBack,
    CallBackOutcome,
    Case,
    Deadline,
    DeadlineState,
    EntryKind,
    PolicyVersion,
    Section,
)
from cases.tiers import Tier, propose
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import DUTY_DAYS, FULL, OWNER_DAYS, WHOLE, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Role, User
from wellbeing.workdays import now


@action(P.CALL_BACK)
def call_back(
    *, actor: Actor, case: Case, outcome: CallBackOutcome, words: Mapping[str, Any], desk_id: int | None = None
) -> Outcome[CallBack]:
    """Record one try. Reached starts the clock of the next call-back; declined ends the series.

    Not reached: again on the next half-day; after three half-days the hotline's supervisor decides (PRACTICE.md 3.4),
    and the clock goes on. An intent of dying that is rated above 0 counts as on the sheet of a call, and raises a case
    that stands lower. WrongState when no call-back is due in this case. Invalid
    while neither person nor home may be reached: the clock goes on, and up to the supervisor.
    """
    at, before = now(), Tier(case.tier)
    clock = next(iter(_clocks.running(case, ClockKind.CALLBACK)), None)
    if clock is None:
        raise WrongState(case.status, "call_back")
    if outcome != CallBackOutcome.DECLINED:
        check_contact(actor, case, "outcome")
    proposal = propose(sheet.facts({"intent_after": words.get("intent")}), PolicyVersion.current().policy())
    rules = [reason.rule for reason in proposal.reasons]
    said = {**words, "outcome": outcome, **({"proposed": proposal.tier, "rules": rules} if rules else {})}
    entry = writer(case).entry(Section.RISK, EntryKind.CALLBACK, said, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = CallBack.objects.create(
        case=case,
        deadline=clock,
        entry=entry,
        outcome=outcome,
        half_day=clocks.half_day(at),
        at=at,
        by_id=actor.person,
    )
    if outcome == CallBackOutcome.UNREACHED:
        _try_again(case, clock, actor)
    else:
        _clocks.stop(case, ClockKind.CALLBACK)
    if outcome == CallBackOutcome.REACHED:
        _next(case, clock, actor)
    facts: dict[str, Any] = {"outcome": outcome, "step": clock.step}
    if raise_or_tell(case, proposal.tier, actor=actor, at=at, rules=frozenset(rules)):
        facts |= {"from": before, "to": proposal.tier}
    return Outcome(made, stream=case.pk, facts=facts)


def _next(case: Case, clock: Deadline, actor: Actor) -> None:
    """Start the next one; whoever called back keeps the case until then: the last one comes after a year."""
    dates = _dates(case, clock)
    holds = _held(actor, case)
    for started in _clocks.next_of_series(case, clock, dates):
        until = max(started.due_at + DUTY_DAYS, now() + OWNER_DAYS)
        with identity(GRANTS):  # nobody writes a grant of her own
            grant(case, to=User(pk=actor.id), origin=Origin.OWNER, expires_at=until, by=actor, holds=holds)


def _dates(case: Case, clock: Deadline) -> list[datetime]:
    """The dates of the series that a clock belongs to."""
    first = _clocks.first_of_series(case, ClockKind.CALLBACK)
    promised = Call.objects.filter(case=case).order_by("-started_at").values_list("promised_at", flat=True).first()
    return clocks.callbacks(first.started_at, clock.policy.policy(), Tier(first.tier), promised)


def _held(actor: Actor, case: Case) -> tuple[Hold, ...]:
    """The sealed section is passed on, with the number to call back in it, by whoever may read it herself."""
    return WHOLE if may(actor, P.SEALED_READ, case) else FULL


def _try_again(case: Case, clock: Deadline, actor: Actor) -> None:
    tried = CallBack.objects.filter(deadline=clock, outcome=CallBackOutcome.UNREACHED)
    half_days = tried.values("half_day").distinct().count()
    if half_days < clock.policy.policy().callback_tries:
        later = clocks.next_half_day(now())
        if clock.state == DeadlineState.RUNNING and later > clock.due_at:
            clock.due_at, clock.next_at, clock.next_act = later, later, NextAct.ESCALATE
            clock.save(update_fields=["due_at", "next_at", "next_act"])
        return
    supervisor = desk_at(clock.desk.organisation_id, Role.HOTLINE_SUPERVISOR) or clock.desk
    until, holds = now() + OWNER_DAYS, _held(actor, case)
    with identity(GRANTS):
        grant(case, to=supervisor, origin=Origin.SUPERVISION, expires_at=until, by=actor, holds=holds)
    post(
        kind="callback_unreached",
        desk_id=supervisor.pk,
        target=f"case:{case.reference}",
        tier=case.tier,
        dedupe_key=f"callback_unreached:{clock.pk}",
    )

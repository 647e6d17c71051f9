"""Follow up (随访): who was met or reached, how it goes, and when next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.consent import danger
from cases.flow import CASE
from cases.models import Case, Deadline, Entry, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.FOLLOW_UP)
def follow_up(
    *, actor: Actor, case: Case, words: Mapping[str, Any], next_at: datetime | None = None, desk_id: int | None = None
) -> Outcome[Case]:
    """Record one follow-up, stop its clock and start the next one (`next_at`, or by policy).

    In danger a try that reached nobody meets no clock: it goes on, sooner where `next_at` says so, and up to whoever
    helps when it runs out. Invalid for a next one that lies behind, or would put that off.
    """
    at = now()
    if next_at is not None and next_at <= at:
        raise Invalid("next_at", _("The next follow-up must lie ahead."))
    sooner = _sooner(case, words, next_at)
    case.status = CASE.next(case.status, "follow_up")
    case.save(update_fields=["status"])
    write = writer(case)
    Entry.objects.bulk_create(
        [write.entry(Section.PLAN, EntryKind.FOLLOW_UP, words, actor=actor, at=at, desk_id=desk_id)]
    )
    if sooner is None:
        _clocks.again(case, ClockKind.FOLLOW_UP, due=next_at)
        _clocks.again(case, ClockKind.HOME_WATCH)
    for clock in sooner if sooner and next_at else ():
        _clocks.start(case, clock.desk, ClockKind.FOLLOW_UP, due=next_at, step=clock.step)
    return Outcome(case, stream=case.pk, facts={"next_at": next_at})


def _sooner(case: Case, words: Mapping[str, Any], next_at: datetime | None) -> list[Deadline] | None:
    """The clocks that go on because nobody was reached in danger; None where the follow-up meets them."""
    if words.get("how") != "unreached" or not danger(case.tier):
        return None
    running = _clocks.running(case, ClockKind.FOLLOW_UP)
    if next_at and any(clock.due_at < next_at for clock in running):
        text = _("Nobody was reached, and there is danger: the clock goes on. Leave this empty, or try again sooner.")
        raise Invalid("next_at", text)
    return running

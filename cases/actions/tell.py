"""Tell somebody of the case (PRACTICE.md 2.2): whom, when, how, by whom; what came of it decides the clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._warning import SAME_ACT
from cases.clocks import ClockKind
from cases.contact_access import check_contact
from cases.models import Case, DeadlineState, EntryKind, Section, Telling
from cases.telling import CLOCK_OF, How, Told, Whom, ends_clock
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.TELL)
def tell(
    *,
    actor: Actor,
    case: Case,
    whom: Whom,
    told: Told,
    how: How | None = None,
    at: datetime | None = None,
    words: Mapping[str, Any],
    desk_id: int | None = None,
) -> Outcome[Telling]:
    """Record who was told (`words`: name, note), or why not; told stops the clock as met, not reached leaves it. What
    was told before the danger for which a clock runs (SAME_ACT) says nothing of it, and leaves it as well.

    Invalid for a moment ahead or before the case began, without a way for somebody who was told, without a reason for
    somebody who was not; the school of a teacher, her employer, is told of nothing before she agreed, and a
    guardian of nothing while the home must not be reached.
    """
    moment = now()
    at = at or moment
    if at > moment:
        raise Invalid("at", _("This moment lies ahead."))
    if at < case.opened_at.replace(second=0, microsecond=0):
        raise Invalid("at", _("The case was not open yet at this moment."))
    if told == Told.TOLD and how is None:
        raise Invalid("how", _("Say how it was told."))
    if told in (Told.ENDANGERS, Told.UNKNOWN) and not str(words.get("note") or "").strip():
        raise Invalid("note", _("Say why: this reason is what others will rely on."))
    if case.school_apart and whom == Whom.PRINCIPAL:
        raise Invalid("whom", _("The school is the teacher's employer; it is told nothing before she or he agrees."))
    if whom == Whom.GUARDIAN and told in (Told.TOLD, Told.UNREACHED):
        check_contact(actor, case, "whom")
    sealed = {**words, "whom": whom, "how": how, "told": told}
    entry = writer(case).entry(Section.GUARDIAN, EntryKind.TELLING, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = Telling.objects.create(
        case=case, entry=entry, whom=whom, how=how or "", told=told, at=at, by_id=actor.person
    )
    if whom in CLOCK_OF and ends_clock(told) and not _of_before(case, CLOCK_OF[whom], told, at):
        met = DeadlineState.MET if told == Told.TOLD else DeadlineState.VOID
        _clocks.stop(case, CLOCK_OF[whom], state=met)
    return Outcome(made, stream=case.pk, facts={"whom": whom, "how": how, "told": told, "told_at": at})


def _of_before(case: Case, kind: ClockKind, told: Told, at: datetime) -> bool:
    """Whether somebody was told at a moment that lies before what a clock has been started for."""
    running = _clocks.running(case, kind)
    return told == Told.TOLD and any(clock.started_at - SAME_ACT > at for clock in running)

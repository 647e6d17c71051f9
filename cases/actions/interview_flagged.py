"""Interview a student whom a screening flagged: the second stage, by ASQ face to face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions.record_instrument import record_instrument
from cases.clocks import ClockKind
from cases.instruments import PAPERS
from cases.instruments.asq import Outcome as Screen
from cases.models import Assessment, Case, Entry, EntryKind, Interviewed, PolicyVersion, ScreeningFlag, Section
from cases.tiers import propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.SCREENING_INTERVIEW)
def interview_flagged(
    *,
    actor: Actor,
    case: Case,
    outcome: str,
    because: str = "",
    answers: Mapping[str, Any] | None = None,
    desk_id: int | None = None,
) -> Outcome[Case]:
    """Write what came of the interview. A graver ASQ raises the case at once; "no concern" needs a negative ASQ and a
    reason, and lowers nothing: the case is lowered or closed by its own rules.

    Somebody who was not met goes on waiting. WrongState when nobody waits, Invalid beside its field.
    """
    waiting = ScreeningFlag.objects.select_for_update().filter(case=case, outcome="")
    if not waiting:
        raise WrongState("interviewed", "interview_flagged")
    because = because.strip()
    if outcome != Interviewed.CONCERN and not because:
        raise Invalid("because", _("Give the reason."))
    at = now()
    if outcome != Interviewed.NOT_MET:
        _clocks.stop(case, ClockKind.FIRST_MEETING)  # before the paper: one that raises the case asks for a talk anew
        _asq(actor, case, outcome, answers or {}, desk_id)
        waiting.update(outcome=Interviewed(outcome), done_at=at, done_by=actor.person)
    words = {"interview": Interviewed(outcome), "because": because}
    made = writer(case).entry(Section.RISK, EntryKind.SESSION, words, actor=actor, at=at, desk_id=desk_id)
    Entry.objects.bulk_create([made])
    return Outcome(case, stream=case.pk, facts={"outcome": Interviewed(outcome)})


def _asq(actor: Actor, case: Case, outcome: str, answers: Mapping[str, Any], desk_id: int | None) -> None:
    """The paper and the assessment face to face. A clinician may overrule a negative screen, never a positive one."""
    entry = record_instrument(actor=actor, case=case, instrument="asq", answers=answers, desk_id=desk_id)
    reading = PAPERS["asq"].read({code: value for code, value in answers.items() if value is not None})
    if outcome == Interviewed.NO_CONCERN and reading.result.band != Screen.NEGATIVE:
        raise Invalid("outcome", _("The ASQ is positive: this is a concern."))
    proposal = propose(reading.facts, PolicyVersion.current().policy())
    Assessment.objects.create(case=case, entry=entry, at=now(), face_to_face=True, proposed=proposal.tier)

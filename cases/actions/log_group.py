"""Note a group session (团体辅导) in the file of everybody who took part: the shared note, and what is one's own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import open_case
from cases.actions import _noting
from cases.models import Case
from cases.session import Meeting, kept
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at, through
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import Invalid

SMALLEST = 2


@action(P.GROUP_LOG)
def log_group(
    *,
    actor: Actor,
    references: Sequence[str],
    words: Mapping[str, Any],
    own: Mapping[str, str],
    held_at: datetime | None = None,
) -> Outcome[None]:
    """Seal the shared words into each case anew, with what `own` says of it (by reference); all of them or none.

    Each file then stands alone: none names another. Forbidden for one case that the actor does not work on; Invalid
    for fewer than two, and where neither a shared nor an own word is said.
    """
    cases = [open_case(actor, reference, P.SESSION_LOG) for reference in set(references)]
    if len(cases) < SMALLEST:
        raise Invalid("cases", _("A group has two students or more."))
    shared = kept(Meeting.GROUP, words)
    # Locked in one order, so that two groups with the same students do not wait for each other.
    for case in Case.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in cases]).order_by("pk"):
        alone = own.get(case.reference, "")
        said = {**shared, "own": alone} if alone else shared
        at, desk = _noting.check(said, held_at, None), acts_at(actor, P.SESSION_LOG, case)
        _noting.note(case, Meeting.GROUP, said, actor=actor, at=at, next_at=None, desk_id=desk)
        facts = {"kind": Meeting.GROUP, "group": len(cases)}
        record(stream=case.pk, act=P.SESSION_LOG, actor=through(actor, P.SESSION_LOG, case), facts=facts)
    return Outcome(None, stream=user_stream(actor.id), facts={"group": len(cases)})

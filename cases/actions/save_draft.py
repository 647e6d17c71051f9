"""Save the draft of a sheet: every few keystrokes, whoever types; grave answers start a clock at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases import drafts
from cases.actions._drafts import begun
from cases.clocks import ClockKind
from cases.draft_access import seal_draft
from cases.drafts import DraftKind
from cases.models import Case, Deadline, Draft, PolicyVersion
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.DRAFT_SAVE)
def save_draft(*, actor: Actor, draft_id: UUID, kind: DraftKind, words: Mapping[str, Any], base: int) -> Outcome[Draft]:
    """Save the words over version `base` (0: a new draft). WrongState when another device has saved since, or when the
    sheet was logged or dropped: nothing is written over.

    The server reads the risk answers while it has them. From the first one that calls for red or orange the draft is
    flagged in clear, and comes up after policy's minutes unless it is logged; answers that are taken back take the
    flag back as well, until it has come up: what others were told of ends by logging alone, or one person would take
    it from them and drop it. Of a call that was logged and goes on, only answers graver than its case are flagged, and
    an act under way of which its case does not know yet, also at red; what others were told of it ends by handing on
    what is new.
    """
    at, policy = now(), PolicyVersion.current().policy()
    draft = begun(actor, draft_id, kind)
    if draft.version != base:
        raise WrongState("newer", "save_draft")
    seal_draft(draft, words)
    before, logged = draft.tier, draft.case.tier if draft.case else ""
    draft.tier = drafts.flag(kind, words, policy, logged=logged)
    if draft.level and drafts.unheard(before, logged):
        draft.tier = draft.tier or before
    if draft.case and drafts.act(kind, words) and not _told(draft.case):
        draft.tier = Tier.RED
    draft.flagged_at = (draft.flagged_at or at) if draft.tier else None
    if not draft.tier or not before:
        draft.level, draft.due_at = 0, drafts.due(at, draft.flagged_at, policy)
    draft.version, draft.saved_at = base + 1, at
    draft.save()
    return Outcome(draft, stream=draft.pk, facts={"version": draft.version, "flagged": bool(draft.tier)})


def _told(case: Case) -> bool:
    """Whether an act under way has been heard in the case: then its clock to call police or ambulance runs, or has."""
    return Deadline.objects.filter(case=case, kind=ClockKind.TELL_RESCUE).exists()

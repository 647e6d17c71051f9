"""Drop a draft that was begun for nothing: by whoever typed it, never one whose answers are grave."""

from uuid import UUID

from django.utils.translation import gettext as _

from cases import drafts
from cases.actions._drafts import ended
from cases.draft_access import open_draft
from cases.models import Draft
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid, WrongState


@action(P.DRAFT_SAVE)
def drop_draft(*, actor: Actor, draft_id: UUID, typed: str = "") -> Outcome[Draft]:
    """Destroy what was typed. Invalid for a flagged draft: logging it asks for nothing but the click; and, where
    anything was saved, unless the time at which it was begun is `typed` (drafts.name), for it cannot be brought back.
    """
    draft = open_draft(actor, draft_id, lock=True)
    if draft.owner_id != actor.id:
        raise Forbidden
    if draft.ended_at:
        raise WrongState("ended", "drop_draft")
    if draft.tier:
        raise Invalid("draft", _("Its answers call for red or orange: log it. Nothing else is required."))
    if draft.version and typed.strip().replace("：", ":") != drafts.name(draft.begun_at):
        raise Invalid(
            "typed",
            _("Type %(name)s, when it was begun: what is destroyed cannot be brought back.")
            % {"name": drafts.name(draft.begun_at)},
        )
    ended(draft)
    return Outcome(draft, stream=draft.pk, facts={"version": draft.version})

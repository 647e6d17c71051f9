"""A draft in the transaction that writes it: found or begun, and ended with what became of it."""

from __future__ import annotations

from uuid import UUID

from cases.draft_access import end_draft, open_draft
from cases.drafts import DraftKind
from cases.models import Case, Draft
from wellbeing.access.actor import Actor
from wellbeing.errors import Forbidden, WrongState
from wellbeing.workdays import now


def begun(actor: Actor, pk: UUID, kind: DraftKind) -> Draft:
    """The draft of this id, locked, made when there is none: the page that is filled in has chosen its id.

    Raises WrongState when it has ended, Forbidden for somebody else's.
    """
    if not actor.posts:
        raise Forbidden
    at, post = now(), actor.posts[0]
    new = Draft(
        id=pk,
        kind=kind,
        owner_id=actor.person,
        desk_id=post.desk_id,
        division=post.division,
        begun_at=at,
        saved_at=at,
    )
    # Two first saves at once, or one beside the logging: whoever comes second finds the row of the first.
    Draft.objects.bulk_create([new], ignore_conflicts=True)
    draft = open_draft(actor, pk, lock=True)
    if draft.kind != kind:
        raise Forbidden
    if draft.ended_at:
        raise WrongState("ended", "save_draft")
    return draft


def ended(draft: Draft, *, case: Case | None = None) -> None:
    """End it with its key; what it became, if anything, stays with the row."""
    end_draft(draft)
    draft.ended_at, draft.due_at, draft.case = now(), None, case
    draft.save(update_fields=["sealed", "ended_at", "due_at", "case"])

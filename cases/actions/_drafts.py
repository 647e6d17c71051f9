"""A draft in the transaction that writes it: found or begun, going on after an early logging, and ended with
what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from cases import drafts
from cases.draft_access import end_draft, open_draft, seal_draft
from cases.drafts import DraftKind
from cases.models import Case, Draft, PolicyVersion
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import GRANTS
from wellbeing.errors import Forbidden, WrongState
from wellbeing.people.models import Role
from wellbeing.workdays import now

if TYPE_CHECKING:
    from cases.actions._calling import CallSheet

TYPES = {DraftKind.CALL: (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)}  # by which post a sheet is typed


def begun(actor: Actor, pk: UUID, kind: DraftKind) -> Draft:
    """The draft of this id, locked, made when there is none: the page that is filled in has chosen its id.

    Raises WrongState when it has ended, Forbidden for somebody else's.
    """
    if not actor.posts:
        raise Forbidden
    at, post = now(), actor.post_as(*TYPES[kind]) or actor.posts[0]
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


def goes_on(draft: Draft, case: Case, call: CallSheet) -> None:
    """The call was logged and is not over: the draft stays with its words, and its answers are no longer unheard."""
    if draft.sealed is None:  # sent before the first autosave, or without scripts: what was sent; its version stays
        seal_draft(
            draft, {code: _typed(value) for code, value in call.words.items() if value not in (None, "", [], ())}
        )
    draft.case = case
    handed_on(draft)


def handed_on(draft: Draft) -> None:
    """What it holds stands in its case by now: its answers are no longer unheard, and it waits as any other."""
    draft.tier, draft.flagged_at, draft.level = "", None, 0
    draft.due_at = drafts.due(now(), None, PolicyVersion.current().policy())
    draft.save()


def _typed(value: object) -> str | list[str]:
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else str(value)


def going_on(actor: Actor, pk: UUID, case: Case) -> Draft:
    """The draft of a call that was logged as this case and goes on, locked. WrongState once it has been finished,
    Forbidden for another case's."""
    draft = open_draft(actor, pk, lock=True)
    if draft.case_id != case.pk:
        raise Forbidden
    if draft.ended_at:
        raise WrongState("ended", "continue_call")
    return draft


def logged_before(draft: Draft) -> Case | None:
    """The case that the draft's call was logged as first, and that takes nothing more; for its reference, which whoever
    wrote the sheet had before. Its grants have ended, so a machine looks."""
    with identity(GRANTS):
        return Case.objects.filter(pk=draft.case_id).first() if draft.case_id else None


def ended(draft: Draft, *, case: Case | None = None) -> None:
    """End it with its key; what it became, if anything, stays with the row."""
    end_draft(draft)
    draft.ended_at, draft.due_at, draft.case = now(), None, case
    draft.save(update_fields=["sealed", "ended_at", "due_at", "case"])

"""The door to drafts and to the notes between shifts: whose they are, and how their words are sealed and opened.

A draft is its owner's, and from the moment it comes up also that desk's. A note is read at the desk it was left at.
Row-level security says the same; a missing one and one of somebody else are both Forbidden.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from cases.models import Case, Debriefing, Draft, Review, ShiftNote
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.people.models import User
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place

Sealed = ShiftNote | Review | Debriefing  # notes under keys of their own
KINDS = {"cases.shiftnote": "note", "cases.review": "review", "cases.debriefing": "debrief"}


@dataclass(frozen=True, slots=True)
class Note:
    """A note between shifts, opened."""

    by: str
    at: datetime
    text: str


def open_draft(actor: Actor, pk: UUID, *, lock: bool = False) -> Draft:
    """A draft of the actor's, while she sits at its desk, or one that came up to a desk of hers. Raises Forbidden."""
    rows = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects
    draft = rows.select_related("owner", "desk__organisation", "case").filter(pk=pk).first()
    if draft is None or not may(actor, P.DRAFT_READ):
        raise Forbidden
    hers = draft.owner_id == actor.id and draft.desk_id in actor.desks
    if not hers and draft.with_desk_id not in actor.desks:
        raise Forbidden
    return draft


def goes_on_in(actor: Actor, draft: Draft) -> Case | None:
    """The case in which the sheet of a call that was logged early goes on. None for one that was not logged, and where
    the case was closed meanwhile or is not the actor's any more: nothing is added to it then, and what was said since
    can still be logged as a call of its own, for a warning waits for no file."""
    return draft.case if draft.case and may(actor, P.CALL_CONTINUE, draft.case) else None


def open_due(actor: Actor, pk: UUID) -> Draft | None:
    """A draft that has not ended, locked, for the machine that takes it up; no word of it opens for one. Forbidden."""
    if not may(actor, P.DRAFT_RAISE):
        raise Forbidden
    rows = Draft.objects.select_for_update(of=("self",)).select_related("desk__organisation", "case")
    return rows.filter(pk=pk, ended_at=None).first()


def open_drafts(actor: Actor, limit: int = 20) -> list[Draft]:
    """The drafts that wait for the actor: her own and those that came up to her desks, flagged ones first."""
    begun = Q(version__gt=0) | Q(case__isnull=False)
    rows = (
        Draft.objects.filter(begun, ended_at=None)
        .select_related("owner", "case")
        .order_by(F("flagged_at").asc(nulls_last=True), "-saved_at")
    )
    branches = [rows.filter(owner_id=actor.person, desk_id__in=actor.desks), rows.filter(with_desk_id__in=actor.desks)]
    found = {draft.pk: draft for branch in branches for draft in branch[:limit]}
    return sorted(found.values(), key=lambda draft: (draft.flagged_at is None, draft.begun_at))[:limit]


def reveal_draft(actor: Actor, draft: Draft) -> dict[str, Any]:
    """The words of a draft, recorded as a reading. Forbidden once it has ended or where its key is not hers."""
    words = _words(draft)
    by = through(actor, P.DRAFT_READ, draft)
    record(stream=draft.pk, act=Tag.READ_DRAFT, actor=by, facts={"version": draft.version})
    return words


def seal_draft(draft: Draft, words: Mapping[str, Any]) -> None:
    """Put the words into a draft, the first ones under a new key."""
    new = draft.sealed is None
    key = keys.new_key("draft", draft.pk, draft.division) if new else keys.load_key("draft", draft.pk)
    draft.sealed = seal_json(key, _place(draft), dict(words))


def end_draft(draft: Draft) -> None:
    """What was drafted can never be opened again."""
    draft.sealed = None
    keys.destroy("draft", draft.pk)


def browser_key(user: User) -> str:
    """The key under which the browser keeps what it could not send yet, as base64 of 32 bytes.

    It is the same in every session of one account until its password changes, so that what was typed before a session
    ended opens in the next one; the browser holds it in memory only, while a page of a signed-in session is open.
    """
    digest = salted_hmac("wellbeing.drafts", f"{user.pk}:{user.password}", algorithm="sha256").digest()
    return base64.b64encode(digest).decode()


def seal_note(note: Sealed, text: str) -> None:
    """Put the words into an unsaved note under a key of its own."""
    key = keys.new_key(KINDS[note._meta.label_lower], note.pk, note.division)
    note.sealed = seal_json(key, _place(note), {"text": text})


def own_note(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> ShiftNote:
    """A note that the actor left. Forbidden otherwise."""
    rows = ShiftNote.objects.select_for_update(of=("self",)) if lock else ShiftNote.objects
    note = rows.filter(pk=pk, by_id=actor.person).first()
    if note is None or not may(actor, permission):
        raise Forbidden
    return note


def reveal_notes(actor: Actor, notes: Iterable[Sealed]) -> list[Note]:
    """Notes that the actor may read, opened; one reading is recorded. One whose key is gone is left out."""
    sealed = [(row, bytes(row.sealed)) for row in notes if row.sealed is not None]
    by_id = keys.load_for([envelope for _row, envelope in sealed])
    found = [
        Note(str(row.by), row.at, open_json(by_id[keys.id_of(envelope)], _place(row), envelope)["text"])
        for row, envelope in sealed
        if keys.id_of(envelope) in by_id
    ]
    if found:
        record(stream=user_stream(actor.id), act=Tag.READ_NOTES, actor=actor, facts={"notes": len(found)})
    return found


def _words(draft: Draft) -> dict[str, Any]:
    if draft.sealed is None:
        raise Forbidden
    key = keys.load_for([draft.sealed]).get(keys.id_of(draft.sealed))
    if key is None:
        raise Forbidden
    return dict(open_json(key, _place(draft), bytes(draft.sealed)))


def _place(row: Draft | Sealed) -> Place:
    return Place(model=row._meta.label_lower, pk=row.pk, field="sealed", division=row.division)

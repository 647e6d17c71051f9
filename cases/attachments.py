"""The only door to files: sealed when they are kept, opened with the entry that describes them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from cases.access import Purpose, reveal_entry
from cases.attachment import FILE_KEY
from cases.models import Attachment, AttachmentRecord, Case, Entry
from wellbeing.access.actor import Actor
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role
from wellbeing.upload import Content
from wellbeing.vault import journal, keys
from wellbeing.vault.documents import seal_json
from wellbeing.vault.envelope import Place
from wellbeing.vault.stream import new_secret, open_file, seal_file
from wellbeing.workdays import now

OWN = timedelta(days=1)  # in which whoever attached a file takes back a mistake alone


class Withdraws(StrEnum):
    """Why somebody may withdraw a file."""

    OWN = "own"  # she attached it, not a day ago
    ANSWERS = "answers"  # the case manager, the hotline's supervisor: with a reason


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file, opened: its name, its kind (a media type) and its bytes."""

    name: str
    kind: str
    content: bytes


def seal_attachment(attachment: Attachment, division: str, content: Content, note: str) -> Iterator[AttachmentRecord]:
    """Put what is said of the file, with its key, into the unsaved attachment, under a new data key of its own; and its
    records, sealed one by one and not yet written."""
    secret = new_secret()
    words = {
        **({"note": note} if note else {}),
        "file_name": content.name,
        "file_type": content.kind,
        "file_size": len(content.content),
        FILE_KEY: base64.b64encode(secret).decode(),
    }
    sealed = seal_file(secret, content.content, _place(attachment.pk), settings.VAULT_SUITE)
    place = Place(model="cases.attachment", pk=attachment.pk, field="sealed", division=division)
    attachment.sealed = seal_json(keys.new_key("file", attachment.pk, division), place, words)
    return (AttachmentRecord(attachment=attachment, number=n, piece=piece) for n, piece in enumerate(sealed))


def open_attachment(actor: Actor, case: Case, entry_id: UUID, purpose: Purpose) -> OpenedFile:
    """Open the file that an entry describes, as far as the actor may read its section, and record the reading.

    Raises Forbidden when there is none to the actor, or it was withdrawn; SealError when it is not whole.
    """
    attachment = Attachment.objects.filter(case=case, entry_id=entry_id, withdrawn_at=None).first()
    if attachment is None:
        raise Forbidden
    words = reveal_entry(actor, case, entry_id, purpose).words
    records = AttachmentRecord.objects.filter(attachment=attachment).order_by("number").values_list("piece", flat=True)
    pieces = records.iterator(chunk_size=16)
    content = b"".join(open_file(base64.b64decode(words[FILE_KEY]), pieces, _place(attachment.pk)))
    return OpenedFile(words["file_name"], words["file_type"], content)


def attached_entry(case: Case, entry_id: str) -> Entry | None:
    """The cover of an attachment that was not withdrawn, if the asker sees it; for a question before it goes."""
    try:
        rows = Attachment.objects.filter(case=case, entry_id=UUID(entry_id), withdrawn_at=None)
    except ValueError:
        return None
    found = rows.select_related("entry__author").first()
    return found.entry if found else None


def may_withdraw(actor: Actor, case: Case, author_id: int | None, at: datetime) -> Withdraws | None:
    """Why the actor may withdraw what was attached by this author at this time, if she may; besides her right to."""
    if author_id == actor.person and now() < at + OWN:
        return Withdraws.OWN
    answers = case.manager_id == actor.person or actor.post_as(Role.HOTLINE_SUPERVISOR) is not None
    return Withdraws.ANSWERS if answers else None


def destroy_key(attachment: Attachment) -> None:
    """Destroy the data key of one that is withdrawn: what was sealed under it never opens again."""
    keys.destroy("file", attachment.pk)


def note_withdrawn() -> int:
    """How many attachments that were withdrawn are new to the journal of erasures: for the custodian's run, because the
    web holds no journal. What stands there is withdrawn again after a restore. ImproperlyConfigured without a journal.
    """
    rows = dict(Attachment.objects.filter(withdrawn_at__isnull=False).values_list("pk", "withdrawn_at"))
    if not rows:
        return 0
    known = {pk for kind, pk in journal.read() if kind == "file"} if journal.measure()["lines"] else set()
    new = {pk: at for pk, at in rows.items() if pk not in known}
    for pk, at in new.items():
        journal.note([("file", pk)], "withdrawn", at or now())
    return len(new)


def _place(pk: UUID) -> Place:
    """Of no division: the file's own key is what moves with its case."""
    return Place(model="cases.attachment", pk=pk, field="records", division="")

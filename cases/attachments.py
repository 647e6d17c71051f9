"""The only door to files: sealed when they are kept, opened with the entry that describes them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from cases.access import Purpose, reveal_entry
from cases.attachment import FILE_KEY
from cases.models import Attachment, AttachmentRecord, Case
from wellbeing.access.actor import Actor
from wellbeing.errors import Forbidden
from wellbeing.upload import Content
from wellbeing.vault.envelope import Place
from wellbeing.vault.stream import new_secret, open_file, seal_file


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file, opened: its name, its kind (a media type) and its bytes."""

    name: str
    kind: str
    content: bytes


def seal_attachment(attachment: Attachment, content: Content) -> tuple[Mapping[str, Any], Iterator[AttachmentRecord]]:
    """What the entry says of the file, with its key; and its records, sealed one by one and not yet written."""
    secret = new_secret()
    words = {
        "file_name": content.name,
        "file_type": content.kind,
        "file_size": len(content.content),
        FILE_KEY: base64.b64encode(secret).decode(),
    }
    sealed = seal_file(secret, content.content, _place(attachment.pk), settings.VAULT_SUITE)
    records = (AttachmentRecord(attachment=attachment, number=n, piece=piece) for n, piece in enumerate(sealed))
    return words, records


def open_attachment(actor: Actor, case: Case, entry_id: UUID, purpose: Purpose) -> OpenedFile:
    """Open the file that an entry describes, as far as the actor may read its section, and record the reading.

    Raises Forbidden when there is none to the actor, SealError when it is not whole.
    """
    attachment = Attachment.objects.filter(case=case, entry_id=entry_id).first()
    if attachment is None:
        raise Forbidden
    words = reveal_entry(actor, case, entry_id, purpose).words
    records = AttachmentRecord.objects.filter(attachment=attachment).order_by("number").values_list("piece", flat=True)
    pieces = records.iterator(chunk_size=16)
    content = b"".join(open_file(base64.b64decode(words[FILE_KEY]), pieces, _place(attachment.pk)))
    return OpenedFile(words["file_name"], words["file_type"], content)


def _place(pk: UUID) -> Place:
    """Of no division: the file's own key is what moves with its case."""
    return Place(model="cases.attachment", pk=pk, field="records", division="")

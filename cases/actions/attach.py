"""Attach a paper (附件): a signed consent, a receipt, a drawing; sealed, in the section where it belongs."""

from itertools import islice

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.attachment import SECTION_OF, Attached
from cases.attachments import seal_attachment
from cases.models import Attachment, AttachmentRecord, Case, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.upload import Content
from wellbeing.workdays import now

BATCH = 16  # records of 64 KiB per statement


@action(P.ATTACH)
def attach(
    *, actor: Actor, case: Case, what: Attached, content: Content, note: str = "", desk_id: int | None = None
) -> Outcome[Attachment]:
    """Keep a file that was looked at (wellbeing/content.py), all of it or nothing. Invalid for a closed case."""
    if case.status == "closed":
        raise Invalid("content", _("The case is closed."))
    attachment, section = Attachment(case=case), Section(SECTION_OF[what])
    records = seal_attachment(attachment, case.division_id, content, note)
    entry = writer(case).entry(
        section, EntryKind.ATTACHMENT, {"attached": what}, actor=actor, at=now(), desk_id=desk_id
    )
    entry.save(force_insert=True)
    attachment.entry = entry
    attachment.save(force_insert=True)
    while batch := list(islice(records, BATCH)):
        AttachmentRecord.objects.bulk_create(batch)
    return Outcome(attachment, stream=case.pk, facts={"what": what, "section": section, "bytes": len(content.content)})

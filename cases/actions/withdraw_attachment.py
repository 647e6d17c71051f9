"""Withdraw an attachment (撤回附件) that was added to the wrong case: the file and what was said of it are gone for
good; that there was one, who withdrew it, when and why, stays."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.attachments import Withdraws, destroy_key, may_withdraw
from cases.models import Attachment, AttachmentRecord, Case, Entry, EntryKind, Section
from cases.retention_access import held
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now


@action(P.ATTACHMENT_WITHDRAW)
def withdraw_attachment(
    *, actor: Actor, case: Case, entry_id: UUID, typed: str, because: str = "", desk_id: int | None = None
) -> Outcome[Entry]:
    """The line that says so. Forbidden for what is not there to the actor; Invalid for whoever may not
    (attachments.may_withdraw), without a reason where one is due, for a wrong reference, and under a legal hold;
    WrongState the second time."""
    entry = Entry.objects.filter(case=case, pk=entry_id, kind=EntryKind.ATTACHMENT).first()
    attachment = Attachment.objects.filter(entry=entry).first() if entry else None
    if entry is None or attachment is None:
        raise Forbidden
    if attachment.withdrawn_at:
        raise WrongState("withdrawn", "withdraw_attachment")
    at, may = now(), may_withdraw(actor, case, entry.author_id, entry.at)
    if may is None:
        raise Invalid(
            "typed", _("After a day the case manager or the hotline's supervisor withdraws it. Tell one of them.")
        )
    if may == Withdraws.ANSWERS and not because.strip():
        raise Invalid("because", _("Write why it is withdrawn."))
    if typed.strip().upper() != case.reference:
        raise Invalid("typed", _("This is not the reference of the case."))
    if held(case.pk):
        raise Invalid("typed", _("This case is under a legal hold: nothing of it may be withdrawn until that ends."))
    words = {"because": because.strip()}
    line = writer(case).entry(Section(entry.section), EntryKind.WITHDRAWAL, words, actor=actor, at=at, desk_id=desk_id)
    line.save(force_insert=True)
    attachment.sealed, attachment.withdrawn_at, attachment.withdrawn_by_id = None, at, actor.person
    attachment.save(update_fields=["sealed", "withdrawn_at", "withdrawn_by"])
    destroy_key(attachment)
    AttachmentRecord.objects.filter(attachment=attachment).delete()
    facts = {"entry": entry.pk, "section": Section(entry.section), "why": may}
    return Outcome(line, stream=case.pk, facts=facts)

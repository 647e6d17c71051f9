"""What the acts of an export share: its mark, and the word to its receiver."""

from django.utils.translation import gettext as _

from cases.models import Export
from wellbeing.moments import absolute
from wellbeing.outbox.post import post


def mark(export: Export, by: str) -> str:
    """Who took it, for whom, when, under which reference, and how it is to be handled: in the sheet, at the foot of
    each printed page, and among the properties of the document."""
    return _(
        "{reference} · taken by {by} (account {by_id}) for {receiver} (account {receiver_id}) on {at}."
        " Confidential: about children. Not to be passed on; destroy it when the work is done."
    ).format(
        reference=export.reference,
        by=by,
        by_id=export.by_id,
        receiver=export.receiver,
        receiver_id=export.receiver_id,
        at=absolute(export.at),
    )


def ready(export: Export) -> None:
    """Tell the receiver that the file can be fetched."""
    post(kind="export_ready", user_id=export.receiver_id, target="exports", dedupe_key=f"export_ready:{export.pk}")

"""Fetch an export, once, as its receiver; its key is destroyed with the fetching."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.export_access import end_keys, open_export, open_file, open_to, waits_for_second
from cases.models import Export
from cases.models.export import ExportSort
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.EXPORT_FETCH, fresh=True)
def fetch_export(*, actor: Actor, export_id: UUID) -> Outcome[tuple[Export, bytes]]:
    """The export and its file. Forbidden to everybody but its receiver, and to her once she has left the desk;
    WrongState before a second person has confirmed, after the one fetching, and when its time is over; Invalid once one
    of its cases is not open to her any more."""
    export = open_export(actor, export_id, P.EXPORT_FETCH)
    if export.fetched_at is not None or export.until <= now():
        raise WrongState("fetched" if export.fetched_at else "lapsed", "fetch_export")
    if waits_for_second(export):
        raise WrongState("waiting", "fetch_export")
    if not open_to(export.receiver, export.cases, export.sort):
        raise Invalid("rows", _("Some of these rows are not open to you any more: ask for the list anew."))
    content = open_file(export)  # first: the wall shuts with the next line
    if not Export.objects.filter(pk=export.pk, fetched_at=None).update(fetched_at=now(), sealed=None):
        raise WrongState("fetched", "fetch_export")
    end_keys([export.pk])
    if export.by_id != export.receiver_id:
        post(kind="export_fetched", user_id=export.by_id, target="exports", dedupe_key=f"export_fetched:{export.pk}")
    facts = {
        "export": export.pk,
        "sort": ExportSort(export.sort),
        "rows": export.row_count,
        "cases": tuple(export.cases),
    }
    return Outcome((export, content), stream=user_stream(actor.id), facts=facts)

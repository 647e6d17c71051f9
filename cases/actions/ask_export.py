"""Ask for rows as a file: sealed at once for one receiver, and above fifty rows, of one file or of all that somebody
takes out within a day, a second person is asked."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cases.actions._export import mark, ready
from cases.export_access import Rows, above, asking_desk, counts_for, open_to, receivers, seal_export
from cases.models import Export
from cases.models.export import ALONE, ExportForm, ExportReason, ExportSort
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import members
from wellbeing.workdays import now

MOST = 5_000  # rows of one file
DAYS = 3


@action(P.EXPORT_ASK, fresh=True)
def ask_export(
    *, actor: Actor, sort: str, rows: Rows, form: str, why: str, receiver_id: int, days: int
) -> Outcome[Export]:
    """`rows` are what the actor has read through the doors of its sort. Invalid without a row or with more than MOST,
    for a receiver who does not sit at the actor's desk, or to whom not all of them are open, and for more than DAYS
    days."""
    desk, at = asking_desk(actor, rows.school), now()
    if not 0 < len(rows.lines) <= MOST:
        raise Invalid("rows", _("There is no row to export, or there are too many."))
    if not 0 < days <= DAYS:
        raise Invalid("days", _("An export waits for three days at most."))
    receiver = next((user for user in receivers(desk) if user.pk == receiver_id), None)
    if receiver is None:
        raise Invalid("receiver", _("Only somebody who sits at your desk can receive it."))
    if receiver.pk != actor.person and not open_to(receiver, rows.cases, sort):
        raise Invalid("receiver", _("Some of these rows are open to you and not to the receiver."))
    codes = {"sort": ExportSort(sort), "form": ExportForm(form), "why": ExportReason(why)}
    made = Export(**codes, desk=desk, above=above(desk))
    made.row_count, made.cases = counts_for(actor, len(rows.lines)), list(rows.cases)
    made.by_id, made.receiver, made.division = actor.person, receiver, desk.organisation.division_id
    made.at, made.until = at, at + timedelta(days=days)
    seal_export(made, rows, mark(made, actor.name))
    made.save(force_insert=True)
    if made.row_count <= ALONE:
        ready(made)
    else:
        _ask_second(made)
    facts = {**codes, "export": made.pk, "rows": len(rows.lines), "receiver": receiver.pk, "cases": tuple(made.cases)}
    return Outcome(made, stream=user_stream(actor.id), facts=facts)


def _ask_second(made: Export) -> None:
    """Tell those who may confirm it: colleagues, without asker and receiver, and the desk above."""
    key = f"export:{made.pk}"
    for user in sorted({*members(made.desk_id)} - {made.by_id, made.receiver_id}):
        post(kind="export_asked", user_id=user, target="exports", dedupe_key=f"{key}:u{user}")
    if made.above_id and made.above_id != made.desk_id:
        post(kind="export_asked", desk_id=made.above_id, target="exports", dedupe_key=f"{key}:{made.above_id}")

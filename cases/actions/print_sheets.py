"""Print sheets of paper (纸质单) for the days when the system is down: numbered, for one's own desk."""

from django.utils.translation import gettext_lazy as _

from cases.models import PaperSheet
from cases.paper_access import MOST, roles_for
from cases.paper_number import PaperKind
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.ids import uuid7
from wellbeing.workdays import now


@action(P.PAPER_PRINT)
def print_sheets(*, actor: Actor, kind: PaperKind, count: int) -> Outcome[PaperSheet]:
    """Number `count` sheets of a kind; answers with the first of them. Invalid for a kind that is not the actor's
    work, or for none or too many."""
    post = actor.post_as(*roles_for(kind))
    if post is None:
        raise Invalid("kind", _("Sheets of this kind belong to other desks."))
    if not 1 <= count <= MOST:
        raise Invalid("count", _("Between one sheet and fifty at a time."))
    batch, at = uuid7(), now()
    sheets = PaperSheet.objects.bulk_create(
        PaperSheet(batch=batch, kind=kind, desk_id=post.desk_id, printed_by_id=actor.person, printed_at=at)
        for _number in range(count)
    )
    return Outcome(sheets[0], stream=user_stream(actor.id), facts={"kind": kind, "sheets": count})

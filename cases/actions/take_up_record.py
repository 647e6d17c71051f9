"""Look for the case that a request for records is about, in its division, open or closed, and open it for whoever
examines."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.actions import _notices
from cases.actions._records import move
from cases.models import Case
from cases.records_access import files_opened, find_case, names_nobody, open_request
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import lend
from wellbeing.access.machines import RECORDS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.pace import check_pace
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.models import User
from wellbeing.workdays import now

SHORTEST = timedelta(days=3)  # of the grant, for a request that is late
# Files that one request opens: a default of ours, as many as one person may open in an emergency within a day. It is
# about one person, and a request is no way round breaking the glass.
MOST = 3


@action(P.RECORDS_TAKE_UP)
def take_up_record(*, actor: Actor, reference: str, words: str, school: UUID | None = None) -> Outcome[Case | None]:
    """The case of a reference or a student number, or None; either is recorded, never the words. A number that is not
    the same everywhere may be any child's of the county: with it the `school` is named, or Invalid.

    Whoever cannot open it yet may read it until the request is answered, never work on it; the desk that owns it, or
    who holds its call, is told that somebody asks, to say whose home must not be reached. That takes two people:
    whoever received the request or checked who asks opens nothing by it, or an invented request would be a way round
    breaking the glass.
    To her a file that is not hers and none at all are the same (Invalid), as is one search too many within a minute,
    and any further one once MOST files were opened for the request.
    """
    row = open_request(actor, reference, P.RECORDS_TAKE_UP, lock=True)
    check_pace(actor, P.RECORDS_TAKE_UP, "words")
    move(row, "take_up_record")
    if names_nobody(words) and school is None:
        raise Invalid("school", _("Choose the school: each has numbers of its own, and this may be another child's."))
    if files_opened(row) >= MOST:
        raise Invalid("words", _("No further file can be opened for this request: it is about one person."))
    case, given = find_case(row, words, school), False
    hers = case is not None and may(actor, P.FILE_READ, case)
    if not hers and actor.id in (row.received_by_id, row.checked_by_id):
        raise Invalid("words", _("No file that is open to you. A colleague who did not receive it looks further."))
    if case is not None and not hers:
        until, given = max(row.due_at, now() + SHORTEST), True
        with identity(RECORDS):
            to, holds = User(pk=actor.person), (Hold.SEE, Hold.READ)
            lend(case, to=to, origin=Origin.RECORDS, expires_at=until, by=actor, holds=holds)
    if case is not None and case.owner_desk_id != row.desk_id:
        key, target, owner = f"records_asked:{row.pk}:{case.pk}", f"case:{case.reference}", case.owner_desk_id
        for user, desk in _notices.working(case, P.CONTACT_STOP, but=actor) or [(None, owner)]:
            said = f"{key}:{user or ''}:{desk or ''}"
            post(kind="records_asked", user_id=user, desk_id=desk, target=target, dedupe_key=said)
    facts = {"hits": int(case is not None), "given": given, "case": case.pk if case else None}
    return Outcome(case, stream=row.pk, facts=facts, desk=row.desk_id)

"""Open a case to another desk or person until a day (授权), by the desk that owns it; the reason stands in the file."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.models import Case, EntryKind, Section
from cases.sharing import holds_for, key_of, owns
from wellbeing.access.actor import Actor
from wellbeing.access.grants import FULL, OWNER_DAYS, grant, revoke
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.moments import absolute
from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now


@action(P.ACCESS_GRANT)
def grant_access(
    *, actor: Actor, case: Case, to: Desk | User, hold: Hold, until: datetime, because: str
) -> Outcome[Case]:
    """Give `hold` and the weaker holds until a moment, 180 days ahead at most (SECURITY.md 3.1). Given again, it ends
    when the new one says. Raises Invalid naming the field; Forbidden unless the actor's desk owns the case."""
    if not owns(actor, case):
        raise Forbidden
    at = now()
    possible = holds_for(case, to)
    if not possible:
        raise Invalid("to", _("Choose a desk of the city or of this county, or somebody who sits there today."))
    if hold not in possible:
        raise Invalid("hold", _("A school's crisis lead sees the cover alone, and never what was said. Choose that."))
    known = next((one for one in holders(case) if one.key == key_of(to)), None)
    if known and known.origin != Origin.GIVEN:
        raise Invalid("to", _("This desk or person can open the file already, by the work itself."))
    if not at < until <= at + OWNER_DAYS:
        raise Invalid("until", _("Choose a day within the next 180 days."))
    if not because.strip():
        raise Invalid("because", _("Write why the file is opened to them."))
    if known:
        revoke(case, holder=to)
    grant(case, to=to, origin=Origin.GIVEN, expires_at=until, by=actor, holds=FULL[: FULL.index(hold) + 1], at=at)
    words = {"given_to": str(to), "until": absolute(until), "because": because.strip()}
    entry = writer(case).entry(Section.PLAN, EntryKind.ACCESS, words, actor=actor, at=at, desk_id=case.owner_desk_id)
    entry.save(force_insert=True)
    side = {"user_id": to.pk} if isinstance(to, User) else {"desk_id": to.pk}
    key = f"given:{case.pk}:{key_of(to)}:{at.isoformat()}"
    post(kind="given", target=f"case:{case.reference}", tier=case.tier, dedupe_key=key, **side)
    return Outcome(case, stream=case.pk, facts={**side, "hold": hold, "until": until})

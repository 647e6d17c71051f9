"""Judge an opening in an emergency: justified, not, or unclear."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.glass_access import confirmed_by_asker, open_glass
from cases.models import BreakGlass, Verdict
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.machines import GLASS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.people.models import Role, User
from wellbeing.people.telling import tell_desks
from wellbeing.workdays import now


@action(P.GLASS_REVIEW, fresh=True)
def review_glass(*, actor: Actor, glass_id: UUID, verdict: str) -> Outcome[BreakGlass]:
    """By a person of one of the two desks, or of the desk it went up to; never by who opened it, or was the second
    person for its sealed section (Forbidden).

    The first verdict stands (WrongState). What is not justified is shut at once, its sealed section with it; that, or
    unclear, is told to the security administrator.
    """
    glass = open_glass(actor, glass_id, P.GLASS_REVIEW, lock=True)
    if glass.by_id == actor.id or confirmed_by_asker([glass]):
        raise Forbidden
    if glass.reviewed_at is not None:
        raise WrongState("reviewed", "review_glass")
    if verdict not in Verdict.values:
        raise Invalid("verdict", _("Choose what you find."))
    glass.verdict, glass.reviewed_by_id, glass.reviewed_at = verdict, actor.person, now()
    if verdict == Verdict.NOT_JUSTIFIED:
        glass.until = min(glass.until, glass.reviewed_at)
        with identity(GLASS):
            revoke(glass.case, holder=User(pk=glass.by_id), origin=Origin.BREAK_GLASS)
    glass.save(update_fields=["verdict", "reviewed_by", "reviewed_at", "until"])
    if verdict != Verdict.JUSTIFIED:
        tell_desks(Role.SECURITY_ADMIN, kind="glass_doubted", target="glass", key=str(glass.pk))
    post(kind="glass_reviewed", user_id=glass.by_id, target="glass", dedupe_key=f"glass_reviewed:{glass.pk}")
    return Outcome(glass, stream=glass.case_id, facts={"verdict": Verdict(verdict), "glass": glass.pk})

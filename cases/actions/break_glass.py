"""Open a file in an emergency without a grant (紧急破窗): for hours, told to two desks first, judged by them after."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cases.actions._turn import in_turn
from cases.glass import SHORTEST, rests, reviewing
from cases.glass_access import behind_glass, earlier, seal_reason
from cases.models import BreakGlass, Case, GlassReason, PolicyVersion
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import lend, since
from wellbeing.access.machines import GLASS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at, members, triage_desk
from wellbeing.people.models import Desk, OrganisationKind, Role, User
from wellbeing.workdays import now

WHY_NOT = {
    "often": _("You have opened as many files in this way today as one person may. Call the city centre."),
    "unreviewed": _("One of your earlier openings still waits for its review; until then this way is shut."),
    "refused": _("An opening of yours was found not justified; this way is shut for a day."),
}
NOBODY = _("There are no two desks that could be told of it. Call the city centre.")


@action(P.GLASS_BREAK, fresh=True)
def break_glass(*, actor: Actor, reference: str, why: str, because: str) -> Outcome[Case]:
    """Let the actor see and read (never work on) an open case of her reach for policy's hours.

    The notices to two desks are written in the same transaction as the grant, so nobody reads before they are on their
    way; whoever works with the file, at its school too, is told as well. Invalid for a short reason, while her right
    rests (cases/glass.py), and for a file that is open to her anyway. What stands in her own way is said first,
    whatever the reference: nobody learns by a half-filled form, which leaves no trace, whether there is such a file.
    """
    at, policy = now(), PolicyVersion.current().policy()
    if len(because.strip()) < SHORTEST:
        raise Invalid("because", _("Write in a sentence what makes it necessary (20 characters or more)."))
    before, suspend = earlier(actor), timedelta(hours=policy.glass_suspend_hours)
    if shut := rests(before, at, per_day=policy.glass_per_day, suspend=suspend):
        raise Invalid("reference", WHY_NOT[shut])
    case = behind_glass(actor, reference)
    if in_turn(case.pk) == "closed":  # meanwhile: closing ended every grant, and this one would stay
        raise Forbidden
    if may(actor, P.FILE_READ, case):
        raise Invalid("reference", _("This file is open to you already."))
    reviewers = reviewing({desk: {*members(desk)} - {actor.id} for desk in _desks(case)}, actor.desks)
    if reviewers is None:  # a gap in the set-up: no two desks to tell
        raise Invalid("reference", NOBODY)
    until = at + timedelta(hours=policy.glass_hours)
    glass = BreakGlass(case=case, reference=case.reference, division=case.division_id, by_id=actor.person, at=at)
    glass.why, glass.until = GlassReason(why), until
    glass.first_desk_id, glass.second_desk_id = reviewers
    seal_reason(glass, because.strip())
    glass.save(force_insert=True)
    for desk in reviewers:
        post(kind="glass_broken", desk_id=desk, target="glass", dedupe_key=f"glass:{glass.pk}:{desk}")
    with identity(GLASS):
        _tell_holders(case, glass, reviewers)
        holds = (Hold.SEE, Hold.READ)
        lend(case, to=User(pk=actor.id), origin=Origin.BREAK_GLASS, expires_at=until, by=actor, holds=holds)
    return Outcome(case, stream=case.pk, facts={"why": GlassReason(why), "glass": glass.pk, "desks": reviewers})


def _desks(case: Case) -> list[int]:
    """Who may review, in order: the city's duty, the county's triage, the hotline's supervisor, the bureau, any
    hotline's supervisor."""
    desks = Desk.objects.order_by("pk")
    city = desks.filter(role=Role.CITY_DUTY).first()
    bureau = desks.filter(role=Role.EDUCATION_ADMIN, organisation__kind=OrganisationKind.BUREAU).first()
    supervisor = desk_at(case.owner_desk.organisation_id, Role.HOTLINE_SUPERVISOR)
    others = desks.filter(role=Role.HOTLINE_SUPERVISOR)
    asked = (city, triage_desk(case.division_id), supervisor, bureau, *others)
    return list(dict.fromkeys(desk.pk for desk in asked if desk))


def _tell_holders(case: Case, glass: BreakGlass, reviewers: tuple[int, int]) -> None:
    """Tell who has the file anyway, and nobody who does not know of it: a school's crisis lead where she was given it
    (SECURITY.md T7)."""
    for holder, _since in since(case):
        user, desk = (holder.pk, None) if isinstance(holder, User) else (None, holder.pk)
        if desk not in reviewers:
            key = f"glass_here:{glass.pk}:{user}:{desk}"
            post(kind="glass_here", target=f"case:{case.reference}", user_id=user, desk_id=desk, dedupe_key=key)

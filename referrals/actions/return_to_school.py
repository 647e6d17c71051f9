"""Return to school (复学): the school's counsellor gets the plan, and becomes the case's manager."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from referrals.actions._journey import case_of, move, tell
from referrals.models import Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now


@action(P.RETURN_PLAN)
def return_to_school(
    *, actor: Actor, referral: Referral, desk: Desk, manager: User, words: Mapping[str, Any]
) -> Outcome[Referral]:
    """Seal the plan for the school's desk and hand it the case to follow up; it never sees the hospital's report.

    The plan stands in the case too: it outlives the referral, and a leave ends with it.
    """
    if desk.role != Role.SCHOOL_COUNSELLOR:
        raise Invalid("desk", _("Choose the counsellor's desk of a school."))
    at = now()
    move(referral, "return_to_school", actor=actor, desk_id=referral.from_desk_id)
    grant(referral, to=desk, origin=Origin.REFERRAL, expires_at=at + OWNER_DAYS, by=actor)
    seal_packet(
        referral=referral,
        purpose=Purpose.RETURN_PLAN,
        words=words,
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=desk,
        at=at,
        expires_at=at + OWNER_DAYS,
    ).save(force_insert=True)
    case = case_of(referral)
    cases.assign_manager(actor=actor, case=case, manager=manager, desk=desk)
    cases.plan_return(actor=actor, case=case, words=words, desk_id=referral.from_desk_id)
    tell(referral, "return_plan", [desk.pk])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "desk": desk.pk})

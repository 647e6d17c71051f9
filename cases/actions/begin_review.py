"""Begin the review of a call (话务质检): the supervisor sees and reads its case for policy's days."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.actions._turn import in_turn
from cases.models import PolicyVersion, Review
from cases.supervision import reviewers_desk, sampled_call
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import lend
from wellbeing.access.machines import SUPERVISION
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.people.models import User
from wellbeing.workdays import now


@action(P.CALL_REVIEW)
def begin_review(*, actor: Actor, call_id: UUID) -> Outcome[Review]:
    """Only of a call of the sample and never of her own (Forbidden), so that nobody reads what she likes. WrongState
    when somebody began it. She never gets to work on the case; what she held before stays."""
    call, desk, at = sampled_call(actor, call_id), reviewers_desk(actor), now()
    in_turn(call.case_id)
    if Review.objects.filter(call=call).exists():
        raise WrongState("begun", "begin_review")
    case, until = call.case, at + timedelta(days=PolicyVersion.current().policy().review_days)
    review = Review(call=call, case=case, counsellor_id=call.counsellor_id, desk=desk, division=case.division_id)
    review.by_id, review.at, review.until, review.high = actor.person, at, until, call.high  # type: ignore[attr-defined]
    if not may(actor, P.FILE_READ, case):
        with identity(SUPERVISION):
            holds = (Hold.SEE, Hold.READ)
            lend(case, to=User(pk=actor.id), origin=Origin.SUPERVISION, expires_at=until, by=actor, holds=holds)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:  # at the same moment
        raise WrongState("begun", "begin_review") from None
    return Outcome(review, stream=case.pk, facts={"review": review.pk, "high": review.high})

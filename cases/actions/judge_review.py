"""Judge a call: three marks and a note."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.draft_access import seal_note
from cases.models import Review
from cases.quality import DOMAINS, HIGHEST, LOWEST
from cases.supervision import open_review
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.CALL_REVIEW)
def judge_review(*, actor: Actor, review_id: UUID, marks: Mapping[str, int], note: str = "") -> Outcome[Review]:
    """`marks` from 1 to 5 for each of quality.DOMAINS (Invalid otherwise). Once; a second time is WrongState."""
    review = open_review(actor, review_id, P.CALL_REVIEW, lock=True)
    if review.reviewed_at is not None:
        raise WrongState("reviewed", "judge_review")
    for domain in DOMAINS:
        mark = marks.get(domain)
        if mark is None or not LOWEST <= mark <= HIGHEST:
            raise Invalid(domain, _("Give a mark from 1 to 5."))
        setattr(review, domain, mark)
    review.reviewed_at = now()
    if note.strip():
        seal_note(review, note.strip())
    review.save()
    return Outcome(review, stream=review.case_id, facts={"review": review.pk})

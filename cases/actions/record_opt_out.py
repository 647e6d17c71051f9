"""Record a guardian's or a student's answer to a screening: she takes part, or she does not and is not asked."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.flow import BATCH
from cases.models import CampaignStudent
from cases.screening_access import open_batch
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.workdays import now


@action(P.SCREENING_UPLOAD)
def record_opt_out(*, actor: Actor, student_id: UUID, takes_part: bool | None) -> Outcome[CampaignStudent]:
    """Opt out (False), take part (True), or, where that was recorded by mistake, neither (None).
    Invalid once she has answered: what is imported follows the case's rules."""
    one = CampaignStudent.objects.select_for_update(of=("self",)).filter(pk=student_id).first()
    if one is None:
        raise Forbidden
    BATCH.step(open_batch(actor, one.batch_id).state, "give_answers")
    if one.answered_at:
        raise Invalid("takes_part", _("She has answered already."))
    at = now()
    one.consented_at, one.opted_out_at = at if takes_part else None, at if takes_part is False else None
    one.recorded_by_id = actor.id
    one.save(update_fields=["consented_at", "opted_out_at", "recorded_by"])
    return Outcome(one, stream=one.batch_id, facts={"student": one.pk, "takes_part": takes_part})

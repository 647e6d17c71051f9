"""The comprehensive assessment of a return: a page of the case that begins with what the hospital has reported."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from cases.access import open_case
from cases.action_views import address
from cases.leave_forms import LeaveForm, form_of
from cases.leave_views import not_yet
from cases.models import Case
from referrals.access import visible_referrals
from referrals.action_views import last_words
from referrals.models import Purpose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at, may
from wellbeing.action_page import action_page

STEP = "weigh_return"


def reported(actor: Actor, case: Case) -> dict[str, Any]:
    """The hospital's advice from its newest report, as far as the actor may read one; never its conclusion."""
    for referral in visible_referrals(actor).filter(case=case).order_by("-opened_at"):
        if may(actor, P.PACKET_READ, referral):
            said = last_words(actor, referral, Purpose.FEEDBACK)
            if said.get("advice"):
                return {"hospital_view": said["advice"]}
    return {}


def _weigh(actor: Actor, case: Case, form: LeaveForm) -> Any:
    return cases.weigh_return(
        actor=actor,
        case=case,
        words=form.words(STEP),
        desk_id=acts_at(actor, P.RETURN_JUDGE, case),
        key=form.cleaned_data["key"],
    )


weigh_return = action_page(
    permission=P.RETURN_JUDGE,
    form=form_of(STEP),
    opener=open_case,
    perform=_weigh,
    address=address,
    template="referrals/action.html",
    title=_("Comprehensive assessment"),
    lead=_("School, hospital and county together. The school's view stands in the file."),
    faults=not_yet(STEP),
    first=reported,
)

"""Close a referral: the person is followed up at school, the loop is closed, and its grants end."""

from django.utils.translation import gettext_lazy as _

from cases.models import Entry, EntryKind
from referrals.actions._ending import end
from referrals.actions._journey import case_of, move
from referrals.models import Referral, Step
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_CLOSE)
def close_referral(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End the journey after the first follow-up since the plan of the return was sent; an earlier one does not count.

    Invalid before it, and while nobody has acknowledged that the case was raised: whoever is in new danger is not let
    go.
    """
    case = case_of(referral)
    if case.status == "opened":
        raise Invalid("close", _("The case was raised: acknowledge the warning first."))
    plan = Step.objects.filter(referral=referral, state="return_plan").order_by("-at", "-pk").first()
    since = Entry.objects.filter(case=case, kind=EntryKind.FOLLOW_UP)
    if plan and not since.filter(pk__gt=plan.pk).exists():  # keys are in the order of time, and finer than minutes
        raise Invalid("close", _("The school has not followed up yet."))
    move(referral, "follow_up", actor=actor, desk_id=referral.from_desk_id)
    move(referral, "close", actor=actor, desk_id=referral.from_desk_id)
    facts = {"referral": referral.pk, "grants_ended": end(referral, actor)}
    return Outcome(referral, stream=referral.case_id, facts=facts)

"""Close a referral: the person is followed up at school, the loop is closed, and its grants end."""

from django.utils.translation import gettext_lazy as _

from cases.access import Purpose, reveal_entry
from cases.models import Case, Entry, EntryKind
from referrals.actions._ending import end
from referrals.actions._journey import case_of, move
from referrals.models import Referral, Step
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_CLOSE)
def close_referral(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End the journey after the first follow-up since the plan of the return was sent that reached somebody; an earlier
    one does not count. How one went is read for it, and recorded as a reading.

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
    if plan and not any(_reached(actor, case, entry) for entry in since.filter(pk__gt=plan.pk).order_by("-pk")):
        raise Invalid("close", _("No follow-up since the return has reached anybody: try again first."))
    move(referral, "follow_up", actor=actor, desk_id=referral.from_desk_id)
    move(referral, "close", actor=actor, desk_id=referral.from_desk_id)
    facts = {"referral": referral.pk, "grants_ended": end(referral, actor)}
    return Outcome(referral, stream=referral.case_id, facts=facts)


def _reached(actor: Actor, case: Case, entry: Entry) -> bool:
    return reveal_entry(actor, case, entry.pk, Purpose.REFERRAL).words.get("how") != "unreached"

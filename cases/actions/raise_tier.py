"""Raise the tier: always possible, by one person, at once; the reason may follow later."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions._raising import raise_to
from cases.models import Case, Entry, EntryKind, Section
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.TIER_RAISE)
def raise_tier(*, actor: Actor, case: Case, to: str, because: str = "") -> Outcome[Case]:
    """Move the case to a higher tier and warn its county anew. Invalid when the tier is not higher."""
    tier, at, before = Tier(to), now(), Tier(case.tier)
    if tier.rank >= before.rank:
        raise Invalid("to", _("Choose a tier above the present one."))
    raise_to(case, tier, actor=actor, at=at)
    words = {"from": before, "to": tier, "because": because}
    Entry.objects.bulk_create([writer(case).entry(Section.RISK, EntryKind.RAISING, words, actor=actor, at=at)])
    return Outcome(case, stream=case.pk, facts={"from": before, "to": tier})

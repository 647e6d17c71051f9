"""Where a case or a referral stands now, for somebody who came too late with it: state, holder, and the last step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.access import open_case
from cases.display import timeline
from cases.models import Case
from referrals.access import open_referral
from referrals.flow import STATE_TEXT
from referrals.models import Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden
from wellbeing.web.names import called


@dataclass(frozen=True, slots=True)
class Standing:
    """As the reader may see it: `holder` is a name or empty, `last` what was done, by whom and when."""

    reference: str
    url: str
    state: str
    holder: str
    last: str
    who: str
    at: datetime | None


def standing(actor: Actor, target: Any) -> Standing | None:
    """The present state, read anew; None for what the actor may not see (any more), or what has no state."""
    try:
        with identity(actor):
            if isinstance(target, Referral):
                return _referral(open_referral(actor, target.reference))
            if isinstance(target, Case):
                return _case(actor, open_case(actor, target.reference))
    except Forbidden:
        return None
    return None


def _referral(one: Referral) -> Standing:
    step = one.steps.exclude(state="").select_related("desk__organisation").order_by("-at", "-id").first()
    return Standing(
        reference=one.reference,
        url=reverse("referral", args=[one.reference]),
        state=_(STATE_TEXT[one.state]),
        holder=str(one.held_by or ""),
        last=_(STATE_TEXT[step.state]) if step else "",
        who=str(step.desk) if step and step.desk else "",
        at=step.at if step else None,
    )


def _case(actor: Actor, one: Case) -> Standing:
    last = next(iter(timeline(actor, one, limit=1, changes=True)), None)
    return Standing(
        reference=one.reference,
        url=reverse("case", args=[one.reference]),
        state=called(one.status, "status"),
        holder=str(one.manager or ""),
        last=last["act_text"] if last else "",
        who=last["who"] if last else "",
        at=last["at"] if last else None,
    )

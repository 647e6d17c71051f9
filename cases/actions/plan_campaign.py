"""Plan a screening campaign (普测): which instruments, schools and grades, in which weeks, how guardians are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.campaign_access import collecting
from cases.flow import BATCH
from cases.instruments import INSTRUMENTS
from cases.models import Campaign, Consenting, ScreeningBatch
from cases.screening_access import brings_by, new_batch_key, schools_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk
from wellbeing.workdays import now


@action(P.CAMPAIGN_PLAN)
def plan_campaign(
    *,
    actor: Actor,
    title: str,
    codes: Sequence[str],
    schools: Collection[UUID],
    first: date,
    last: date,
    consent: str = Consenting.TOLD,
    grades: str = "",
) -> Outcome[Campaign]:
    """Plan it for schools of the actor's own; each gets a batch in which its answers come together.

    Raises Invalid beside its field, Forbidden for a school that is not hers.
    """
    at = now()
    desks = {desk.organisation_id: desk for desk in schools_of(actor)}
    if not set(schools) <= desks.keys() or not actor.posts:
        raise Forbidden
    if not schools:
        raise Invalid("schools", _("Choose a school at least."))
    if not codes or not set(codes) <= INSTRUMENTS.keys():
        raise Invalid("codes", _("Choose an instrument at least."))
    if not title.strip():
        raise Invalid("title", _("Give the campaign a name."))
    if last < first:
        raise Invalid("last", _("The last day comes before the first."))
    if last < at.date():
        raise Invalid("last", _("The last day is over."))
    campaign = Campaign(
        title=title.strip(),
        desk_id=_at(actor, desks[min(schools)]),
        codes=",".join(codes),
        grades=",".join(part.strip() for part in grades.replace("，", ",").split(",") if part.strip()),
        schools=sorted(str(school) for school in schools),
        consent=Consenting(consent),
        first=first,
        last=last,
        made_by_id=actor.id,
        made_at=at,
    )
    campaign.save(force_insert=True)
    for school in sorted(schools):
        batch = ScreeningBatch(
            id=uuid7(),
            campaign=campaign,
            school_id=school,
            division_id=desks[school].organisation.division_id,
            desk_id=_at(actor, desks[school]),
            made_by_id=actor.id,
            digest=collecting(campaign),
            instruments=campaign.codes,
            state=BATCH.next("staged", "collect"),
            day=first,
            staged_at=at,
        )
        batch.save(force_insert=True)
        new_batch_key(batch)
    return Outcome(campaign, stream=campaign.pk, facts={"schools": len(schools), "instruments": len(codes)})


def _at(actor: Actor, desk: Desk) -> int:
    """The desk by which the actor plans it for one school: the roll with its codes is that desk's and the school's."""
    post = brings_by(actor, desk.organisation)
    assert post is not None  # `schools_of` has found the school by one of her posts
    return post.desk_id

"""End a campaign after its last day: its codes and roll are destroyed, and whoever still waits is not forgotten."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count

from cases.actions._meeting import keep_meeting
from cases.campaign_access import collecting
from cases.flow import BATCH
from cases.models import Campaign, ScreeningFlag
from cases.screening_access import end_batch_key
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.outbox.post import post
from wellbeing.people.desks import triage_desk
from wellbeing.workdays import now


@action(P.CAMPAIGN_END)
def end_campaign(*, actor: Actor, campaign_id: UUID) -> Outcome[Campaign]:
    """End it with the keys of its rolls, and tell each school, and its county, where flagged students wait for an
    interview. They stay on the list, and the clock of each talk goes on up the ladder; one that was met before is
    started anew."""
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id, ended_at=None).first()
    if campaign is None:
        raise Forbidden
    at = now()
    for batch in campaign.batches.filter(digest=collecting(campaign)):
        batch.state, batch.finished_at = BATCH.next(batch.state, "end_campaign"), at
        end_batch_key(batch)
        batch.save(update_fields=["state", "finished_at", "sealed"])
    waiting = ScreeningFlag.objects.filter(batch__campaign=campaign, outcome="", case__closed_at=None)
    left = waiting.values_list("desk", "desk__organisation__division").annotate(n=Count("pk"))
    for desk, division, _number in left:
        for told in {desk, triage_desk(division).pk}:
            key = f"interviews_left:{campaign.pk}:{told}"
            post(kind="interviews_left", desk_id=told, target="interviews", dedupe_key=key)
    anew = sum(keep_meeting(flag.case, at) for flag in waiting.select_related("case"))
    campaign.ended_at = at
    campaign.save(update_fields=["ended_at"])
    return Outcome(campaign, stream=campaign.pk, facts={"left": sum(number for *_, number in left), "clocks": anew})

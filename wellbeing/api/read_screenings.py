"""Reading screenings: campaigns, how far they are in each school, and whoever was flagged and waits for a talk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import reveal_covers
from cases.campaign_access import campaigns_of, open_campaign, schools_in
from cases.models import Campaign
from cases.school_access import Progress, progress
from cases.tiers import Tier
from cases.waiting_access import Spot, waiting_count, waiting_page
from wellbeing.access.permissions import P
from wellbeing.api.endpoint import Asked, Endpoint, page
from wellbeing.api.shapes import DAY, FLAG, ID, MOMENT, NUMBER, PAGING, TEXT, WHOLE, many, maybe, one_of, thing
from wellbeing.errors import Forbidden
from wellbeing.suppression import shown

CAMPAIGN: dict[str, dict[str, Any]] = {
    "id": ID,
    "title": TEXT,
    "instruments": many(TEXT),
    "first": DAY,
    "last": DAY,
    "ended_at": maybe(MOMENT),
}
COUNTED = ("waiting", "overdue", "done", "reviewed")  # of flagged students: under five is `<5`
SCHOOL = thing(
    code=TEXT,
    name=TEXT,
    enrolled=maybe(WHOLE),
    listed=WHOLE,
    asked=WHOLE,
    answered=WHOLE,
    coverage=maybe(WHOLE),
    median_days=maybe(NUMBER),
    **dict.fromkeys(COUNTED, TEXT),
)
FLAGGED = thing(
    reference=TEXT,
    name=maybe(TEXT),
    tier=one_of(*(tier.value for tier in Tier)),
    flagged_at=MOMENT,
    planned_on=maybe(DAY),
    grade=TEXT,
    bands={"type": "object", "additionalProperties": TEXT},
    critical=maybe(FLAG),
    before=WHOLE,
)


def _campaign(one: Campaign) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "instruments": one.codes.split(","),
        "first": one.first,
        "last": one.last,
        "ended_at": one.ended_at,
    }


def campaigns(asked: Asked) -> dict[str, Any]:
    """The campaigns of my schools, the newest first."""
    return {"items": [_campaign(one) for one in campaigns_of(asked.actor)]}


def campaign(asked: Asked) -> dict[str, Any]:
    """One campaign, and how far it is in each of my schools."""
    try:
        found = open_campaign(asked.actor, UUID(asked.place["campaign"]))
    except ValueError:
        raise Forbidden from None
    known = progress(asked.actor, found)
    schools = [_school(one, known[one.pk]) for one in schools_in(found) if one.pk in known]
    return {**_campaign(found), "schools": schools}


def _school(school: Any, one: Progress) -> dict[str, Any]:
    return {
        "code": school.code,
        "name": str(school),
        "enrolled": one.enrolled,
        "listed": one.listed,
        "asked": one.asked,
        "answered": one.answered,
        "coverage": 100 * one.answered // one.asked if one.asked else None,
        "median_days": one.median_days,
        **{name: shown(getattr(one, name)) for name in COUNTED},
    }


def flagged(asked: Asked) -> dict[str, Any]:
    """One page of those who wait for an interview at the desks; `total` counts all. The reading is recorded."""
    after = Spot.parse(asked.after("flagged"))
    rows, more = waiting_page(asked.actor, lambda _row: True, after, asked.limit)
    names = reveal_covers(asked.actor, [row.case for row in rows])
    items = [
        {
            "reference": row.case.reference,
            "name": names.get(row.case.pk),
            "tier": row.case.tier,
            "flagged_at": row.at,
            "planned_on": row.planned_on,
            "grade": row.grade,
            "bands": dict(row.bands),
            "critical": row.standing.critical,
            "before": row.before,
        }
        for row in rows
    ]
    return page("flagged", items, more) | {"total": waiting_count(asked.actor)}


ENDPOINTS = (
    Endpoint(
        "api_campaigns",
        "screenings/campaigns",
        P.SCREENING_UPLOAD,
        campaigns,
        _("Campaigns"),
        thing(items=many(thing(**CAMPAIGN))),
        "screenings",
    ),
    Endpoint(
        "api_campaign",
        "screenings/campaigns/<str:campaign>",
        P.SCREENING_UPLOAD,
        campaign,
        _("One campaign, by school"),
        thing(**CAMPAIGN, schools=many(SCHOOL)),
        "screenings",
    ),
    Endpoint(
        "api_flagged",
        "screenings/flagged",
        P.SCREENING_UPLOAD,
        flagged,
        _("Who waits for an interview"),
        thing(items=many(FLAGGED), next=maybe(TEXT), total=WHOLE),
        "screenings",
        PAGING,
    ),
)

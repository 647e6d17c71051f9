"""Where the centres stand: each with its list held against the city's targets, and the plan's share of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wellbeing.people.centre_items import YES_OR_NO, CentreItem, Checked, Share, lacking, met, share
from wellbeing.people.models import (
    Division,
    Organisation,
    OrganisationKind,
    StaffingPolicyVersion,
    StandardCentre,
)
from wellbeing.workdays import now


def targets() -> dict[str, int]:
    """The city's targets in force."""
    return dict(StaffingPolicyVersion.at(now()).policy().targets)


def missing_items(centre: StandardCentre) -> tuple[CentreItem, ...]:
    """The items that keep a centre from being standard."""
    lines = {line.item: Checked(line.actual, bool(line.evidence), line.inspected_on) for line in centre.lines.all()}
    return lacking(targets(), lines)


def check_list(centre: StandardCentre) -> list[dict[str, Any]]:
    """The list as a page shows it: what is asked, what there is, the evidence, and whether it is met and seen."""
    wanted = targets()
    lines = {line.item: line for line in centre.lines.all()} if centre.moved_at else {}
    rows = []
    for item in CentreItem:
        line = lines.get(item)
        checked = Checked(line.actual, bool(line.evidence), line.inspected_on) if line else None
        rows.append(
            {
                "item": item,
                "plain": item in YES_OR_NO,
                "target": wanted[item],
                "actual": line.actual if line else None,
                "evidence": line.evidence if line else "",
                "inspected_on": line.inspected_on if line else None,
                "met": met(wanted[item], checked),
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class Centre:
    """One county centre, with its list or without."""

    organisation: Organisation
    standard: StandardCentre | None


def centres() -> list[Centre]:
    """Every county centre that the asker may see the list of, in the order of the divisions."""
    known = {one.organisation_id: one for one in StandardCentre.objects.select_related("moved_by")}
    found = Organisation.objects.filter(kind=OrganisationKind.COUNTY_CENTRE).select_related("division")
    return [Centre(one, known.get(one.pk)) for one in found.order_by("division_id", "code")]


def city_share() -> Share:
    """The plan's share: divisions that count, with a standard centre of their own or of a functional area of theirs."""
    at = now()
    policy = StaffingPolicyVersion.at(at).policy()
    counting = {one.code for one in Division.objects.filter(counts_for_target=True)}
    signed = StandardCentre.objects.exclude(signed_on=None).order_by("-signed_on")
    rows = signed.values_list("division__part_of_id", "division_id", "signed_on")
    first: dict[str, Any] = {county or division: day for county, division, day in rows}  # the earliest comes last
    days = [day for code, day in first.items() if code in counting]
    since = date.fromisoformat(policy.plan_since)
    return share(days, len(counting), policy.centres_percent, since, at.date())

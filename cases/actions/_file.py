"""The batch of a file that somebody brings: the same whether its columns are known or not. Used by this folder only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cases.models import Campaign, ScreeningBatch
from cases.screening_access import brings_by, schools_by_name, schools_of
from cases.screening_from_one import marked
from wellbeing.access.actor import Actor
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Desk, Organisation, Role

BROUGHT = _("This file has been brought already.")


def desks_of(actor: Actor, school: Organisation | None) -> dict[str, Desk]:
    """The desks by what a row may call its school; one alone, without a name, for a file of one school. Forbidden for
    a school that is not the actor's, and for several without a centre's post: a county's are its own schools."""
    desks, post = schools_of(actor), brings_by(actor, school)
    strange = school and all(desk.organisation_id != school.pk for desk in desks)
    if not desks or strange or not (actor.system or post):
        raise Forbidden
    county = post.division if post and post.role == Role.COUNTY_TRIAGE else None
    return named_desks(desks, school.pk if school else None, county)


def named_desks(desks: Sequence[Desk], school: UUID | None, county: str | None) -> dict[str, Desk]:
    """These desks by what a row may call its school: that of the file's one `school` alone, without a name; of a
    `county`'s file only its own, for another county may have a school of the same name."""
    if own := next((desk for desk in desks if desk.organisation_id == school), None):
        return {"": own}
    return schools_by_name(desk for desk in desks if county in (None, desk.organisation.division_id))


def brought(school: Organisation | None, digest: str, instruments: str) -> ScreeningBatch | None:
    """The batch of the same file read by the same columns, if there is one: whether its answers counted from 1 makes
    no other file of it."""
    rows = ScreeningBatch.objects.exclude(state="dropped").filter(school=school, digest=digest).order_by("pk")
    return next((one for one in rows if marked(one.instruments, ()) == marked(instruments, ())), None)


def new_batch(
    actor: Actor,
    school: Organisation | None,
    campaign: Campaign | None,
    *,
    digest: str,
    instruments: str,
    day: date,
    at: datetime,
    desks: dict[str, Desk],
) -> ScreeningBatch:
    """Its row, written. Invalid for a day to come, and where somebody else brings it, or brought it for schools that
    the actor does not see."""
    if day > at.date():
        raise Invalid("day", _("This day is still to come."))
    post = brings_by(actor, school)
    division = school.division_id if school else post.division if post else None
    batch = ScreeningBatch(
        school=school,
        campaign=campaign,
        division_id=division or next(iter(desks.values())).organisation.division_id,
        desk_id=post.desk_id if post else None,
        made_by_id=actor.id,
        digest=digest,
        instruments=instruments,
        day=day,
        staged_at=at,
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError:
        raise Invalid("file", BROUGHT) from None
    return batch

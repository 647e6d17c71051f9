"""Fetch and check in one call: the return, the term, the centre that the asker has something to do with.

Row-level security shows a school its own return, a county its division's, the city all; whose turn it is, these say.
"""

from __future__ import annotations

from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.people.flow import CITY, COUNTY, SCHOOL
from wellbeing.people.models import Division, Organisation, OrganisationKind, Role, StaffingReturn, StandardCentre, Term

BY_SCHOOL = frozenset({P.RETURN_FILL, P.RETURN_SUBMIT})
BY_COUNTY = frozenset({P.RETURN_CONFIRM, P.CENTRE_FILL})
BY_CITY = frozenset({P.RETURN_UNLOCK, P.CENTRE_INSPECT, P.CENTRE_SIGN})


def counties_of(actor: Actor) -> frozenset[str]:
    """The divisions that the actor answers for as a county: her own, and the functional areas that are part of them."""
    own = {post.division for post in actor.posts if post.role in COUNTY}
    return frozenset(own) | set(Division.objects.filter(part_of_id__in=own).values_list("code", flat=True))


def schools_of(actor: Actor) -> frozenset[UUID]:
    """The schools for which the actor fills in returns."""
    return frozenset(post.organisation_id for post in actor.posts if post.role in SCHOOL)


def supervised(actor: Actor, permission: P) -> UUID:
    """The hotline that the actor supervises, where she may do this for it. Raises Forbidden."""
    post = actor.post_as(Role.HOTLINE_SUPERVISOR)
    if post is None or not may(actor, permission):
        raise Forbidden
    return post.organisation_id


def is_city(actor: Actor) -> bool:
    """Whether the actor answers for the whole city."""
    return actor.system or actor.post_as(*CITY) is not None


def in_turn(actor: Actor, permission: P, *, division: str, school: UUID | None = None) -> bool:
    """Whether a step on the return of a school, or on the centre of a division, is the actor's to take."""
    if permission in BY_SCHOOL:
        return school in schools_of(actor)
    if permission in BY_COUNTY:
        return division in counties_of(actor)
    if permission in BY_CITY:
        return is_city(actor)
    return is_city(actor) or division in counties_of(actor) or school in schools_of(actor)


def open_return(actor: Actor, reference: str, permission: P = P.RETURN_SEE) -> StaffingReturn:
    """A return that the actor sees and may do this with. Raises Forbidden."""
    found = (
        StaffingReturn.objects.select_related("school__organisation", "term", "division")
        .filter(pk=_key(reference))
        .first()
    )
    if found is None or not in_turn(actor, permission, division=found.division_id, school=found.school_id):
        raise Forbidden
    return found


def open_term(actor: Actor, reference: str, permission: P = P.RETURN_SEE) -> Term:
    """A term. Raises Forbidden."""
    found = Term.objects.filter(pk=_key(reference)).first()
    if found is None:
        raise Forbidden
    return found


def open_centre(actor: Actor, reference: str, permission: P = P.CENTRE_SEE) -> StandardCentre:
    """The check-list of a centre by the centre's code; one that was never filled in is not saved yet. Raises
    Forbidden."""
    found = (
        Organisation.objects.select_related("division")
        .filter(code=reference, kind=OrganisationKind.COUNTY_CENTRE)
        .first()
    )
    if found is None or not in_turn(actor, permission, division=found.division_id):
        raise Forbidden
    known = StandardCentre.objects.select_related("organisation__division").filter(organisation=found).first()
    return known or StandardCentre(organisation=found, division=found.division)


def _key(reference: str) -> UUID:
    try:
        return UUID(reference)
    except ValueError:
        raise Forbidden from None

"""Open a case: the maker's grant, the sealed person and the cover, in the order that row-level security asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.access import Writer, new_writer, seal_person
from cases.flow import CASE
from cases.models import Case, Channel, Person
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import FULL, WHOLE, grant
from wellbeing.access.models import Origin
from wellbeing.people.models import Desk, User
from wellbeing.vault.models import KeyPile


def open_file(
    *,
    actor: Actor,
    owner: User | Desk,
    desk_id: int,
    division: str,
    channel: Channel,
    tier: Tier,
    at: datetime,
    until: datetime,
    identity: Mapping[str, Any],
    person: Person | None = None,
    school_apart: bool = False,
    earlier: str = "",
) -> tuple[Case, Writer]:
    """Make the case, and the person unless she is known; returns the case and the writer for its first entries.
    `earlier`: the reference of the case that it goes on from."""
    if person is None:
        person = Person(division_id=division, created_at=at)
        seal_person(person, identity)
        person.save(force_insert=True)
    case, write = new_case(
        person=person,
        desk_id=desk_id,
        channel=channel,
        tier=tier,
        at=at,
        name=str(identity.get("name", "")),
        school_apart=school_apart,
    )
    case.earlier = earlier
    # The grant comes before the case: its policy then lets the maker write the row (foreign keys wait until commit).
    holds = WHOLE if isinstance(owner, User) else FULL
    grant(case, to=owner, origin=Origin.OWNER, expires_at=until, by=actor, holds=holds, at=at)
    case.save(force_insert=True)
    return case, write


def new_case(
    *,
    person: Person,
    desk_id: int,
    channel: Channel,
    tier: Tier,
    at: datetime,
    name: str,
    school_apart: bool = False,
    pile: KeyPile | None = None,
) -> tuple[Case, Writer]:
    """The unsaved case with its cover, and the writer for its first entries; `pile` as in `cases.access.new_writer`."""
    case = Case(
        division_id=person.division_id,
        person_id=person.pk,
        channel=channel,
        tier=tier,
        tier_since=at,
        # Green warns nobody, so nobody has to acknowledge it.
        status="acknowledged" if tier == Tier.GREEN else CASE.initial,
        owner_desk_id=desk_id,
        opened_at=at,
        school_apart=school_apart,
    )
    write = new_writer(case.pk, person.division_id, pile)
    case.cover = write.cover(name)
    return case, write

"""The door of a search: opens names, or whom a number belongs to, within what the searcher holds, and keeps none of it.

Nothing is indexed by name (DESIGN.md 4): a search opens the covers one by one and forgets them. It is recorded as such,
with how many were opened and found; what is shown is recorded as a reading besides. The typed words go nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cases.access import reveal_covers
from cases.models import Case, Entry, EntryKind, Person, Section
from cases.queues import scope
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json
from wellbeing.vault.envelope import DataKey, Octets, Place

SCOPE = 20_000  # covers opened by one search; who holds more searches by reference or student number
Match = Callable[[Mapping[str, Any]], bool]


def find_by_cover(actor: Actor, match: Match, limit: int) -> list[tuple[Case, str]]:
    """The actor's cases whose opened cover matches, the newest first, with their names. Raises Forbidden."""
    held = _scope(actor)
    by_id = keys.load_for(cover for _pk, _division, cover, _person in held)
    wanted = [
        pk
        for pk, division, cover, _person in held
        if match(_open(by_id, cover, Place("cases.case", pk, "cover", division)))
    ]
    return shown(actor, wanted[:limit], opened=len(held))


def find_by_identity(actor: Actor, match: Match, limit: int, known: Collection[UUID] = ()) -> list[tuple[Case, str]]:
    """The same by the opened identity and the guardian's part of a call, and the persons that are `known` already."""
    held = _scope(actor)
    persons = {person for _pk, _division, _cover, person in held}
    rows = list(Person.objects.filter(pk__in=persons).values_list("pk", "division_id", "sealed"))
    calls = Entry.objects.filter(kind=EntryKind.CALL, section=Section.GUARDIAN, case__in=[pk for pk, *_rest in held])
    homes = list(calls.values_list("pk", "case__division_id", "sealed", "case__person_id"))
    by_id = keys.load_for([*(row[2] for row in rows), *(row[2] for row in homes)])
    found = set(known)
    found |= {pk for pk, d, sealed in rows if match(_open(by_id, sealed, Place("cases.person", pk, "sealed", d)))}
    found |= {
        person for pk, d, sealed, person in homes if match(_open(by_id, sealed, Place("cases.entry", pk, "sealed", d)))
    }
    return shown(actor, [pk for pk, _division, _cover, person in held if person in found][:limit], opened=len(held))


def shown(actor: Actor, wanted: Sequence[UUID], *, opened: int = 0) -> list[tuple[Case, str]]:
    """Cases that a search has found, with their names; the search and what it shows are recorded."""
    by_pk = {case.pk: case for case in Case.objects.filter(pk__in=wanted)}
    cases = [by_pk[pk] for pk in wanted if pk in by_pk]
    facts = {"opened": opened, "hits": len(cases)}
    record(stream=user_stream(actor.id), act=Tag.SEARCHED, actor=actor, facts=facts)
    names = reveal_covers(actor, cases)
    return [(case, names.get(case.pk, "")) for case in cases]


def persons_numbered(marks: Iterable[bytes]) -> set[UUID]:
    """The persons that the asker sees under one of these indexes of a student number."""
    return set(Person.objects.filter(student_index__in=list(marks)).values_list("pk", flat=True))


def _scope(actor: Actor) -> list[tuple[UUID, str, bytes, UUID]]:
    if not may(actor, P.CASE_SEARCH):
        raise Forbidden
    return scope(actor, SCOPE)


def _open(by_id: Mapping[int, DataKey], envelope: Octets, place: Place) -> dict[str, Any]:
    """What an envelope says; nothing where the searcher's key does not open it."""
    key = by_id.get(keys.id_of(envelope))
    value = open_json(key, place, bytes(envelope)) if key else {}
    return value if isinstance(value, dict) else {}

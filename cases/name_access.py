"""The door of a search: opens names, or whom a number belongs to, within what the searcher holds, and keeps none of it.

Nothing is indexed by name (DESIGN.md 4): a search opens the covers one by one and forgets them. It is recorded as such,
with how many were opened and found; what is shown is recorded as a reading besides. The typed words go nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from cases.access import reveal_covers
from cases.models import Case, Entry, EntryKind, Person, Section
from cases.queues import held
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, may_each
from wellbeing.access.sound import sound
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json
from wellbeing.vault.envelope import DataKey, Octets, Place
from wellbeing.vault.models import OwnerKind

SCOPE = 20_000  # cases gone through by one search; who holds more searches by reference or student number
HINT = 2_000  # gone through at each change of a field, while a caller is on the line
TOGETHER = 1_000  # of them asked for at once
Match = Callable[[Mapping[str, Any]], bool]


def find_by_cover(actor: Actor, match: Match, limit: int) -> list[tuple[Case, str]]:
    """The actor's cases whose opened cover matches, the newest first, with their names. Raises Forbidden.

    No more are opened once so many are found."""
    found: list[UUID] = []
    opened = 0
    for part in _scope(actor):
        names = _read(actor, "app_sealed_covers", OwnerKind.CASE, "cases.case", "cover", part)
        found += _read_by(actor, [pk for pk, said in names if match(said)])
        opened += len(names)
        if len(found) >= limit:
            break
    return shown(actor, found[:limit], opened=opened)


def find_by_identity(actor: Actor, match: Match, limit: int, known: Collection[UUID] = ()) -> list[tuple[Case, str]]:
    """The same by the opened identity and the guardian's part of a call, and the persons that are `known` already."""
    found: list[UUID] = []
    opened = 0
    for part in _scope(actor):
        persons = _read(actor, "app_sealed_persons", OwnerKind.PERSON, "cases.person", "sealed", part)
        hits = {pk for pk, said in persons if match(said)} | _homes(part, match)
        hits |= set(Case.objects.filter(pk__in=part, person__in=known).values_list("pk", flat=True)) if known else set()
        found += _read_by(actor, [pk for pk in part if pk in hits])
        opened += len(persons)
        if len(found) >= limit:
            break
    return shown(actor, found[:limit], opened=opened)


def heard_of(actor: Actor, match: Match, *, besides: UUID | None = None) -> list[Case]:
    """Those of the actor's HINT newest cases whose opened cover matches, but for one, the newest first: for a hint
    while somebody types. A look at a caller, and recorded as one. Raises Forbidden."""
    found: list[UUID] = []
    opened = 0
    for part in islice(_scope(actor), HINT // TOGETHER):
        names = _read(actor, "app_sealed_covers", OwnerKind.CASE, "cases.case", "cover", part)
        found += _read_by(actor, [pk for pk, said in names if pk != besides and match(said)])
        opened += len(names)
    facts = {"opened": opened, "hits": len(found)}
    record(stream=user_stream(actor.id), act=Tag.READ_CALLER, actor=actor, facts=facts)
    return list(Case.objects.filter(pk__in=found).order_by("-opened_at", "-pk"))


def shown(actor: Actor, wanted: Sequence[UUID], *, opened: int = 0) -> list[tuple[Case, str]]:
    """Cases that a search has found, with their names; the search and what it shows are recorded."""
    by_pk = {case.pk: case for case in sound(actor, Case.objects.filter(pk__in=wanted))}
    cases = [by_pk[pk] for pk in wanted if pk in by_pk]
    facts = {"opened": opened, "hits": len(cases)}
    record(stream=user_stream(actor.id), act=Tag.SEARCHED, actor=actor, facts=facts)
    names = reveal_covers(actor, cases)
    return [(case, names.get(case.pk, "")) for case in cases]


def persons_numbered(marks: Iterable[bytes]) -> set[UUID]:
    """The persons that the asker sees under one of these indexes of a student number."""
    return set(Person.objects.filter(student_index__in=list(marks)).values_list("pk", flat=True))


def _scope(actor: Actor) -> Iterator[list[UUID]]:
    """The actor's newest cases, so many at a time. Raises Forbidden."""
    if not may(actor, P.CASE_SEARCH):
        raise Forbidden
    last: UUID | None = None
    for _part in range(SCOPE // TOGETHER):
        part = held(actor, before=last, limit=TOGETHER)
        yield part
        if len(part) < TOGETHER:
            return
        last = part[-1]


def _read_by(actor: Actor, hits: Sequence[UUID]) -> list[UUID]:
    """Those of the cases whose identity the actor may read (as reveal_covers): that a name matches says it."""
    reads = may_each(actor, P.IDENTITY_READ, list(Case.objects.filter(pk__in=hits))) if hits else {}
    return [pk for pk in hits if reads.get(pk)]


def _read(
    actor: Actor, function: str, kind: OwnerKind, model: str, field: str, pks: Sequence[UUID]
) -> list[tuple[UUID, dict[str, Any]]]:
    """What one of the functions of 0015_search answers for these cases, opened, with the case, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s, %s)", [list(pks), list(actor.desks)])  # noqa: S608
        rows = cursor.fetchall()
    return [
        (
            case,
            _said(
                keys.unwrap(keys.Wrapped(key, kind, pk, division_key, suite, wrapped)),
                sealed,
                Place(model, pk, field, of),
            ),
        )
        for case, pk, of, sealed, key, division_key, suite, wrapped in rows
    ]


def _homes(pks: Sequence[UUID], match: Match) -> set[UUID]:
    """Those of the cases in which the guardian's part of a call matches, as far as the asker reads that part."""
    calls = Entry.objects.filter(kind=EntryKind.CALL, section=Section.GUARDIAN, case__in=pks)
    rows = list(calls.values_list("pk", "case_id", "case__division_id", "sealed"))
    by_id = keys.load_for(sealed for *_rest, sealed in rows)
    return {
        case
        for pk, case, of, sealed in rows
        if (key := by_id.get(keys.id_of(sealed))) and match(_said(key, sealed, Place("cases.entry", pk, "sealed", of)))
    }


def _said(key: DataKey, envelope: Octets, place: Place) -> dict[str, Any]:
    value = open_json(key, place, bytes(envelope))
    return value if isinstance(value, dict) else {}

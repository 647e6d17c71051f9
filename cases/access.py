"""The only door to what is sealed in a case: fetch and check in one call, open and record in one call.

A missing case and a forbidden one raise the same `Forbidden`. Readings are audit events of the transaction that opens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.instruments import Result
from cases.models import (
    Case,
    CaseGroupObjectPermission,
    CaseUserObjectPermission,
    Channel,
    Entry,
    EntryKind,
    Person,
    ScreeningResult,
    Section,
)
from cases.nearness import Near, nearness
from cases.sections import WRITES, readable_sections, second, sees_reporter
from wellbeing.access.actor import Actor, identity, naming
from wellbeing.access.holders import Holder, holders
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, may_each, through
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.ids import uuid7
from wellbeing.moments import absolute
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Role as R
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Octets, Place
from wellbeing.vault.models import KeyPile
from wellbeing.workdays import now


class Purpose(StrEnum):
    """Why a file is opened; part of the recorded reading."""

    CARE = "care"
    TRIAGE = "triage"
    REFERRAL = "referral"
    SUPERVISION = "supervision"
    TRANSFER = "transfer"
    RELEASE = "release"

    @classmethod
    def of(cls, actor: Actor) -> Purpose:
        """Why the actor opens a whole file."""
        return cls.TRIAGE if R.COUNTY_TRIAGE in actor.roles else cls.CARE


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry, opened: its words by field code."""

    id: UUID
    section: str
    kind: str
    author: str
    at: datetime
    words: Mapping[str, Any]
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """What one reading shows: the entries of the sections the reader may see, and which sections stayed shut."""

    entries: tuple[Opened, ...]
    sections: frozenset[str]
    hidden: frozenset[str]


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases with a live grant of the actor's, as rows say: ask `may`, or the `sound` ones. Pages: queues.py."""
    mine = CaseUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user_id=actor.holder, expires_at__gt=now()
    )
    desks = CaseGroupObjectPermission.objects.filter(
        content_object=OuterRef("pk"), group_id__in=actor.desks, expires_at__gt=now()
    )
    return Case.objects.filter(Q(Exists(desks)) | Q(Exists(mine)))


def open_case(actor: Actor, reference: str, permission: P = P.CASE_SEE) -> Case:
    """Fetch the case and check the permission in one call; Forbidden when missing or not allowed."""
    case = visible_cases(actor).select_related("division", "manager", "owner_desk").filter(reference=reference).first()
    if case is None or not may(actor, permission, case):
        raise Forbidden
    return case


def open_closed(actor: Actor, reference: str, permission: P = P.CASE_REOPEN, *, lock: bool = False) -> Case:
    """A closed case that the actor may open again: of the former owner's desk or the division's triage, and Forbidden
    like a missing one to everybody else. Nobody holds a grant on it; the look is recorded."""
    if not may(actor, permission):
        raise Forbidden
    rows = Case.objects.select_related("division", "owner_desk").filter(reference=reference, status="closed")
    with identity(actor), naming(reference):
        case = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if case is None or not {case.owner_desk_id, triage_desk(case.division_id).pk} & set(actor.desks):
        raise Forbidden
    record(stream=user_stream(actor.id), act=Tag.READ_COVERS, actor=actor, facts={"cases": (case.pk,)})
    return case


def reveal(actor: Actor, case: Case, sections: Iterable[str], purpose: Purpose) -> File:
    """Open the wanted sections as far as the actor may, and record the reading. Raises Forbidden."""
    if not may(actor, P.FILE_READ, case):
        raise Forbidden
    wanted, readable = frozenset(sections), readable_sections(actor, case)
    shown = wanted & readable
    own = Q(desk_id__in=actor.desks, section__in=wanted - {Section.SEALED})
    rows = list(Entry.to_open().filter(Q(section__in=shown) | own, case_id=case.pk).order_by("at", "id"))
    person = Person.objects.get(pk=case.person_id) if Section.IDENTITY in shown else None
    envelopes = [one for row in rows for one in row.envelopes] + ([person.sealed] if person else [])
    by_id = keys.load_for(envelopes)
    opened, near = [_open_entry(actor, row, case, by_id) for row in rows], dict[str, Near]()
    if person:
        words = _open(by_id, person.sealed, _place("cases.person", person.pk, person.division_id))
        kind = EntryKind.TRANSFER if case.channel == Channel.TRANSFER else EntryKind.CALL
        near = nearness(actor, words, staff=case.school_apart)
        opened.insert(0, Opened(person.pk, Section.IDENTITY, kind, "", person.created_at, words))
    _record_reading(actor, case, shown, {"purpose": purpose, "entries": len(rows)} | near)
    return File(tuple(opened), shown, frozenset(Section.values) - shown)


def reveal_entry(actor: Actor, case: Case, entry_id: UUID, purpose: Purpose) -> Opened:
    """Open one entry of a section that the actor may read, or that its desk wrote, and record it. Raises Forbidden."""
    if not may(actor, P.FILE_READ, case):
        raise Forbidden
    mine = Q(section__in=readable_sections(actor, case)) | (Q(desk_id__in=actor.desks) & ~Q(section=Section.SEALED))
    row = Entry.to_open().filter(mine, case_id=case.pk, pk=entry_id).first()
    if row is None:
        raise Forbidden
    opened = _open_entry(actor, row, case, keys.load_for(row.envelopes))
    _record_reading(actor, case, {row.section}, {"purpose": purpose, "entries": 1})
    return opened


def _record_reading(actor: Actor, case: Case, shown: Collection[str], facts: Mapping[str, Any]) -> None:
    """One event: which sections, and whoever opened the sealed one to a reader behind broken glass."""
    by = second(actor, case) if Section.SEALED in shown else None
    said = {"sections": tuple(Section(s) for s in sorted(shown))} | ({"second": by} if by else {})
    record(stream=case.pk, act=Tag.READ_FILE, actor=through(actor, P.FILE_READ, case), facts={**said, **facts})


def reveal_covers(actor: Actor, cases: Sequence[Case]) -> dict[UUID, str]:
    """Names for one page of a list, of those cases whose identity the actor may read: a cover alone (DOMAIN.md: a
    school's crisis lead), or being asked to take a file, says none. One event names the cases that were opened."""
    reads = may_each(actor, P.IDENTITY_READ, cases) if actor.posts else {}
    if not (held := [case for case in cases if reads.get(case.pk)]):
        return {}
    by_id = keys.load_for([case.cover for case in held])
    names = {
        case.pk: str(_open(by_id, case.cover, cover_place(case)).get("name", ""))
        for case in held
        if keys.id_of(case.cover) in by_id
    }
    record(stream=user_stream(actor.id), act=Tag.READ_COVERS, actor=actor, facts={"cases": tuple(names)})
    return names


def reveal_results(actor: Actor, case: Case, only: UUID | None = None) -> list[tuple[str, datetime, Mapping[str, Any]]]:
    """Her results, or one (instrument, when, words), as the file's county knew her (the wall says so); a reading."""
    if not may(actor, P.FILE_READ, case) or Section.RISK not in readable_sections(actor, case):
        raise Forbidden
    found = ScreeningResult.objects.filter(person_id=case.person_id, **({"pk": only} if only else {}))
    rows = list(found.select_related("person").order_by("at", "id"))
    by_id = keys.load_for([row.sealed for row in rows])
    _record_reading(actor, case, {Section.RISK}, {"entries": len(rows)})
    places = {row.pk: _place("cases.screeningresult", row.pk, row.person.division_id) for row in rows}
    return [(row.instrument, row.at, _open(by_id, row.sealed, places[row.pk])) for row in rows]


def who_may_read(case: Case) -> list[Holder]:
    """Who holds live grants on the case, and why. For the page of somebody who sees the case herself."""
    return holders(case)


# -- to seal: what actions use to write words ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writer:
    """Seals words into one case under its data key; holds the key for one action only. `held` is a case that exists,
    into whose sections a person writes by her right to each."""

    case_id: UUID
    division: str
    key: DataKey
    held: Case | None = None

    def entry(
        self,
        section: Section,
        kind: EntryKind,
        words: Mapping[str, Any],
        *,
        actor: Actor,
        at: datetime,
        desk_id: int | None = None,
    ) -> Entry:
        """An unsaved entry with its words sealed; empty fields are left out. Forbidden to whoever may not write into
        the section; what is said of a transfer belongs to the two desks of it (cases/actions/_transfer.py)."""
        if self.held and kind != EntryKind.TRANSFER and not actor.system and not may(actor, WRITES[section], self.held):
            raise Forbidden
        pk = uuid7()
        kept = {name: value for name, value in words.items() if value not in (None, "", [], ())}
        return Entry(
            id=pk,
            case_id=self.case_id,
            section=section,
            kind=kind,
            author_id=actor.id,
            desk_id=desk_id,
            at=at.replace(second=0, microsecond=0),
            sealed=seal_json(self.key, _place("cases.entry", pk, self.division), kept),
        )

    def cover(self, name: str) -> bytes:
        """The sealed name for lists."""
        return seal_json(self.key, _place("cases.case", self.case_id, self.division, "cover"), {"name": name})


def new_writer(case_id: UUID, division: str, pile: KeyPile | None = None) -> Writer:
    """A writer under a new data key of the case: for a new case, and for machines, which may not read keys. The key's
    row goes to the `pile`, where there is one, and is written with everything else."""
    return Writer(case_id, division, keys.new_key("case", case_id, division, pile))


def writer(case: Case) -> Writer:
    """A writer under the case's own key; row-level security gives the key only to who sees the case."""
    return Writer(case.pk, case.division_id, keys.load_key("case", case.pk), case)


def seal_person(person: Person, words: Mapping[str, Any], pile: KeyPile | None = None) -> DataKey:
    """Put the sealed identity into an unsaved person under a new key; returns the key for her results."""
    key = new_person_key(person, pile)
    kept = {name: value for name, value in words.items() if value not in (None, "", [], ())}
    person.sealed = seal_json(key, _place("cases.person", person.pk, person.division_id), kept)
    return key


def new_person_key(person: Person, pile: KeyPile | None = None) -> DataKey:
    """One more data key of a person: for machines, which add results and may not read the first one."""
    return keys.new_key("person", person.pk, person.division_id, pile)


def machine_writer(case: Case) -> Writer:
    """A writer for a machine adding to a case it may not open: it writes under a new key of the case."""
    return new_writer(case.pk, case.division_id)


def seal_result(row: ScreeningResult, division: str, result: Result, words: Mapping[str, Any], key: DataKey) -> None:
    """Put total, band, critical items and the other words (the answers) into an unsaved screening result."""
    said = {"total": result.total, "band": result.band, "critical": dict(result.critical), **words}
    row.sealed = seal_json(key, _place("cases.screeningresult", row.pk, division), said)


def cover_place(case: Case) -> Place:
    return _place("cases.case", case.pk, case.division_id, "cover")


def _place(model: str, pk: UUID, division: str, field: str = "sealed") -> Place:
    return Place(model=model, pk=pk, field=field, division=division)


def _open(by_id: Mapping[int, DataKey], envelope: Octets, place: Place) -> dict[str, Any]:
    key = by_id.get(keys.id_of(envelope))
    if key is None:  # not the asker's: the wall shows no key, or the file has just gone to another division
        raise Forbidden
    value = open_json(key, place, bytes(envelope))
    return value if isinstance(value, dict) else {}


def _open_entry(actor: Actor, row: Entry, case: Case, by_id: Mapping[int, DataKey]) -> Opened:
    """Who reported a concern is said to whom it may be. Of a file that was withdrawn no more than what it was."""
    division = case.division_id
    words, file = _open(by_id, row.sealed, _place("cases.entry", row.pk, division)), row.file
    if file and (at := file.withdrawn_at):
        words = {"attached": words.get("attached"), "withdrawn": f"{file.withdrawn_by or '—'} {absolute(at)}"}
    elif file and file.sealed:
        words |= _open(by_id, file.sealed, _place("cases.attachment", file.pk, division))
    named = row.kind != EntryKind.CONCERN or sees_reporter(actor, case, row)
    author = str(row.author or "") if named else ""
    return Opened(row.pk, row.section, row.kind, author, row.at, words, row.author_id if author else None)

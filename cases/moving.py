"""The door through which a file goes to another division: what its receiver may read first, and the sealing anew.

The words are opened and sealed again without being shown to anybody; cases/actions/accept_transfer.py writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases import handover
from cases.access import Purpose, cover_place, reveal
from cases.models import Attachment, Case, Entry, Person, ScreeningResult, Section, Transfer
from cases.screening_hashes import Hashes
from cases.sheet_access import standing
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json
from wellbeing.vault.envelope import Place


@dataclass(frozen=True, slots=True)
class Anew:
    """The rows of one file with their envelopes and hashes of the new division in them, not yet written; the cover is
    set."""

    person: Person
    entries: list[Entry]
    files: list[Attachment]
    results: list[ScreeningResult]


def seal_anew(case: Case, division: str) -> Anew:
    """Open every envelope of the case and of its person, and seal the same words in another division.

    Both get a new data key under that division's key; every older one is destroyed. SealError when one does not open:
    nothing may be written then. The caller sees the case, or finds nothing here.
    """
    person = Person.objects.get(pk=case.person_id)
    entries = list(Entry.objects.filter(case=case).order_by("id"))
    results = list(ScreeningResult.objects.filter(person=person).order_by("id"))
    places = [cover_place(case), *(_place(row, case.division_id) for row in entries)]
    envelopes = [case.cover, *(row.sealed for row in entries)]
    case.cover, *words = keys.reseal("case", case.pk, division, list(zip(places, envelopes, strict=True)))
    hers: list[Person | ScreeningResult] = [person, *results]
    _hash_anew(person, results, division)
    known = keys.reseal("person", person.pk, division, [(_place(row, person.division_id), row.sealed) for row in hers])
    files = list(Attachment.objects.filter(case=case, sealed__isnull=False))
    for file in files:
        (file.sealed,) = keys.reseal("file", file.pk, division, [(_place(file, case.division_id), file.sealed or b"")])
    for entry, sealed in zip(entries, words, strict=True):
        entry.sealed = sealed
    for row, sealed in zip(hers, known, strict=True):
        row.sealed = sealed
    return Anew(person, entries, files, results)


def _hash_anew(person: Person, results: list[ScreeningResult], division: str) -> None:
    """What later screenings of the new division find her and her results by, so that her history goes on there.

    A number that only her old school knows ends with it, and so do the hashes of her answers. Where the new division
    has screened the same student already, that one keeps the number.
    """
    if not results:
        person.student_index = None
        return
    hers: list[Person | ScreeningResult] = [person, *results]
    by_id = keys.load_for([row.sealed for row in hers])
    said, *answered = [
        open_json(by_id[keys.id_of(row.sealed)], _place(row, person.division_id), bytes(row.sealed)) for row in hers
    ]
    hashes = Hashes()
    index = hashes.moved(said.get("student_number", ""), division)
    with identity(GRANTS):
        if index is not None and Person.objects.filter(student_index=index).exists():
            index = None
    person.student_index = index
    for row, words in zip(results, answered, strict=True):
        row.row_key = None
        if index is not None and words.get("day"):
            row.row_key = hashes.rows(index, words["day"], {row.instrument: words["answers"]})[row.instrument]


def begun(actor: Actor, case: Case) -> dict[str, Any]:
    """What the file gives to a minimum hand-over: the copied fields, and what the written ones begin with.

    Opens two sections as the actor, and records the reading. Raises Forbidden.
    """
    found: dict[str, Any] = {"tier": case.tier}
    for entry in standing(reveal(actor, case, {Section.IDENTITY, Section.PLAN}, Purpose.TRANSFER).entries):
        if entry.section == Section.IDENTITY:
            found.update({code: entry.words[code] for code in handover.IDENTITY if code in entry.words})
        for theirs, ours in handover.BEGINS.get(entry.kind, {}).items():
            if theirs in entry.words:
                found[ours] = entry.words[theirs]
    return handover.template(found)


def reveal_asked(actor: Actor, transfer: Transfer) -> Mapping[str, Any]:
    """What the asking desk wrote for the receiving one, which may read nothing else before it has accepted.

    Recorded as a reading. Raises Forbidden.
    """
    case = transfer.case
    if transfer.to_desk_id not in actor.desks or not may(actor, P.TRANSFER_ANSWER, case):
        raise Forbidden
    entry = transfer.entry
    by_id = keys.load_for([entry.sealed])
    words = open_json(by_id[keys.id_of(entry.sealed)], _place(entry, case.division_id), bytes(entry.sealed))
    by = through(actor, P.TRANSFER_ANSWER, desk_id=transfer.to_desk_id)
    record(stream=case.pk, act=Tag.READ_FILE, actor=by, facts={"sections": (Section.PLAN,), "entries": 1})
    return words if isinstance(words, dict) else {}


def _place(row: Entry | Attachment | Person | ScreeningResult, division: str) -> Place:
    return Place(model=row._meta.label_lower, pk=row.pk, field="sealed", division=division)

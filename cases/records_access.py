"""The door to requests for records: who asks about whom, the case that is meant, and what goes out.

Whoever is asked for something outside looks up no case: the reply is made from the request's row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.access import Opened, Purpose, open_case, reveal
from cases.contact_access import by_its_keys, check_contact
from cases.models import Case, Person, RecordAnswer, RecordRequest
from cases.record_requests import HOME, SECTIONS, may_go, second
from cases.screening_file import NATIONAL
from cases.screening_hashes import Hashes
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.machines import RECORDS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, older
from wellbeing.people.models import Organisation, OrganisationKind, Role, User
from wellbeing.vault import keys
from wellbeing.vault.blind_index import student_number
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place

SECOND = (Role.CITY_DUTY, Role.HOTLINE_SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Going:
    """What an answer would give: its lines in order, and why; only the lines leave the house."""

    lines: tuple[Mapping[str, Any], ...]
    because: str


def record_requests(actor: Actor, before: str = "") -> Page[RecordRequest]:
    """The requests that the actor's desks received, examine or decide: all that wait, then the newest."""
    rows = RecordRequest.objects.select_related("received_desk__organisation", "desk__organisation").filter(
        _hers(actor)
    )
    return older(rows, before, waiting=~Q(state="answered"))


def open_request(actor: Actor, reference: str, permission: P = P.RECORDS_SEE, *, lock: bool = False) -> RecordRequest:
    """Fetch a request and check in one call: receiving and handing out are for the desk that received it, examining for
    the desk that does, deciding for the second person. Forbidden otherwise, like a missing one."""
    rows = RecordRequest.objects.select_for_update(of=("self",)) if lock else RecordRequest.objects
    related = rows.select_related("received_desk__organisation", "desk__organisation", "received_by", "checked_by")
    row = related.filter(_hers(actor), reference=reference).first()
    if row is None or not may(actor, permission):
        raise Forbidden
    mine = {
        P.RECORDS_CHECK: row.received_desk_id in actor.desks,
        P.RECORDS_HAND_OUT: row.received_desk_id in actor.desks,
        P.RECORDS_TAKE_UP: row.desk_id in actor.desks,
        P.RECORDS_PROPOSE: row.desk_id in actor.desks,
    }.get(permission, True)
    if not mine or (permission == P.RECORDS_DECIDE and not decides(actor, row)):
        raise Forbidden
    return row


def decides(actor: Actor, row: RecordRequest) -> bool:
    """Whether the actor is the second person: of another desk, and without a part in the request so far."""
    answer = answer_of(row)
    part = (row.received_by_id, row.checked_by_id, answer.proposed_by_id if answer else None)
    return actor.post_as(*SECOND) is not None and second(actor.person, actor.desks, part=part, desk=row.desk_id)


def answer_of(row: RecordRequest) -> RecordAnswer | None:
    """The answer that is proposed or agreed, where the actor's desks see it."""
    related = ("proposed_by", "decided_by")
    return RecordAnswer.objects.filter(request=row).exclude(agreed=False).select_related(*related).first()


def case_of(answer: RecordAnswer) -> Case:
    """The case of an answer by its keys alone: the second person and the desk at the counter do not see it."""
    assert answer.case_id is not None
    return by_its_keys(answer.case_id)


def sent_back(row: RecordRequest) -> RecordAnswer | None:
    """The newest proposal that was sent back."""
    return RecordAnswer.objects.filter(request=row, agreed=False).select_related("decided_by").order_by("-at").first()


def schools_near(row: RecordRequest) -> QuerySet[Organisation]:
    """The schools of the request's division, by code."""
    return Organisation.objects.filter(kind=OrganisationKind.SCHOOL, division_id=row.division).order_by("code")


def names_nobody(words: str) -> bool:
    """Whether these words are a number that a student of each school may have: no reference, and no national number."""
    return not words.strip().upper().startswith("ZS-") and not NATIONAL.fullmatch(student_number(words))


def find_case(row: RecordRequest, words: str, school: UUID | None = None) -> Case | None:
    """The newest case in the request's division of this reference or student number, open or closed; a number that is a
    school's own only of this `school`. A machine looks; the caller (an action) records that somebody had it look,
    whatever came of it."""
    wanted = words.strip()
    with identity(RECORDS):
        rows = Case.objects.select_related("owner_desk", "division").filter(division_id=row.division)
        if wanted.upper().startswith("ZS-"):
            return rows.filter(reference=wanted.upper()).first()
        schools = schools_near(row).filter(**({"pk": school} if names_nobody(wanted) else {}))
        marks = Hashes().anywhere(wanted, row.division, schools.values_list("code", flat=True)) if wanted else set()
        persons = Person.objects.filter(student_index__in=marks)
        return rows.filter(person__in=persons).order_by("-opened_at").first()


def releasable(actor: Actor, reference: str) -> tuple[Case, list[tuple[Opened, tuple[str, ...]]]]:
    """A case that the actor may open, and its entries with the fields that may go; records the reading. Nothing of the
    sealed section is opened for this. Forbidden like a missing one."""
    case = open_case(actor, reference, P.FILE_READ)
    found = []
    for entry in reveal(actor, case, SECTIONS, Purpose.RELEASE).entries:
        codes = tuple(code for code in may_go(entry.section, entry.kind) if entry.words.get(code))
        if codes:
            found.append((entry, codes))
    return case, found


def seal_request(row: RecordRequest, words: Mapping[str, Any]) -> None:
    """Put who asks, about whom and why into an unsaved request, under a key of its own."""
    row.sealed = seal_json(keys.new_key("request", row.pk, row.division), _place(row), dict(words))


def reveal_request(actor: Actor, row: RecordRequest) -> dict[str, Any]:
    """Who asks, about whom and why; recorded."""
    words = _opened(row, row.sealed, _place(row))
    by = through(actor, P.RECORDS_SEE, row, desk_id=row.received_desk_id)
    record(stream=row.pk, act=Tag.READ_REQUEST, actor=by, facts={})
    return words


def seal_answer(answer: RecordAnswer, lines: Sequence[Mapping[str, Any]], because: str) -> None:
    """Put what goes into an unsaved answer, under a key of its own. KeyError for a field that may not go: the table of
    cases/record_requests.py has no place for it."""
    for line in lines:
        if line["code"] not in may_go(line["section"], line["kind"]):
            raise KeyError(line["code"])
    key = keys.new_key("release", answer.pk, answer.division)
    answer.sealed = seal_json(key, _place(answer), {"lines": list(lines), "because": because})
    answer.fields = [{name: line[name] for name in ("section", "kind", "code", "how")} for line in lines]


def reveal_answer(actor: Actor, answer: RecordAnswer) -> Going:
    """What would go or goes, and why; recorded with the case where there is one. Forbidden where no key is shown."""
    words = _opened(answer, answer.sealed, _place(answer))
    facts = {"request": answer.request_id}
    record(stream=answer.case_id or answer.request_id, act=Tag.READ_ANSWER, actor=actor, facts=facts)
    return Going(tuple(words["lines"]), words["because"])


def check_home(actor: Actor, row: RecordRequest, case: Case, field: str) -> None:
    """Invalid for an answer to a home that must not be reached; `case` may be its keys alone."""
    if row.asker in HOME:
        check_contact(actor, case, field)


def reveal_extract(actor: Actor, row: RecordRequest) -> Going:
    """What goes out, for the paper that whoever asked gets: asked anew at each printing, for the flag may have been set
    since it was agreed to, or since it was handed over. Forbidden where no answer is agreed, Invalid for a home that
    must not be reached; recorded."""
    answer = answer_of(row)
    if answer is None or not answer.agreed or answer.case_id is None:
        raise Forbidden
    check_home(actor, row, case_of(answer), "how")
    return reveal_answer(actor, answer)


def seal_note(answer: RecordAnswer, text: str) -> bytes:
    """Why it was sent back, or what was agreed to, for whoever reads the request."""
    key = keys.load_key("request", answer.request_id)
    return seal_json(key, _place(answer, "note"), {"note": text})


def reveal_note(answer: RecordAnswer) -> str:
    """The note of whoever decided; the request's reading has been recorded."""
    return str(_opened(answer, answer.note, _place(answer, "note"))["note"]) if answer.note else ""


def end_examination(row: RecordRequest) -> None:
    """The request is answered: whoever was let into a file for it, into whichever, reads it no more. Who that was, the
    request's own trail says: one looks, another may propose, and "nothing" names no case."""
    with identity(RECORDS):
        for user, case in _let_in(row):
            revoke(Case(pk=case), holder=User(pk=user), origin=Origin.RECORDS)


def files_opened(row: RecordRequest) -> int:
    """How many files were opened for this request to somebody who could not open them."""
    with identity(RECORDS):
        return len({case for _user, case in _let_in(row)})


def _let_in(row: RecordRequest) -> set[tuple[int, UUID]]:
    """Whom looking for the file let into which. For a machine: nobody else reads these events."""
    looks = trail(row.pk, None, (P.RECORDS_TAKE_UP,))
    return {(look.actor_id, UUID(look.facts["case"])) for look in looks if look.actor_id and look.facts["given"]}


def destroy_answer(answer: RecordAnswer) -> None:
    """Destroy the key of an answer that was sent back: what it would have given is gone."""
    keys.destroy("release", answer.pk)


def _hers(actor: Actor) -> Q:
    mine = Q(received_desk_id__in=actor.desks) | Q(desk_id__in=actor.desks)
    return Q() if actor.post_as(*SECOND) else mine


def _opened(row: RecordRequest | RecordAnswer, sealed: Any, place: Place) -> dict[str, Any]:
    by_id = keys.load_for([sealed])
    if keys.id_of(sealed) not in by_id:
        raise Forbidden
    words = open_json(by_id[keys.id_of(sealed)], place, bytes(sealed))
    return words if isinstance(words, dict) else {}


def _place(row: RecordRequest | RecordAnswer, field: str = "sealed") -> Place:
    return Place(row._meta.label_lower, row.pk, field, row.division)

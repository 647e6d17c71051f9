"""One person, one file (一生一档): everything that happened, in the order of time, as covers alone.

A line says what kind of thing it is, when and by whom. Its words are opened one by one, on demand, and each opening is
recorded (cases/access.py). The sheet of a call is one line: its sections, each in its newest version, stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from cases.access import visible_cases
from cases.models import Attachment, Case, Entry, EntryKind, ScreeningResult, Section
from cases.sections import readable_sections, sees_reporter
from cases.steps import Mark
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.sound import sound
from wellbeing.audit.trail import trail
from wellbeing.people.models import User

PAGE = 25
CASES = 20  # of one person; more have been merged long before
TRACES = 200  # of one case, the newest

K = EntryKind
# What the list is filtered by: kinds of entries, and acts of the case's own trail.
KINDS: dict[str, tuple[EntryKind, ...]] = {
    "calls": (K.CALL, K.CALLBACK),
    "sessions": (K.SESSION, K.GROUP, K.HOME_VISIT, K.GUARDIAN_TALK, K.FOLLOW_UP, K.HOME_WATCH),
    "concerns": (K.CONCERN,),
    "screenings": (K.SCREENING, K.INSTRUMENT),
    "tiers": (K.ASSESSMENT, K.RAISING, K.LOWERING, K.REOPENING),
    "referrals": (K.TRANSFER,),
    "return": (K.LEAVE, K.RETURN_PLAN),
    "papers": (K.ATTACHMENT, K.WITHDRAWAL, K.REPORT, K.MANDATORY, K.CONSENT, K.AGREEMENT),
}
ACTS: dict[str, tuple[P, ...]] = {
    "tiers": (P.TIER_RAISE, P.TIER_LOWER, P.LOWERING_CONFIRM),
    "referrals": (
        *(P.REFERRAL_SUBMIT, P.REFERRAL_TRIAGE, P.REFERRAL_SEND, P.CHANNEL_OPEN, P.REFERRAL_RECEIVE),
        *(P.APPOINTMENT_BOOK, P.FEEDBACK_RECORD, P.REFERRAL_CLOSE, P.REFERRAL_WITHDRAW, P.REFERRAL_GIVE_BACK),
    ),
    "return": (P.RETURN_PLAN,),
    "concerns": (P.CONCERN_MERGE,),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a call's sheet: the entry that says what stands now, and the versions before it, newest first."""

    section: str
    id: UUID
    opens: bool
    earlier: tuple[tuple[UUID, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what (the kind of an entry, an instrument, or an act), where its words can be opened, or that they are
    shut to the reader. The line of a call has its `parts`."""

    at: datetime
    id: UUID
    source: str  # entry | result | trace
    kind: str
    case: Case
    who: Any = None
    opens: bool = False
    shut: bool = False
    facts: Any = None
    parts: tuple[Part, ...] = ()
    withdrawn: Attachment | None = None


def cases_of(actor: Actor, case: Case) -> list[Case]:
    """The cases of the same person that the actor sees, this one among them, the newest first."""
    return sound(actor, visible_cases(actor).filter(person_id=case.person_id).order_by("-pk")[:CASES])


def lines(actor: Actor, case: Case, *, kind: str = "", after: Mark | None = None, limit: int = PAGE) -> list[Line]:
    """One page of the person's file, the newest first, older than the mark; of one kind, or of all."""
    cases = {one.pk: one for one in cases_of(actor, case)}
    found = _entries(actor, cases, kind, after, limit)
    if kind in ("", "screenings"):
        found += _results(actor, case, after, limit)
    for one in cases.values():
        found += _traces(one, kind, after)
    return _named(sorted(found, key=lambda line: (line.at, line.id), reverse=True)[:limit])


def _named(page: list[Line]) -> list[Line]:
    """The accounts of a trail's steps by name, asked once."""
    users = {user.pk: user for user in User.objects.filter(pk__in=[x.who for x in page if x.source == "trace"])}
    return [replace(line, who=users.get(line.who)) if line.source == "trace" else line for line in page]


def _entries(actor: Actor, cases: dict[UUID, Case], kind: str, after: Mark | None, limit: int) -> list[Line]:
    rows = list(Entry.objects.raw(*_covers(actor, list(cases), kind, after, limit)))
    prefetch_related_objects(rows, "author")
    open_to = {pk: readable_sections(actor, case) for pk, case in cases.items()}

    def opens(row: Entry) -> bool:
        own = row.desk_id in actor.desks and row.section != Section.SEALED
        return own or row.section in open_to[row.case_id]

    def who(row: Entry) -> Any:
        return row.author if row.kind != K.CONCERN or sees_reporter(actor, cases[row.case_id], row) else None

    def parts(row: Entry) -> tuple[Part, ...]:
        found = [_part([one for one in sheets[row.case_id] if one.section == section], opens) for section in Section]
        return tuple(one for one in found if one)

    def line(row: Entry) -> Line:
        found = Line(row.at, row.pk, "entry", row.kind, cases[row.case_id], who(row))
        if row.kind == K.CALL:
            return replace(found, parts=parts(row))
        if row.pk in gone:
            return replace(found, withdrawn=gone[row.pk])
        return replace(found, opens=opens(row), shut=not opens(row))

    sheets = _sheets(actor, [row.case_id for row in rows if row.kind == K.CALL])
    gone = _withdrawn([row.pk for row in rows if row.kind == K.ATTACHMENT])
    return [line(row) for row in rows]


def _withdrawn(entries: list[UUID]) -> dict[UUID, Attachment]:
    """Those of the attachments that were withdrawn, by the entry."""
    rows = Attachment.objects.filter(entry_id__in=entries, withdrawn_at__isnull=False) if entries else []
    prefetch_related_objects(found := list(rows), "withdrawn_by")
    return {row.entry_id: row for row in found}


def _part(versions: list[Entry], opens: Callable[[Entry], bool]) -> Part | None:
    """The versions of one section of a sheet, the oldest first, as one; None where the sheet says nothing of it."""
    if not versions:
        return None
    *before, newest = versions
    return Part(newest.section, newest.pk, opens(newest), tuple((one.pk, one.at) for one in before[::-1]))


def _sheets(actor: Actor, cases: list[UUID]) -> dict[UUID, list[Entry]]:
    """Every version of every section of these cases' calls, the oldest first."""
    found: dict[UUID, list[Entry]] = {pk: [] for pk in cases}
    sql = "SELECT * FROM app_entry_covers(%s, %s) WHERE kind = %s ORDER BY at, id"
    for row in Entry.objects.raw(sql, [cases, list(actor.desks), K.CALL]):
        found[row.case_id].append(row)
    return found


def _covers(actor: Actor, cases: list[UUID], kind: str, after: Mark | None, limit: int) -> tuple[str, list[Any]]:
    """The covers of entries, also of those whose words are shut to the reader: the wall shows no such row. Of a call
    alone the first, where the sheet began: a case has one."""
    sql = (
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY case_id, kind ORDER BY at, id) AS place"
        " FROM app_entry_covers(%s, %s)) covers WHERE (kind <> %s OR place = 1)"
    )
    given: list[Any] = [cases, list(actor.desks), K.CALL]
    if kind:
        sql, given = sql + " AND kind = ANY (%s)", [*given, [str(one) for one in KINDS.get(kind, ())]]
    if after:
        sql, given = sql + " AND (at, id) < (%s, %s)", [*given, after.due_at, after.id]
    return sql + " ORDER BY at DESC, id DESC LIMIT %s", [*given, limit]


def _results(actor: Actor, case: Case, after: Mark | None, limit: int) -> list[Line]:
    rows = ScreeningResult.objects.filter(person_id=case.person_id)
    opens = Section.RISK in readable_sections(actor, case)
    return [
        Line(row.at, row.pk, "result", row.instrument, case, opens=opens, shut=not opens)
        for row in _older(rows, after)[:limit]
    ]


def _older(rows: QuerySet[Any], after: Mark | None) -> QuerySet[Any]:
    if after:
        rows = rows.filter(at__lte=after.due_at).filter(Q(at__lt=after.due_at) | Q(pk__lt=after.id))
    return rows.order_by("-at", "-pk")


def _traces(case: Case, kind: str, after: Mark | None) -> list[Line]:
    """What stands in no entry: steps of the green channel, tiers raised without a word."""
    acts: Sequence[str] = ACTS.get(kind, ()) if kind else [act for some in ACTS.values() for act in some]
    if not acts:
        return []
    return [
        Line(trace.at, trace.id, "trace", trace.act, case, trace.actor_id, facts=trace.facts)
        for trace in trail(case.pk, TRACES, acts)
        if after is None or (trace.at, trace.id) < (after.due_at, after.id)
    ]

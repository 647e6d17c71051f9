"""The door to exports of rows: a file that waits, sealed under a key of its own, for one receiver.

Row-level security shows the key to the receiver alone: while the time runs, nothing was fetched, and above ALONE rows
a second person has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from cases.models import Case, Export
from cases.models.export import ALONE, ExportForm, ExportSort
from cases.screening_access import brings_by
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, may_each
from wellbeing.access.rights import RIGHTS
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, older
from wellbeing.people.desks import city_desk, desks, members, triage_desk
from wellbeing.people.models import Desk, Organisation, Role, User
from wellbeing.sheets.writing import Cell, csv_lines, xlsx_bytes
from wellbeing.vault import keys
from wellbeing.vault.envelope import Place, seal, unseal
from wellbeing.workdays import now

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that its asker has read through the doors: texts in her language, the cases whose rows they are, and the
    school where they are its alone."""

    title: str
    head: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    cases: Sequence[UUID] = ()
    school: Organisation | None = None

    def rows(self) -> Iterable[Sequence[Cell]]:
        return self.lines


def asking_desk(actor: Actor, school: Organisation | None = None) -> Desk:
    """The desk that the actor exports at; what is a school's alone at the one by which she brings its answers, whose
    people read them too. Forbidden without one."""
    post = brings_by(actor, school) if school else actor.post_as(*RIGHTS[P.EXPORT_ASK].roles)
    if post is None:
        raise Forbidden
    return desks([post.desk_id])[0]


def above(desk: Desk) -> Desk | None:
    """The desk that confirms too: the county's for a school, the city's for a county, none for the city's."""
    if desk.role == Role.CITY_DUTY:
        return None
    return city_desk() if desk.role == Role.COUNTY_TRIAGE else triage_desk(desk.organisation.division_id)


def receivers(desk: Desk) -> list[User]:
    """Who may be named: the accounts whose posts at the desk run today, by name."""
    return list(User.objects.filter(pk__in=members(desk.pk)).order_by("username"))


def seal_export(export: Export, table: Rows, mark: str) -> None:
    """Put the file into an unsaved row, under a key of its own. It never lies anywhere in clear."""
    made = xlsx_bytes(table, mark) if export.form == ExportForm.XLSX else "".join(csv_lines(table, mark)).encode()
    export.sealed = seal(keys.new_key("export", export.pk, export.division), made, _place(export))


def counts_for(actor: Actor, rows: int) -> int:
    """How many rows a file of so many counts for: with those of the short files that the actor asked for within a day
    before, where all of them are more than one person takes out alone. Two files at once wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"export:{actor.person}"])
    lately = Export.objects.filter(by_id=actor.person, at__gt=now() - DAY, row_count__lte=ALONE)
    taken = lately.aggregate(rows=Sum("row_count", default=0))["rows"] + rows
    return taken if taken > ALONE else rows


def exports(actor: Actor, before: str = "") -> Page[Export]:
    """Those that the actor asked for, is to receive, or may confirm as the second person, the newest first."""
    mine = Q(by_id=actor.person) | Q(receiver_id=actor.person)
    near = Q(desk__in=actor.desks) | Q(above__in=actor.desks)
    rows = Export.objects.defer("sealed").select_related("by", "receiver", "second", "desk__organisation")
    return older(rows.filter(mine | (near & Q(row_count__gt=ALONE))), before)


def waits_for_second(export: Export) -> bool:
    """Whether a second person is still to confirm it, in time."""
    return export.row_count > ALONE and export.second_at is None and export.until > now()


def open_to(receiver: User, cases: Iterable[UUID], sort: str) -> bool:
    """Whether each of these cases is open to the receiver now as a list of the sort shows it: its cover, and in the
    list of interviews its name and results."""
    wanted = (P.IDENTITY_READ, P.RISK_READ) if sort == ExportSort.INTERVIEWS else (P.CASE_SEE,)
    with identity(GRANTS):
        who, asked = Actor.of(receiver), [Case(pk=pk) for pk in cases]
        return all(all(may_each(who, permission, asked).values()) for permission in wanted)


def open_export(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> Export:
    """One export: for confirming, of somebody else's at a desk of hers or below; for fetching, her own while she sits
    at its desk. Forbidden otherwise."""
    rows = Export.objects.select_for_update(of=("self",)) if lock else Export.objects
    found = rows.select_related("by", "receiver", "desk__organisation").filter(pk=pk).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    if permission == P.EXPORT_FETCH:
        allowed = found.receiver_id == actor.id and found.desk_id in actor.desks
    else:
        near = found.desk_id in actor.desks or found.above_id in actor.desks
        allowed = near and actor.id not in (found.by_id, found.receiver_id) and found.row_count > ALONE
    if not allowed:
        raise Forbidden
    return found


def open_file(export: Export) -> bytes:
    """The file, for the action that records its one fetching. Forbidden where the wall shows no key."""
    if export.sealed is None:
        raise Forbidden
    by_id = keys.load_for([export.sealed])
    if not by_id:
        raise Forbidden
    return unseal(by_id[keys.id_of(export.sealed)], bytes(export.sealed), _place(export))


def end_keys(exports: Iterable[UUID]) -> None:
    """Destroy the keys of files whose rows are blank already; the wall shows no others for it."""
    for pk in exports:
        keys.destroy("export", pk)


def _place(export: Export) -> Place:
    return Place("cases.export", export.pk, "sealed", export.division)

"""The door to the files of a screening while they wait: which an actor may bring and see, and how their rows are
sealed, opened and ended.

A file waits under a key of its own, which its uploader and the machine that imports may read, and which is destroyed
with the last row: what stays is sealed under the keys of the persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import Q

from cases.models import ScreeningBatch, ScreeningMapping, ScreeningPart
from cases.screening_columns import Line
from cases.screening_file import Row
from wellbeing.access.actor import Actor, PostInfo
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.people.models import Desk, Organisation, OrganisationKind, Role
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Place

ROW = tuple(f.name for f in fields(Row))


def schools_of(actor: Actor) -> list[Desk]:
    """The counsellors' desks of the schools whose answers the actor may bring, with their schools: her own for a
    school counsellor, the division's for a county centre, all for the city centre and for the import itself."""
    desks = Desk.objects.filter(role=Role.SCHOOL_COUNSELLOR, organisation__kind=OrganisationKind.SCHOOL)
    if not actor.system and Role.CITY_DUTY not in actor.roles:
        own = {post.organisation_id for post in actor.posts if post.role == Role.SCHOOL_COUNSELLOR}
        counties = {post.division for post in actor.posts if post.role == Role.COUNTY_TRIAGE}
        desks = desks.filter(organisation__division__in=counties) | desks.filter(organisation__in=own)
    return list(desks.select_related("organisation__division").order_by("organisation__code"))


def brings_by(actor: Actor, school: Organisation | None) -> PostInfo | None:
    """The post by which the actor brings the answers of a school, or of several (None), and whose desk sees the file
    besides that school's: a counsellor of two schools shows neither's students to the other. Several are brought by a
    county's or the city's centre."""
    posts = actor.posts
    at_school = [
        one for one in posts if one.role == Role.SCHOOL_COUNSELLOR and school and one.organisation_id == school.pk
    ]
    near = [
        one for one in posts if one.role == Role.COUNTY_TRIAGE and (not school or one.division == school.division_id)
    ]
    return next(iter((*at_school, *near, *(one for one in posts if one.role == Role.CITY_DUTY))), None)


def schools_by_name(desks: Iterable[Desk]) -> dict[str, Desk]:
    """The desks by what a file may call their schools: the code, and each name that only one of them has."""
    found: dict[str, Desk] = {}
    shared = set()
    for desk in desks:
        school: Organisation = desk.organisation
        for name in {school.code, school.name, school.name_en}:
            shared |= {name} & found.keys()
            found[name] = desk
    return {
        name: desk for name, desk in found.items() if name and (name not in shared or desk.organisation.code == name)
    }


def batches_of(actor: Actor, limit: int = 50) -> list[ScreeningBatch]:
    """The files that the actor sees, all that wait for somebody before the newest others; dropped ones are gone."""
    rows = ScreeningBatch.objects.exclude(state="dropped").select_related("school", "made_by")
    rows = rows.order_by("-staged_at", "-pk")
    waiting = Q(state__in=("unmapped", "staged"))  # a campaign brings many others in one instant
    return [*rows.filter(waiting), *rows.exclude(waiting)[:limit]]


def mapping_of(school: Organisation | None, codes: str) -> tuple[str, dict[str, list[str]]]:
    """The mapping that was last confirmed for these instruments at a school, and the titles of its columns where they
    were picked by hand; empty where none was."""
    found = ScreeningMapping.objects.filter(school=school, codes=codes).first()
    return (found.mapping, found.titles) if found else ("", {})


def open_batch(actor: Actor, pk: UUID, *, lock: bool = False) -> ScreeningBatch:
    """A file that the actor may see (row-level security says which). Forbidden when missing or not hers."""
    rows = ScreeningBatch.objects.select_for_update(of=("self",)) if lock else ScreeningBatch.objects
    batch = rows.select_related("school").filter(pk=pk).first()
    if batch is None or not may(actor, P.SCREENING_UPLOAD):
        raise Forbidden
    return batch


def new_batch_key(batch: ScreeningBatch) -> DataKey:
    """The key under which a file waits."""
    return keys.new_key("batch", batch.pk, batch.division_id)


def seal_part(batch: ScreeningBatch, number: int, rows: list[Row], key: DataKey) -> ScreeningPart:
    """Some rows of a file as an unsaved part."""
    part = ScreeningPart(batch=batch, number=number, rows=len(rows))
    part.sealed = seal_json(key, _place(batch, part.pk), [_cells(row) for row in rows])
    return part


def open_part(batch: ScreeningBatch, part: ScreeningPart) -> list[Row]:
    """The rows of a part."""
    key = keys.key_of(part.sealed)
    return [Row(*cells) for cells in open_json(key, _place(batch, part.pk), bytes(part.sealed))]


def seal_lines(batch: ScreeningBatch, number: int, lines: Sequence[Line], key: DataKey) -> ScreeningPart:
    """Some lines of a file as they are, as an unsaved part: nobody has said yet what their columns hold."""
    part = ScreeningPart(batch=batch, number=number, rows=len(lines))
    part.sealed = seal_json(key, _place(batch, part.pk), [[line, *cells] for line, cells in lines])
    return part


def open_lines(batch: ScreeningBatch, part: ScreeningPart) -> list[Line]:
    """The lines of such a part."""
    key = keys.load_key("batch", batch.pk)
    return [(line, tuple(cells)) for line, *cells in open_json(key, _place(batch, part.pk), bytes(part.sealed))]


def reveal_lines(actor: Actor, batch: ScreeningBatch, limit: int) -> list[Line]:
    """The first lines of a file whose columns are still to be picked; recorded as a reading."""
    first = batch.parts.order_by("number").first()
    if not may(actor, P.SCREENING_UPLOAD) or batch.state != "unmapped" or first is None:
        raise Forbidden
    by = through(actor, P.SCREENING_UPLOAD, batch)
    record(stream=batch.pk, act=Tag.READ_SCREENING, actor=by, facts={"rows": min(limit, first.rows)})
    return open_lines(batch, first)[:limit]


def titles_of(batch: ScreeningBatch) -> dict[str, list[str]]:
    """The titles of the columns that were picked by hand for a file that waits: texts of questions, no answers."""
    titles: dict[str, list[str]] = open_figures(batch).get("titles", {})
    return titles


def open_figures(batch: ScreeningBatch) -> dict[str, Any]:
    """What a file that waits would do, for an action on it."""
    return dict(open_json(keys.key_of(batch.sealed or b""), _place(batch, batch.pk), bytes(batch.sealed or b"")))


def seal_figures(batch: ScreeningBatch, figures: Mapping[str, Any], key: DataKey) -> None:
    """Keep what a file would do for its preview."""
    batch.sealed = seal_json(key, _place(batch, batch.pk), figures)


def reveal_preview(actor: Actor, batch: ScreeningBatch, limit: int) -> tuple[dict[str, Any], list[Row]]:
    """The figures of a file that waits and its first rows; recorded as a reading. Forbidden once it has been taken."""
    first = batch.parts.order_by("number").first()
    if not may(actor, P.SCREENING_UPLOAD) or batch.sealed is None or first is None:
        raise Forbidden
    figures = open_json(keys.key_of(batch.sealed), _place(batch, batch.pk), bytes(batch.sealed))
    rows = open_part(batch, first)[:limit]
    by = through(actor, P.SCREENING_UPLOAD, batch)
    record(stream=batch.pk, act=Tag.READ_SCREENING, actor=by, facts={"rows": len(rows)})
    return dict(figures), rows


def end_batch_key(batch: ScreeningBatch) -> None:
    """What waited under the key can never be opened again."""
    batch.sealed = None
    keys.destroy("batch", batch.pk)


def _cells(row: Row) -> list[Any]:
    return [getattr(row, name) for name in ROW]


def _place(batch: ScreeningBatch, pk: UUID) -> Place:
    return Place(model="cases.screeningpart", pk=pk, field="sealed", division=batch.division_id)

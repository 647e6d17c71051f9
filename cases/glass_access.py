"""The door to openings in an emergency: the case that nobody gave the actor, and the sealed reason of an opening."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from cases.glass import Before
from cases.models import BreakGlass, Case
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place

GLASS = Actor.machine("glass")
PAGE = 50
EVERYWHERE = frozenset({Role.CITY_DUTY, Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR})


def behind_glass(actor: Actor, reference: str) -> Case:
    """The open case of a reference within the actor's reach: her county's for triage, every one for the hotline and the
    city. Forbidden like a missing one otherwise. Nobody gave it to her, so a machine looks."""
    if not may(actor, P.GLASS_BREAK):
        raise Forbidden
    with identity(GLASS):
        case = Case.objects.select_related("division", "owner_desk").filter(reference=reference).first()
    if case is None or case.status == "closed":
        raise Forbidden
    counties = {post.division for post in actor.posts if post.role == Role.COUNTY_TRIAGE}
    if not actor.roles & EVERYWHERE and case.division_id not in counties:
        raise Forbidden
    return case


def earlier(actor: Actor) -> list[Before]:
    """The actor's own openings, for the rules."""
    rows = BreakGlass.objects.filter(by_id=actor.id).order_by("-at")[:PAGE]
    return [Before(row.at, row.reviewed_at is not None, row.verdict) for row in rows]


def seal_reason(glass: BreakGlass, words: str) -> None:
    """Keep the reason under a key of the opening's own; the row is not saved."""
    glass.reason = seal_json(keys.new_key("glass", glass.pk, glass.division), _place(glass), words)


def openings(actor: Actor) -> list[BreakGlass]:
    """The actor's own openings and those that her desks review, what waits first, then the newest."""
    rows = BreakGlass.objects.filter(
        Q(by_id=actor.id) | Q(first_desk_id__in=actor.desks) | Q(second_desk_id__in=actor.desks) | Q(level__gt=0)
    ).select_related("by", "reviewed_by")
    return sorted(rows.order_by("-at")[:PAGE], key=lambda row: (row.reviewed_at is not None, -row.at.timestamp()))


def open_glass(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> BreakGlass:
    """An opening that the actor made or may review (row-level security says which). Forbidden otherwise."""
    rows = BreakGlass.objects.select_for_update(of=("self",)) if lock else BreakGlass.objects
    glass = rows.filter(pk=pk).first()
    if glass is None or not may(actor, permission):
        raise Forbidden
    return glass


def reveal_reasons(actor: Actor, rows: Sequence[BreakGlass]) -> dict[UUID, str]:
    """The reasons of openings that the actor sees; one event names them."""
    by_id = keys.load_for([row.reason for row in rows])
    found = {
        row.pk: str(open_json(by_id[keys.id_of(row.reason)], _place(row), bytes(row.reason)))
        for row in rows
        if keys.id_of(row.reason) in by_id
    }
    if found:
        record(stream=rows[0].pk, act=Tag.READ_GLASS, actor=actor, facts={"openings": tuple(found)})
    return found


def _place(glass: BreakGlass) -> Place:
    return Place("cases.breakglass", glass.pk, "reason", glass.division)

"""The door to openings in an emergency: the case that nobody gave the actor, and the sealed reason of an opening."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q

from cases.glass import Before
from cases.models import BreakGlass, Case, SealedAsk, Verdict
from cases.second_person import open_asking
from wellbeing.access.actor import Actor, identity, naming
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, older
from wellbeing.people.models import Role
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place
from wellbeing.workdays import now

PAGE = 50
EVERYWHERE = frozenset({Role.CITY_DUTY, Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR})


def behind_glass(actor: Actor, reference: str) -> Case:
    """The open case of a reference within the actor's reach: her county's for triage, every one for the hotline and the
    city. Forbidden like a missing one otherwise. Nobody gave it to her; the wall shows the one that she names."""
    if not may(actor, P.GLASS_BREAK):
        raise Forbidden
    with identity(actor), naming(reference):
        case = Case.objects.select_related("division", "owner_desk").filter(reference=reference).first()
    if case is None or case.status == "closed":
        raise Forbidden
    counties = {post.division for post in actor.posts if post.role == Role.COUNTY_TRIAGE}
    if not actor.roles & EVERYWHERE and case.division_id not in counties:
        raise Forbidden
    return case


def earlier(actor: Actor) -> list[Before]:
    """The actor's own openings, for the rules. Until the transaction ends nobody else counts them: two openings at the
    same moment would both be the third of the day."""
    _alone(f"glass:{actor.person}")
    rows = BreakGlass.objects.filter(by_id=actor.id).order_by("-at")[:PAGE]
    return [Before(row.at, row.reviewed_at is not None, row.verdict) for row in rows]


def seal_reason(glass: BreakGlass, words: str) -> None:
    """Keep the reason under a key of the opening's own; the row is not saved."""
    glass.reason = seal_json(keys.new_key("glass", glass.pk, glass.division), _place(glass), words)


def openings(actor: Actor, before: str = "") -> Page[BreakGlass]:
    """The actor's own openings, those that her desks review, what went up, and for the security administrator what was
    doubted (row-level security says whose the last two are): all that wait, then the newest."""
    told = Q(first_desk_id__in=actor.desks) | Q(second_desk_id__in=actor.desks)
    above = Q(level__gt=0) | Q(verdict__in=(Verdict.NOT_JUSTIFIED, Verdict.UNCLEAR))
    rows = BreakGlass.objects.filter(Q(by_id=actor.id) | told | above).select_related("by", "reviewed_by")
    return older(rows, before, waiting=Q(reviewed_at=None))


def open_glass(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> BreakGlass:
    """An opening that the actor made or may review (row-level security says which). Forbidden otherwise."""
    rows = BreakGlass.objects.select_for_update(of=("self",)) if lock else BreakGlass.objects
    glass = rows.filter(pk=pk).first()
    if glass is None or not may(actor, permission):
        raise Forbidden
    return glass


def open_running(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> BreakGlass:
    """An opening of the actor's own that is not over. Forbidden otherwise."""
    glass = open_glass(actor, pk, permission)
    if glass.by_id != actor.id or glass.until <= now():
        raise Forbidden
    if lock:  # two askings at once wait for each other; her opening itself she may not change, nor lock
        _alone(f"sealed:{glass.pk}")
    return glass


def _alone(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def running(actor: Actor, case_id: UUID) -> BreakGlass | None:
    """The actor's own opening of the case, while it runs."""
    return BreakGlass.objects.filter(case_id=case_id, by_id=actor.id, until__gt=now()).order_by("-at").first()


def open_sealed_ask(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> SealedAsk:
    """Somebody else's asking for the sealed section, to answer it at one of the desks that were told; the case and the
    opening are in it. Forbidden otherwise, to whoever has an opening of her own there (neither confirms the other), and
    to whoever has judged this one.
    """
    ask = open_asking(SealedAsk, actor, pk, permission, own=False, lock=lock)
    told = {ask.glass.first_desk_id, ask.glass.second_desk_id} & set(actor.desks)
    if not told or running(actor, ask.case_id) or ask.glass.reviewed_by_id == actor.id:
        raise Forbidden
    return ask


def confirmed_by_asker(rows: Sequence[BreakGlass]) -> frozenset[UUID]:
    """Those of the openings whose sealed section the actor of this transaction confirmed: another judges them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT g FROM unnest(%s::uuid[]) g WHERE app_confirmed_glass(g)", [[row.pk for row in rows]])
        return frozenset(pk for (pk,) in cursor.fetchall())


def sealed_asks(rows: Sequence[BreakGlass]) -> dict[UUID, SealedAsk]:
    """The newest asking for the sealed section of each opening."""
    found = SealedAsk.objects.filter(glass__in=[row.pk for row in rows])
    return {ask.glass_id: ask for ask in found.select_related("confirmed_by", "refused_by").order_by("at")}


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

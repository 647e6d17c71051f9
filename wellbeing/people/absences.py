"""Leave of persons, as pages and actions read it: whose, from when until when, and which desk it leaves with nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.rights import ADMINISTRATORS
from wellbeing.errors import Forbidden
from wellbeing.people.desks import bureau_desk, city_desk, desk_at, desks, triage_desk
from wellbeing.people.models import Absence, Desk, Role
from wellbeing.signin.models import Session
from wellbeing.signin.sessions import end_sessions
from wellbeing.workdays import TIMEZONE, now

HOTLINE = (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
# Of each leave that runs or lies ahead the desks of its holder in those days, and the first day, from today, on which
# nobody else serves there: of an administrator nobody else of her kind. A reporter's desk waits for nobody.
ROWS = """
SELECT a.id, p.desk_id, (
    SELECT min(day)::date FROM generate_series(greatest(a.first_day, app_today()), a.last_day, interval '1 day') day
    WHERE p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day) AND NOT EXISTS (
      SELECT 1 FROM app_serving(day::date) o JOIN people_desk e ON e.group_id = o.desk_id
      WHERE o.user_id <> a.user_id AND (e.group_id = d.group_id OR d.role = ANY (%(alike)s) AND e.role = d.role)))
FROM people_absence a
JOIN people_post p ON p.user_id = a.user_id AND p.starts_on <= a.last_day
  AND (p.ends_on IS NULL OR p.ends_on >= a.first_day)
JOIN people_desk d ON d.group_id = p.desk_id AND d.role <> 'reporter'
WHERE a.last_day >= greatest(app_today(), a.first_day) AND {} ORDER BY a.first_day, a.id, p.desk_id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One leave at one desk; `empty_on` is the first day on which nobody else serves there."""

    absence: Absence
    desk: Desk
    empty_on: date | None


def absences(user_ids: Iterable[int]) -> QuerySet[Absence]:
    """The leaves of these accounts that run or lie ahead, the first one first."""
    found = Absence.objects.filter(Absence.to_come(now().date()), user_id__in=set(user_ids))
    return found.select_related("user", "entered_by").order_by("first_day", "pk")


def spoken_absence(one: Absence) -> str:
    """From when until when, for a list of names."""
    return _("on leave {first} – {last}").format(first=one.first_day.isoformat(), last=one.last_day.isoformat())


def at_desks(ids: Iterable[int]) -> list[Row]:
    """Who is or will be on leave at some desks, the first one first."""
    return _rows("p.desk_id = ANY (%(asked)s)", list(ids))


def left_by(absence: Absence) -> list[Row]:
    """The desks at which one leave, written already, makes posts rest."""
    return _rows("a.id = %(asked)s", absence.pk)


def _rows(condition: str, asked: UUID | list[int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(condition), {"asked": asked, "alike": sorted(ADMINISTRATORS)})
        found = cursor.fetchall()
    leaves = Absence.objects.select_related("user", "entered_by").in_bulk([row[0] for row in found])
    known = {desk.pk: desk for desk in desks({row[1] for row in found})}
    return [Row(leaves[pk], known[desk], empty) for pk, desk, empty in found]


def above(desk: Desk) -> Desk:
    """The desk that is told when one is left with nobody: who watches over it. Raises NoDesk."""
    if desk.role == Role.HOTLINE_COUNSELLOR:
        return desk_at(desk.organisation_id, Role.HOTLINE_SUPERVISOR) or city_desk()
    if desk.role == Role.CITY_DUTY:
        return bureau_desk()
    if desk.role in (Role.COUNTY_TRIAGE, Role.HOTLINE_SUPERVISOR, Role.EDUCATION_ADMIN):
        return city_desk()
    return triage_desk(desk.organisation.division_id)


def watched(actor: Actor) -> list[int]:
    """The actor's desks, and those that hers is told of when they are left with nobody."""
    below = Q(pk__in=[])
    for post in actor.posts:
        if post.role == Role.HOTLINE_SUPERVISOR:
            below |= Q(role=Role.HOTLINE_COUNSELLOR, organisation_id=post.organisation_id)
        elif post.role == Role.COUNTY_TRIAGE:
            below |= Q(organisation__division_id=post.division) & ~Q(role__in=(*HOTLINE, *ADMINISTRATORS))
        elif post.role == Role.CITY_DUTY:
            below |= Q(role__in=(*HOTLINE, Role.COUNTY_TRIAGE, Role.EDUCATION_ADMIN))
        elif post.role == Role.EDUCATION_ADMIN:
            below |= Q(role=Role.CITY_DUTY)
    return [*actor.desks, *Desk.objects.filter(below).exclude(pk__in=actor.desks).values_list("pk", flat=True)]


def open_absence(actor: Actor, reference: str, permission: P) -> Absence:
    """A leave that she may end: her own, or anybody else's for whoever administers accounts. Raises Forbidden."""
    try:
        found = Absence.objects.select_related("user").filter(pk=UUID(reference)).first()
    except ValueError:
        found = None
    hers = found is not None and found.user_id == actor.id
    if found is None or not may(actor, permission) or hers != (permission == P.ABSENCE_TAKE):
        raise Forbidden
    return found


def end_begun() -> int:
    """End the sessions of whoever's leave has begun since they began; returns of how many accounts. Every minute, by
    the ticker: her rights rest from midnight anyway."""
    with identity(POSTS):
        today = now().date()
        began = dict(Absence.objects.filter(first_day__lte=today, last_day__gte=today).values_list("user", "first_day"))
        rows = list(Session.objects.filter(user_id__in=began).values_list("user_id", "since"))
    late = {user for user, since in rows if since is None or since < _midnight(began[user])}
    return sum(1 for user in late if end_sessions(user))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TIMEZONE)

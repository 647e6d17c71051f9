"""The door to the registers: what an actor sees, and how the words of an incident are sealed and read.

Row-level security shows a school's crisis lead the incidents of the school, a county those of its division, city and
bureau all that their division covers. What machines count is the cover; they read no word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.people.access import counties_of
from wellbeing.people.models import Organisation, OrganisationKind, Role
from wellbeing.registers.kinds import LineKind
from wellbeing.registers.models import Activity, Incident, IncidentLine
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Place

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an incident, opened."""

    kind: str
    at: datetime
    by: str
    whom: str
    text: str


def schools_of(actor: Actor) -> list[Organisation]:
    """The schools that the actor may report an incident of: her own as crisis lead, the division's as a county."""
    own = [post.organisation_id for post in actor.posts if post.role == Role.SCHOOL_CRISIS_LEAD]
    schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL)
    return list((schools.filter(pk__in=own) | schools.filter(division__in=_counties(actor))).order_by("code"))


def writes(actor: Actor, incident: Incident, permission: P) -> bool:
    """Whether the next step of an incident may be hers: her school's, or her county's."""
    lead = any(p.organisation_id == incident.school_id and p.role == Role.SCHOOL_CRISIS_LEAD for p in actor.posts)
    return may(actor, permission) and (
        incident.division_id in _counties(actor) or (lead and permission == P.INCIDENT_WRITE)
    )


def incidents(actor: Actor, before: str = "") -> tuple[list[Incident], str]:
    """The newest incidents that the actor sees, or those older than the one of this reference: covers alone; and the
    reference from which the next page goes on. Forbidden without the right."""
    if not may(actor, P.INCIDENT_SEE):
        raise Forbidden
    rows = Incident.objects.select_related("school", "division").order_by("-happened_at", "-pk")
    last = Incident.objects.filter(reference=before).first() if before else None
    if last:
        rows = rows.filter(Q(happened_at__lt=last.happened_at) | Q(happened_at=last.happened_at, pk__lt=last.pk))
    found = list(rows[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].reference if len(found) > PER_PAGE else ""


def open_incident(actor: Actor, reference: str, permission: P = P.INCIDENT_SEE) -> Incident:
    """Fetch and check in one call. Forbidden when missing or not hers."""
    found = Incident.objects.select_related("school", "division").filter(reference=reference).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    if permission != P.INCIDENT_SEE and not writes(actor, found, permission):
        raise Forbidden
    return found


def new_key(incident: Incident) -> DataKey:
    """The key of a new incident."""
    return keys.new_key("incident", incident.pk, incident.division_id)


def key_of(incident: Incident) -> DataKey:
    """The key of one that exists. SealError for whoever may not read it."""
    return keys.load_key("incident", incident.pk)


def line(actor: Actor, incident: Incident, key: DataKey, kind: LineKind, at: datetime, **words: str) -> IncidentLine:
    """A new line, sealed and unsaved; when it was written is for the action to say."""
    made = IncidentLine(incident=incident, kind=kind, at=at, written_by_id=actor.person)
    made.sealed = seal_json(key, _place(incident, made), words)
    return made


def reveal(actor: Actor, incident: Incident) -> list[Told]:
    """The time line in the order of what happened; recorded as a reading. Forbidden without the right."""
    if not may(actor, P.INCIDENT_SEE):
        raise Forbidden
    rows = list(incident.lines.select_related("written_by").order_by("at", "written_at", "-kind"))
    by = through(actor, P.INCIDENT_SEE, incident)
    record(stream=incident.pk, act=Tag.READ_INCIDENT, actor=by, facts={"lines": len(rows)})
    by_id = keys.load_for(row.sealed for row in rows)
    found = []
    for row in rows:
        words = open_json(by_id[keys.id_of(row.sealed)], _place(incident, row), bytes(row.sealed))
        found.append(Told(row.kind, row.at, str(row.written_by), words.get("whom", ""), words["text"]))
    return found


def activities(actor: Actor, before: UUID | None = None) -> tuple[list[Activity], UUID | None]:
    """The newest activities, or those older than this one; and the one from which the next page goes on. Forbidden
    without the right."""
    if not may(actor, P.ACTIVITY_SEE):
        raise Forbidden
    rows = Activity.objects.filter(struck_at=None).select_related("noted_by").order_by("-held_on", "-pk")
    last = Activity.objects.filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(Q(held_on__lt=last.held_on) | Q(held_on=last.held_on, pk__lt=last.pk))
    found = list(rows[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None


def open_activity(actor: Actor, pk: UUID, permission: P = P.ACTIVITY_NOTE) -> Activity:
    """An activity that the actor may strike: of her own organisation. Forbidden otherwise."""
    own = {post.organisation_id for post in actor.posts if post.role == Role.CITY_DUTY}
    found = Activity.objects.filter(pk=pk, struck_at=None, organisation__in=own).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    return found


def _counties(actor: Actor) -> frozenset[str]:
    return counties_of(actor) if Role.COUNTY_TRIAGE in actor.roles else frozenset()


def _place(incident: Incident, one: IncidentLine) -> Place:
    return Place(model="registers.incidentline", pk=one.pk, field="sealed", division=incident.division_id)

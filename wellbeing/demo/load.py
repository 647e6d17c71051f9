"""Load the demo city: once, and again without effect."""

from datetime import date

from wellbeing.access.actor import Actor, identity
from wellbeing.demo.city import CAST, ORGANISATIONS, PASSWORD, SCHOOLS, divisions
from wellbeing.people.models import Division, Organisation, OrganisationKind, Role, School
from wellbeing.people.set_up import account, appoint, desk

FIRST_DAY = date(2026, 9, 1)

DESKS = {
    OrganisationKind.HOTLINE: (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR),
    OrganisationKind.SCHOOL: (Role.SCHOOL_COUNSELLOR, Role.SCHOOL_CRISIS_LEAD, Role.REPORTER),
    OrganisationKind.COUNTY_CENTRE: (Role.COUNTY_TRIAGE,),
    OrganisationKind.CITY_CENTRE: (Role.CITY_DUTY,),
    OrganisationKind.HOSPITAL: (Role.HOSPITAL_LIAISON,),
    OrganisationKind.CLINIC: (),
    OrganisationKind.BUREAU: (Role.EDUCATION_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}


def load_city() -> None:
    """Divisions, organisations, desks, schools, and the cast with its posts."""
    with identity(Actor.machine("demo")):
        _load()


def _load() -> None:
    Division.objects.bulk_create(divisions(), ignore_conflicts=True)
    rows = [*ORGANISATIONS, *((s.code, OrganisationKind.SCHOOL, s.division, s.name, s.name_en) for s in SCHOOLS)]
    for code, kind, division, name, name_en in rows:
        values = {"kind": kind, "division_id": division, "name": name, "name_en": name_en}
        organisation, _made = Organisation.objects.get_or_create(code=code, defaults=values)
        for role in DESKS[OrganisationKind(kind)]:
            if kind == OrganisationKind.BUREAU and (role == Role.EDUCATION_ADMIN) != (code == "bureau"):
                continue
            desk(organisation, role)
    _schools()
    for member in CAST:
        user = account(member.username, member.name, PASSWORD)
        for post, where in member.posts:
            appoint(user, desk(Organisation.objects.get(code=where), post), starts_on=FIRST_DAY)


def _schools() -> None:
    for one in SCHOOLS:
        values = {"stage": one.stage, "enrolment": one.enrolment, "boarding": one.boarding}
        School.objects.get_or_create(organisation=Organisation.objects.get(code=one.code), defaults=values)

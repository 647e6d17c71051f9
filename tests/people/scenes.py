"""Small pieces to set a term with; everything through the doors, as the person who would do it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.people import actions
from wellbeing.people.actions._lines import Filing
from wellbeing.people.models import Desk, Post, Role, StaffingReturn, Term, User
from wellbeing.people.returned import Line, Qualification
from wellbeing.people.staffing import StageKind

FIRST, LAST = date(2026, 9, 1), date(2027, 1, 29)
MACHINE = Actor.machine("test")


def term(name: str = "2026-2027学年第一学期", first: date = FIRST, last: date = LAST) -> Term:
    made: Term = actions.open_term(actor=actor("shen"), name=name, first_day=first, last_day=last)
    return made


def filed(code: str, of: Term | None = None) -> StaffingReturn:
    """The return of a school, as it is now."""
    with identity(MACHINE):
        found = StaffingReturn.objects.select_related("school__organisation", "term", "division")
        return found.get(school__organisation__code=code, **({"term": of} if of else {}))


def teacher(number: str = "T1", full_time: bool = True, **more: Any) -> Line:
    return Line(number, full_time, **{"qualification": Qualification.DEGREE, **more})


def filing(*teachers: Line, enrolment: int = 800, stage: StageKind = StageKind.JUNIOR, **more: Any) -> Filing:
    return Filing(stage=stage, enrolment=enrolment, boarding=False, teachers=teachers, **more)


def counsellor(code: str) -> Actor:
    """The counsellor of a school: one of the cast, or a new one."""
    known = {"xinghe": "chen", "bailang": "wu"}
    if code in known:
        return actor(known[code])
    return posted(f"counsellor-{code}", code, Role.SCHOOL_COUNSELLOR)


def posted(username: str, code: str, role: str) -> Actor:
    """An account with a post, made when there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, password=None, display_name=username)
        desk = Desk.objects.get(organisation__code=code, role=role)
        with identity(Actor.machine("test")):
            Post.objects.create(user=user, desk=desk, starts_on=date(2026, 1, 1))
        user.groups.add(desk.group)
    return Actor.of(user)


COUNTY = {"330902": "zhou", "330903": "ye"}


def submitted(code: str, *teachers: Line, of: Term | None = None, **more: Any) -> StaffingReturn:
    """A return filled in and submitted by its school."""
    by = counsellor(code)
    actions.fill_return(actor=by, staffing_return=filed(code, of), filing=filing(*teachers, **more))
    made: StaffingReturn = actions.submit_return(actor=by, staffing_return=filed(code, of))
    return made


def confirmed(code: str, *teachers: Line, of: Term | None = None, **more: Any) -> StaffingReturn:
    one = submitted(code, *teachers, of=of, **more)
    made: StaffingReturn = actions.confirm_return(actor=actor(COUNTY[one.division_id]), staffing_return=one)
    return made


def locked(of: Term) -> Term:
    """The term locked by the city, whatever lapses."""
    from wellbeing.people.display import unconfirmed

    with identity(MACHINE):
        left = unconfirmed(of)
    made: Term = actions.lock_term(actor=actor("shen"), term=of, unconfirmed=left)
    return made


HALF = Decimal("0.5")

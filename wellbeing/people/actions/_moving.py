"""What every step of a return and of a centre shares: whose turn it is, the table of states, who moved it and when."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.post import post
from wellbeing.people.access import in_turn
from wellbeing.people.desks import desk_at
from wellbeing.people.flow import CENTRE, RETURN
from wellbeing.people.models import Role, StaffingReturn, StandardCentre
from wellbeing.workdays import now


def one_at_a_time() -> None:
    """Wait until nobody else changes the returns of any school; held until commit.

    A staff number may stand in several schools: what one return may say depends on the others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people_staffingreturn'))")


def move_return(actor: Actor, permission: P, one: StaffingReturn, step: str, because: str = "") -> None:
    """Take a step with a return. Raises Forbidden for one that is not the actor's to move, WrongState."""
    if not in_turn(actor, permission, division=one.division_id, school=one.school_id):
        raise Forbidden
    one.state, one.because = RETURN.next(one.state, step), because
    one.moved_at, one.moved_by_id = now(), actor.id


def move_centre(actor: Actor, permission: P, one: StandardCentre, step: str, because: str = "") -> None:
    """Take a step with a centre's check-list. Raises Forbidden, WrongState."""
    if not in_turn(actor, permission, division=one.division_id):
        raise Forbidden
    one.state, one.because = CENTRE.next(one.state, step), because
    one.moved_at, one.moved_by_id = now(), actor.id


def reason(text: str) -> str:
    """A reason that says something. Raises Invalid."""
    if not text.strip():
        raise Invalid("because", _("Say why: those who must mend it will ask."))
    return text.strip()


def tell_school(one: StaffingReturn, kind: str) -> None:
    """A notice to the school's counsellor that its return is back with it."""
    desk = desk_at(one.school_id, Role.SCHOOL_COUNSELLOR)
    if desk is not None:
        post(kind=kind, target="returns", desk_id=desk.pk, dedupe_key=f"{kind}:{one.pk}:{one.moved_at.isoformat()}")

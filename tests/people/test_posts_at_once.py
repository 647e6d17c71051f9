"""Two confirmations at the same moment: what excludes each other does not begin together."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection

from tests.stage import actor, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.people import actions
from wellbeing.people.models import Appointment, PostKind, Role, User
from wellbeing.people.set_up import appoint as set_up
from wellbeing.workdays import now


def proposed(code: str, role: Role) -> Appointment:
    made: Appointment = actions.appoint(
        **{"actor": actor("sun"), "account": User.objects.get(username="mallory"), "desk": desk(code, role)},
        **{"kind": PostKind.REGULAR, "starts_on": now().date(), "ends_on": None, "because": "学校来函"},
    )
    return made


def test_posts_that_exclude_each_other_do_not_begin_at_the_same_moment(committed: Any) -> None:
    with identity(Actor.machine("test")):
        second = User.objects.create_user("second", display_name="另一位")
        set_up(second, desk("office", Role.SECURITY_ADMIN), starts_on=now().date() - timedelta(days=1))
    both = [proposed("office", Role.AUDIT_ADMIN), proposed("dinghai-centre", Role.COUNTY_TRIAGE)]
    at_once = threading.Barrier(2)

    def confirms(appointment: Appointment, by: str) -> str:
        who = actor(by)
        at_once.wait()
        try:
            actions.confirm_appointment(actor=who, appointment=appointment, because="已核实")
        except Invalid as refused:
            return refused.field
        finally:
            connection.close()
        return "begun"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirms, both, ("an", "second"))) == ["begun", "desk"]
    assert len(actor("mallory").roles) == 1

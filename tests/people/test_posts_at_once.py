"""Two of the same kind at the same moment, of accounts and posts: one is done, and the other is told why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.stage import actor, at_once, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.people import actions
from wellbeing.people.models import Appointment, PostKind, Role, User
from wellbeing.people.set_up import appoint as set_up
from wellbeing.signin.actions import renew_codes
from wellbeing.signin.factors import codes_left
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

    def confirms(by: str, appointment: Appointment) -> None:
        actions.confirm_appointment(actor=actor(by), appointment=appointment, because="已核实")

    assert at_once(confirms, ("an", "second"), both) == ["desk", "done"]
    assert len(actor("mallory").roles) == 1


def test_an_account_is_opened_once(committed: Any) -> None:
    sun = actor("sun")

    def opens(username: str, name: str) -> None:
        actions.open_account(actor=sun, username=username, name=name, mobile="", because="到岗")

    for name, called in (("qiao", "乔木"), ("meng", "孟禾"), ("song", "宋澄")):
        assert at_once(opens, (name, name.upper()), (called, called)) == ["done", "username"]
    assert at_once(opens, ("tang", "tang2"), ("唐溪", "唐 溪")) == ["done", "name"]


def test_new_recovery_codes_end_those_of_the_same_moment(committed: Any) -> None:
    lin = actor("lin")
    renew_codes(actor=lin)
    assert at_once(lambda _turn: renew_codes(actor=lin), (1, 2)) == ["done", "done"]
    with identity(lin):
        assert codes_left(lin.person) == 10

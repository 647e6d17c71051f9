"""An open case on which nobody works any more: the desk above stands in, and is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.access import visible_cases
from cases.tick import stand_in_for_all
from tests.cases.test_leaver import managed_by, told
from tests.stage import GREEN, YELLOW, acknowledged, actor, call, desk, fresh
from wellbeing.access.actor import identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.sound import sound
from wellbeing.people.models import Post, Role
from wellbeing.web.management.commands.ticker import end_grants
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ORANGE = {"caller_kind": "self", "thoughts": "active", "means": "yes"}


def test_an_open_case_is_never_out_of_everybodys_sight(wait: Any) -> None:
    """Whoever worked on it has gone, and the rules that pass work on were not there: the desk above stands in and is
    told, once, and works on it until somebody takes it."""
    school, quiet, shut = managed_by("chen", YELLOW), call(GREEN), call(GREEN)
    actions.close_case(actor=actor("lin"), case=shut, reason="no_concern")
    assert stand_in_for_all() == 0
    with identity(POSTS):
        gone = Post.objects.filter(user__username__in=("lin", "gao", "chen", "zhou", "luo"))
        for post in gone:
            Post.objects.filter(pk=post.pk).update(ends_on=now().date() - DAY, seal=None)
    assert stand_in_for_all() == 2 and stand_in_for_all() == 0
    su, he = actor("su"), actor("he")
    with identity(su):
        assert sound(su, visible_cases(su)) == [quiet] and may(su, P.CALL_BACK, quiet)
        assert not may(su, P.SEALED_READ, quiet)
    with identity(he):
        assert sound(he, visible_cases(he)) == [school]
    with identity(POSTS):
        supervisors, city = desk("hotline", Role.HOTLINE_SUPERVISOR).pk, desk("city-centre", Role.CITY_DUTY).pk
        wanted = {(f"case:{quiet.reference}", supervisors), (f"case:{school.reference}", city)}
        assert told("case_alone") == wanted
    wait(days=179, hours=12)
    end_grants()
    assert stand_in_for_all() == 0, "what stands in is renewed"


def test_where_nobody_is_left_at_all_it_is_logged_and_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    case = call(GREEN)
    with identity(POSTS):
        Post.objects.update(ends_on=now().date() - DAY)
    assert stand_in_for_all() == 0 and "nobody can open" in caplog.text
    with identity(POSTS):
        Post.objects.filter(user__username="he").update(ends_on=None)
    assert stand_in_for_all() == 1 and fresh(case).closed_at is None


def test_danger_whose_countys_desk_is_left_with_nobody_goes_to_the_city(wait: Any) -> None:
    """Lin, who took the call, still has it; but its next assessment, a week ahead, was nobody's to look at."""
    case, pale = acknowledged(ORANGE), acknowledged(YELLOW)
    assert (case.tier, stand_in_for_all()) == ("orange", 0)
    with identity(POSTS):
        Post.objects.filter(user__username="zhou").update(ends_on=now().date() - DAY)
    assert stand_in_for_all() == 0, "Luo is there"
    with identity(POSTS):
        Post.objects.filter(user__username="luo").update(ends_on=now().date() - DAY)
    assert stand_in_for_all() == 1 and stand_in_for_all() == 0
    he = actor("he")
    with identity(he):
        assert sound(he, visible_cases(he)) == [case] and may(he, P.RISK_ASSESS, case) and not may(he, P.CASE_SEE, pale)
    with identity(POSTS):
        assert told("case_alone") == {(f"case:{case.reference}", desk("city-centre", Role.CITY_DUTY).pk)}

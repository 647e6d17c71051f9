"""An account that was in other hands is taken back whole: no program goes on acting for it."""

from __future__ import annotations

import pytest

from tests.api.stage import program
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.api.actions import confirm_token
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.errors import WrongState
from wellbeing.people.actions import reset_second_factor
from wellbeing.people.models import User

pytestmark = pytest.mark.django_db


def test_with_the_factors_of_an_account_its_tokens_end() -> None:
    case, lin = call(), User.objects.get(username="lin")
    runs, waits, other = program("lin"), program("lin", confirmed=False), program("gao")
    assert runs.get(f"cases/{case.reference}/file").status_code == 200
    reset_second_factor(actor=actor("an"), account=lin, because="账号曾为他人所用")
    assert runs.get(f"cases/{case.reference}/file").status_code == 401
    with identity(actor("an")), pytest.raises(WrongState):
        confirm_token(actor=actor("an"), token=waits.token)
    assert other.get("cases").status_code == 200, "nobody else's"
    with identity(Actor.machine("api")):
        assert set(ApiToken.objects.filter(user=lin).values_list("state", "ended_by")) == {
            (TokenState.ENDED, actor("an").id)
        }

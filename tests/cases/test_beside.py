"""What stands beside a case: what one question says is what each table says."""

from __future__ import annotations

import pytest

from cases.beside import TABLES, stands_beside
from cases.models import Case, Lowering, Warning
from tests.stage import GREEN, RED, acknowledged, actor, call
from wellbeing.access.actor import identity

pytestmark = pytest.mark.django_db


def test_one_question_says_what_each_table_says() -> None:
    red, quiet = acknowledged(RED), call(GREEN)

    def asked(case: Case, who: str) -> frozenset[type]:
        with identity(actor(who)):
            found = stands_beside(case)
            assert found == {table for table in TABLES if table._default_manager.filter(case=case).exists()}
        return found

    assert Warning in asked(red, "zhou") and Lowering not in asked(red, "zhou")
    assert Warning not in asked(quiet, "lin")
    assert asked(red, "mallory") == frozenset(), "and nothing to whoever sees no case"

"""How often one person may look for somebody: so many times within a minute, counted by what the looks left behind."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.access.pace import TOO_FAST, check_pace, too_fast
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Invalid


def look(who: Actor, act: Tag = Tag.SEARCHED) -> None:
    with identity(who):
        check_pace(who, act, "words")
        record(stream=uuid4(), act=act, actor=who, facts={})


def test_one_search_too_many_is_one_persons_of_one_kind_within_one_minute(db: None, wait: Any, settings: Any) -> None:
    settings.LOOKS_PER_MINUTE = 2
    lin, gao = actor("lin"), actor("gao")
    for _twice in range(2):
        look(lin)
        wait(seconds=20)
    with pytest.raises(Invalid, match="words") as refused:
        look(lin)
    assert refused.value.message == TOO_FAST
    look(gao)
    look(lin, Tag.READ_CALLER)
    wait(seconds=20)  # a minute after the first
    look(lin)
    with identity(lin):
        assert too_fast(lin, Tag.SEARCHED) is True and too_fast(lin, Tag.READ_CALLER) is False

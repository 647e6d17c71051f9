"""A notice is written with the business: once for one key, by a channel that somebody delivers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection

from tests.stage import RED, actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import bell
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post

MACHINE = Actor.machine("test")


def test_the_same_dedupe_key_is_one_notice(db: None) -> None:
    with identity(MACHINE):
        for _ in range(3):
            post(kind="warning", target="", desk_id=1, dedupe_key="same")
        assert Notice.objects.filter(dedupe_key="same").count() == 1
        assert sum(bell.ring in entry for entry in connection.run_on_commit) == 1, "and one ring"


def test_a_channel_that_nobody_delivers_is_refused(db: None) -> None:
    with identity(MACHINE), pytest.raises(ValueError, match="no channel pigeon"):
        post(kind="warning", target="", desk_id=1, dedupe_key="lost", channel="pigeon")


def test_no_commit_no_notice(committed: SimpleNamespace) -> None:
    with pytest.raises(RuntimeError), identity(actor("lin")):
        call(RED)
        raise RuntimeError
    with identity(MACHINE):
        assert Notice.objects.count() == 0

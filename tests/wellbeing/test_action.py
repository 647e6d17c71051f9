"""An action: what is sent again, also fifty times at once, is done once and answered as the first time."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from cases import actions
from cases.models import Case
from tests.stage import GREEN, RED, YELLOW, actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import WrongState

MACHINE = Actor.machine("test")


def test_the_same_form_sent_again_gives_the_first_case(db: None) -> None:
    key = uuid4()
    first, again = call(GREEN, key=key), call(GREEN, key=key)
    assert first == again
    with identity(MACHINE):
        assert Case.objects.count() == 1
    with pytest.raises(WrongState):
        call(YELLOW, key=key)


def test_fifty_parallel_sends_of_one_form_open_one_case(committed: SimpleNamespace) -> None:
    key, answers, start = uuid4(), [], threading.Barrier(10)
    lin = actor("lin")

    def send() -> None:
        start.wait()
        for _ in range(5):
            answers.append(
                actions.take_call(actor=lin, call=actions.CallSheet(words=RED, division="330902"), key=key).pk
            )
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with identity(MACHINE):
        assert (len(answers), len(set(answers)), Case.objects.count()) == (50, 1, 1)

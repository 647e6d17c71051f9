"""What the page shows of the notices: whose they are, one line for what is the same, and what one click puts away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rota.scenes import dinghai
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import mark_seen, unread
from wellbeing.outbox.models import InboxItem
from wellbeing.outbox.post import post
from wellbeing.people.actions import take_absence
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


@dataclass(frozen=True)
class Machine:
    """A reader without an account."""

    id: int | None
    desks: tuple[int, ...]
    away_until: None = None


@pytest.fixture
def arrive(wait: Any) -> Any:
    """A notice reaches Dinghai's desk, or a person, a second after the last one."""
    numbers = iter(range(1000))

    def one(kind: str, target: str = "", *, to: str = "", tier: str = "red") -> str:
        wait(seconds=1)
        key = f"{kind}:{next(numbers)}"
        with identity(MACHINE):
            whom = {"user_id": actor(to).id} if to else {"desk_id": dinghai().pk}
            post(kind=kind, target=target, dedupe_key=key, tier=tier, **whom)
        return key

    return one


def keys(name: str) -> list[str]:
    """The unread items of one of the cast, as she sees them."""
    who = actor(name)
    relay.sweep()
    with identity(who):
        items = unread(who)
    with identity(MACHINE):
        found = dict(InboxItem.objects.values_list("pk", "notice__dedupe_key"))
    return [found[item.pk] for item in items]


def seen(name: str, key: str) -> bool:
    who = actor(name)
    with identity(MACHINE):
        pk = InboxItem.objects.get(notice__dedupe_key=key).pk
    with identity(who):
        return mark_seen(who, pk) is not None


def test_of_the_same_the_newest_stands_for_all_and_one_click_puts_them_away(arrive: Any) -> None:
    first = arrive("warning", "case:A")
    hers, again = arrive("warning", "case:A", to="zhou"), arrive("warning_again", "case:A", to="zhou")
    other, thanks = arrive("warning", "case:B"), arrive("acknowledged", "case:A", to="zhou")
    plain = [arrive("managers_left"), arrive("managers_left")]
    colleague = arrive("warning_again", "case:A", to="luo")
    assert keys("zhou") == [*reversed(plain), thanks, other, again]
    assert keys("luo") == [colleague, *reversed(plain), other]
    late = arrive("warning_again", "case:A", to="zhou")
    assert not seen("ye", again) and not seen("luo", again) and keys("zhou")[0] == late
    assert seen("zhou", again) and seen("zhou", plain[1])
    assert keys("zhou") == [late, plain[0], thanks, other], "what came after the click's line is still there"
    with identity(MACHINE):
        put_away = InboxItem.objects.exclude(seen_at=None)
        assert set(put_away.values_list("notice__dedupe_key", flat=True)) == {first, hers, again, plain[1]}
        assert set(put_away.values_list("seen_by_id", "seen_at")) == {(actor("zhou").id, now())}
    assert keys("luo") == [colleague, plain[0], other], "of the desk's the first to click saw it"
    last = arrive("warning", "case:A")
    relay.sweep()
    assert seen("luo", last) and keys("luo") == [plain[0], other] and keys("zhou") == [late, plain[0], thanks, other]


def test_one_that_rings_all_night_hides_no_other(arrive: Any) -> None:
    quiet = arrive("warning", "case:A")
    for _ring in range(90):
        loud = arrive("warning_again", "case:B", to="zhou")
    assert keys("zhou") == [loud, quiet]
    for number in range(19):
        arrive("due_soon", f"case:{number}")
    relay.sweep()
    zhou = actor("zhou")
    with identity(zhou), CaptureQueriesContext(connection) as asked:
        assert len(unread(zhou)) == 20
    assert sum("outbox_inboxitem" in one["sql"] for one in asked) == 1, "what is full looks no further back"
    for number in range(19, 25):
        newest = arrive("due_soon", f"case:{number}")
    assert len(keys("zhou")) == 20 and keys("zhou")[0] == newest


def test_on_leave_only_what_is_about_it_reaches_her_and_the_rest_waits(arrive: Any, wait: Any) -> None:
    own, desks = arrive("warning", "case:A", to="zhou"), arrive("warning", "case:B")
    assert keys("zhou") == [desks, own]
    day = now().date()
    take_absence(actor=actor("zhou"), first_day=day, last_day=day, known=True)
    about = arrive("absence_entered", "absence", to="zhou")
    assert keys("zhou") == [about] and not seen("zhou", own) and seen("zhou", about) and keys("zhou") == []
    assert desks in keys("luo"), "her colleague goes on"
    wait(days=1)
    assert {own, desks} <= set(keys("zhou"))


def test_a_machine_has_no_items_of_its_own(arrive: Any) -> None:
    arrive("warning", "case:A", to="zhou")
    desks = arrive("warning", "case:B")
    relay.sweep()
    with identity(MACHINE):
        for reader, found in ((Machine(None, (dinghai().pk,)), 1), (Machine(None, ()), 0)):
            items = unread(reader)
            assert len(items) == found and all(item.target == "case:B" for item in items), desks


def test_a_red_one_is_hidden_by_no_number_of_others(arrive: Any, wait: Any) -> None:
    red = arrive("danger_again", "case:A")
    for number in range(25):
        newest = arrive("due_soon", f"case:{number}", tier="yellow")
    assert keys("zhou")[:2] == [red, newest] and len(keys("zhou")) == 20
    assert seen("zhou", red) and keys("zhou")[0] == newest
    old = arrive("danger_again", "case:B")
    wait(days=3)
    late = arrive("due_soon", "case:C", tier="yellow")
    assert keys("zhou")[:2] == [late, old], "an old one stands where its time is"

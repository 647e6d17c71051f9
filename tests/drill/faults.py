"""The faults, each with a beginning and an end, and the plan of a drill: which, when, for how long, all from the seed."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import redis

from tests.drill.engines import Ground
from tests.drill.processes import kill, kill_children, revive, signal_all
from tests.drill.writers import Crowd
from tests.endpoints import MODES

WITHIN = 0.7  # a fault begins within so many seconds of the round
LONGEST = 0.8
PASSES = 20 * 60  # seconds by which the database's clock goes on before a round: longer than any notice is put off
Dice = random.Random


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault of a round: what, when (seconds after the start), how long, and a number for what is left to choose."""

    name: str
    at: float
    lasts: float
    dice: int


def plan(seed: int, names: Sequence[str] = ()) -> Iterator[list[Planned]]:
    """The faults of every round, one or two, for ever. Every fault comes once before any comes again."""
    rng, bag, every = Dice(seed), list[str](), list(names or (*FAULTS, *AIMED))
    while True:
        planned = []
        for _number in range(rng.choice((1, 1, 2))):
            if not bag:
                bag = rng.sample(every, len(every))
            lasts = rng.uniform(0.1, LONGEST)
            planned.append(Planned(bag.pop(), rng.uniform(0, WITHIN), lasts, rng.getrandbits(32)))
        yield sorted(planned, key=lambda one: one.at)


@dataclass
class Fault:
    """How a fault begins, and how it is made good (at once where nothing is said)."""

    begin: Callable[[Ground, Dice], Any]
    end: Callable[[Ground, Any], None] = lambda ground, chosen: None


def _web(ground: Ground, dice: Dice) -> None:
    kill(ground.product.web)


def _web_end(ground: Ground, chosen: Any) -> None:
    revive(ground.product.web)


def _web_child(ground: Ground, dice: Dice) -> None:
    """The server's own children: it starts new ones by itself."""
    kill_children(ground.product.web)


def _one_of(children: str) -> Fault:
    def begin(ground: Ground, dice: Dice) -> Any:
        chosen = dice.choice(getattr(ground.product, children))
        kill(chosen)
        return chosen

    return Fault(begin, lambda ground, chosen: revive(chosen))


def _all_of(children: str) -> Fault:
    def begin(ground: Ground, dice: Dice) -> Any:
        for child in getattr(ground.product, children):
            kill(child)

    def end(ground: Ground, chosen: Any) -> None:
        for child in getattr(ground.product, children):
            revive(child)

    return Fault(begin, end)


def _worker_child(ground: Ground, dice: Dice) -> None:
    kill_children(dice.choice(ground.product.workers))


def _valkey(ground: Ground, dice: Dice) -> None:
    kill(ground.valkey)


def _valkey_end(ground: Ground, chosen: Any) -> None:
    """Started again it is empty: it writes nothing to disk."""
    revive(ground.valkey)


def _flush(ground: Ground, dice: Dice) -> None:
    with suppress(redis.RedisError):  # killed already, by the other fault of this round: it is empty
        redis.Redis.from_url(ground.env["BROKER_URL"], socket_timeout=1).flushall()


def _hang(ground: Ground, dice: Dice) -> None:
    signal_all(ground.valkey, signal.SIGSTOP)


def _hang_end(ground: Ground, chosen: Any) -> None:
    signal_all(ground.valkey, signal.SIGCONT)


def _postgres(ground: Ground, dice: Dice) -> None:
    ground.kill_postgres()


def _postgres_end(ground: Ground, chosen: Any) -> None:
    ground.start_postgres()


def _endpoint(mode: str) -> Fault:
    """One channel's other end misbehaves, or all of them."""

    def begin(ground: Ground, dice: Dice) -> Any:
        ends = list(ground.endpoints.values())
        chosen = [dice.choice(ends)] if dice.random() < 0.5 else ends
        chosen = [end for end in chosen if not end.mode]
        for end in chosen:
            end.misbehave(mode)
        return chosen

    def end(ground: Ground, chosen: Any) -> None:
        for one in chosen:
            one.heal()

    return Fault(begin, end)


def _step(span: timedelta) -> Fault:
    """The clock steps; half of the times it is set right again at the end."""

    def begin(ground: Ground, dice: Dice) -> float:
        """Nobody steps the clock of a database that lies dead by the other fault of the round."""
        back = span.total_seconds() if dice.random() < 0.5 else 0.0
        try:
            ground.set_clock(ground.offset + span.total_seconds())
        except psycopg.OperationalError:
            return 0.0
        return back

    def end(ground: Ground, back: float) -> None:
        if back:
            with suppress(psycopg.OperationalError):
                ground.set_clock(ground.offset - back)

    return Fault(begin, end)


FAULTS: dict[str, Fault] = {
    "web killed": Fault(_web, _web_end),
    "web's children killed": Fault(_web_child),
    "worker killed": _one_of("workers"),
    "all workers killed": _all_of("workers"),
    "worker's child killed": Fault(_worker_child),
    "ticker killed": _one_of("tickers"),
    "both tickers killed": _all_of("tickers"),
    "Valkey killed": Fault(_valkey, _valkey_end),
    "Valkey flushed": Fault(_flush),
    "Valkey hung": Fault(_hang, _hang_end),
    "PostgreSQL killed": Fault(_postgres, _postgres_end),
    **{f"endpoint: {mode}": _endpoint(mode) for mode in MODES},
    "clock +5 min": _step(timedelta(minutes=5)),
    "clock -5 min": _step(timedelta(minutes=-5)),
    "clock +1 day": _step(timedelta(days=1)),
    "clock -1 day": _step(timedelta(days=-1)),
}


BRAKED = "wait_event_type = 'Lock' AND usename = 'wellbeing_app' AND query LIKE %s"
DELIVERS = "%INSERT INTO outbox_inboxitem%"


def _in_mid_delivery(ground: Ground, crowd: Crowd) -> None:
    """The children of all workers die between claiming a notice and handing it over: a brake on the inbox shows when.

    The only call, and the only ring of the bell, comes from here, so no later ring makes it good. The server hears of
    their death before the workers do: a row that a dead one still holds would be passed over by the next.
    """
    with psycopg.connect(ground.address) as brake:
        brake.execute("LOCK TABLE outbox_inboxitem IN ACCESS EXCLUSIVE MODE")
        crowd.call()
        _until_braked(ground, DELIVERS, 1, seconds=2.5)
        for worker in ground.product.workers:
            signal_all(worker, signal.SIGSTOP)
            kill_children(worker)
        brake.execute(f"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE {BRAKED}", [DELIVERS])
    for worker in ground.product.workers:
        signal_all(worker, signal.SIGCONT)


def _two_at_one_clock(ground: Ground, crowd: Crowd) -> None:
    """Both tickers have listed the same due clocks, and meet at their case: it is held until both wait for it."""
    reference = crowd.call().reference
    with psycopg.connect(ground.address) as brake:
        brake.execute("SELECT 1 FROM cases_case WHERE reference = %s FOR UPDATE", [reference])
        ground.set_clock(ground.furthest + PASSES)
        _until_braked(ground, '%FOR UPDATE OF "cases_case"%', 2, seconds=4.5)


def _until_braked(ground: Ground, query: str, wanted: int, *, seconds: float) -> None:
    """Wait until so many of the product's connections wait for a lock with such a query. The product itself gives up
    on a lock after 5 s."""
    until = time.monotonic() + seconds
    with ground.admin() as admin:
        while time.monotonic() < until:
            row = admin.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {BRAKED}", [query]).fetchone()
            if row and row[0] >= wanted:
                return
            time.sleep(0.02)


# Faults that need a write and a moment of their own: they come once the round is quiet.
AIMED: dict[str, Callable[[Ground, Crowd], None]] = {
    "worker killed in mid-delivery": _in_mid_delivery,
    "two tickers at one clock": _two_at_one_clock,
}

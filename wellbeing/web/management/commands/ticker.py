"""`manage.py ticker`: the loop that makes sure nothing is missed: notices swept, clocks escalated, grants ended, the
audit sealed."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection

from cases.models import Case, PolicyVersion
from cases.outlived import end_numbers, end_old_indexes, end_unfetched, find_what_is_due
from cases.tick import (
    catch_up,
    drop_forgotten,
    end_campaigns,
    escalate_requests,
    escalate_unreviewed,
    hand_back_covered,
    import_waiting,
    release_left,
    remind_of_files,
    renew_ending,
    stand_in_for_all,
    tick,
)
from referrals.models import Referral
from referrals.tick import drop_passed, end_links, expire_old, follow_cases, keep_ending
from wellbeing.access.actor import identity
from wellbeing.access.ending import sweep, sweep_ended
from wellbeing.access.machines import TICKER
from wellbeing.access.patrol import patrol
from wellbeing.audit.sequencer import seal_when_due
from wellbeing.exchange.unlogged import remind_unlogged
from wellbeing.outbox import bell, heartbeat, hold, messenger, relay
from wellbeing.people.absences import end_begun
from wellbeing.reports.prepare import keep_up
from wellbeing.rota.warn import warn_gaps
from wellbeing.signin import lockout
from wellbeing.signin.sessions import SessionStore
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
POLL_SECONDS = 2.0
SWEEP_EVERY = 30  # polls: grants are swept once a minute
BEAT_EVERY = 5
COUNT_EVERY = 300  # what may wait for ten minutes
FIGURES_SECONDS = 600.0
IMPORT_SECONDS = 1.0


def end_grants() -> None:
    """End what nobody holds any more: grants by their date, and those of posts that have ended. Before that those are
    renewed whose work goes on, however long nobody did."""
    renew_ending()
    keep_ending()
    with identity(TICKER):
        sweep(Case)
        sweep(Referral)
        sweep_ended(now().date())


def remind_of_calls() -> None:
    """Tell the hotlines of calls that nobody has logged for as long as a sheet would wait."""
    with identity(TICKER):
        policy = PolicyVersion.current().policy()
    remind_unlogged(policy.draft_hours, kept=policy.number_hours)


def import_some() -> None:
    """Take parts of the screening files that wait, for about a second: no clock waits for them longer."""
    import_waiting(IMPORT_SECONDS)


NOTICES_AND_CLOCKS = (relay.catch_up, relay.sweep, catch_up, tick, follow_cases, relay.sweep)
EVERY_ROUND = (seal_when_due, import_some)
EVERY_MINUTE = (
    *(warn_gaps, end_grants, expire_old, remind_of_calls, remind_of_files, drop_forgotten, escalate_unreviewed),
    *(escalate_requests, end_campaigns, hand_back_covered, release_left, end_old_indexes, end_numbers, end_unfetched),
    *(end_links, drop_passed, end_begun, lockout.forget, SessionStore.clear_expired, patrol),
)
EVERY_TEN_MINUTES = (find_what_is_due, stand_in_for_all)


def one_round(polls: int) -> None:
    """Do what this round is for. Whatever fails is logged, stops nothing else, and is tried again; the heartbeat says
    that notices and clocks move."""
    if hold.held_since():  # a restored copy: its clocks wait too, and escalate all at once when it is released
        heartbeat.beat("ticker")
        return
    failed = [duty for duty in NOTICES_AND_CLOCKS if not _done(duty)]
    for duty in (*EVERY_ROUND, *(EVERY_MINUTE if polls % SWEEP_EVERY == 0 else ())):
        _done(duty)
    if not failed:
        heartbeat.beat("ticker")
    for duty in EVERY_TEN_MINUTES if polls % COUNT_EVERY == 0 else ():
        _done(duty)
    if polls % BEAT_EVERY == 0:
        bell.ping()  # a dead broker is seen by the worker's missing heartbeat


def keep_figures(stop: threading.Event, seconds: float = FIGURES_SECONDS) -> None:
    """Count the figures until `stop` is set, in a thread of its own: a month that is counted anew, or the data
    platform's folder on a network that hangs, keeps no clock waiting."""
    while True:
        _done(_count)
        connection.close_if_unusable_or_obsolete()
        if stop.wait(seconds):
            connection.close()
            return


def _count() -> None:
    if not hold.held_since():
        keep_up()


def _done(duty: Callable[[], Any]) -> bool:
    try:
        duty()
    except Exception:  # a database that does not answer, or one row that nobody foresaw
        log.exception("a duty of the ticker failed; trying again", extra={"codes": {"duty": duty.__name__}})
        return False
    return True


class Command(BaseCommand):
    help = "Run the ticker: sweep notices, escalate due clocks, end expired grants, show a heartbeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopped = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        polls = 0
        if not options["once"]:
            messenger.start(self.stopped, POLL_SECONDS)
            threading.Thread(target=keep_figures, args=(self.stopped,), daemon=True).start()
        while not self.stopped.is_set():
            started = time.monotonic()
            try:
                one_round(polls)
            except Error:
                log.exception("the database does not answer; trying again")
            close_old_connections()
            if options["once"]:
                _done(_count)
                return
            polls += 1
            self.stopped.wait(max(0.1, POLL_SECONDS - (time.monotonic() - started)))

    def _stop(self, *_args: Any) -> None:
        self.stopped.set()

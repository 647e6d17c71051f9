"""`manage.py ticker`: the loop that makes sure nothing is missed: notices swept, clocks escalated, grants ended, the
audit sealed."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from cases.models import Case
from cases.tick import (
    TICKER,
    drop_forgotten,
    end_campaigns,
    end_numbers,
    end_old_indexes,
    end_unfetched,
    escalate_requests,
    escalate_unreviewed,
    find_what_is_due,
    hand_back_covered,
    import_waiting,
    release_left,
    tick,
)
from referrals.models import Referral
from referrals.tick import drop_passed, end_links, expire_old, follow_cases
from wellbeing.access.actor import identity
from wellbeing.access.grants import sweep, sweep_ended
from wellbeing.audit.sequencer import seal_when_due
from wellbeing.outbox import bell, heartbeat, hold, messenger, relay
from wellbeing.reports.prepare import keep_up
from wellbeing.rota.warn import warn_gaps
from wellbeing.signin import lockout
from wellbeing.signin.sessions import SessionStore
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
POLL_SECONDS = 2.0
SWEEP_EVERY = 30  # polls: grants are swept once a minute
BEAT_EVERY = 5
COUNT_EVERY = 300  # figures are counted every ten minutes
IMPORT_SECONDS = 1.0  # of a round for screenings: no clock waits for them longer


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
        while not self.stopped.is_set():
            started = time.monotonic()
            try:
                self._round(polls)
            except Error:
                log.exception("the database does not answer; trying again")
            close_old_connections()
            if options["once"]:
                return
            polls += 1
            self.stopped.wait(max(0.1, POLL_SECONDS - (time.monotonic() - started)))

    def _round(self, polls: int) -> None:
        if hold.held_since():  # a restored copy: its clocks wait too, and escalate all at once when it is released
            heartbeat.beat("ticker")
            return
        relay.catch_up()
        relay.sweep()
        tick()
        follow_cases()
        relay.sweep()
        seal_when_due()
        import_waiting(IMPORT_SECONDS)
        if polls % SWEEP_EVERY == 0:
            warn_gaps()
            with identity(TICKER):
                sweep(Case)
                sweep(Referral)
                sweep_ended(now().date())
            expire_old()
            drop_forgotten()
            escalate_unreviewed()
            escalate_requests()
            end_campaigns()
            hand_back_covered()
            release_left()
            end_old_indexes()
            end_numbers()
            end_unfetched()
            end_links()
            drop_passed()
            lockout.forget()
            SessionStore.clear_expired()
        heartbeat.beat("ticker")
        if polls % COUNT_EVERY == 0:
            keep_up()
            find_what_is_due()
        if polls % BEAT_EVERY == 0:
            bell.ping()  # a dead broker is seen by the worker's missing heartbeat

    def _stop(self, *_args: Any) -> None:
        self.stopped.set()

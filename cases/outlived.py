"""What the ticker ends, or proposes to end, when its time is over: closed cases, keys of an index, numbers, exports."""

from __future__ import annotations

from cases.actions import end_exports, forget_callers, propose_erasures
from cases.actions.end_exports import unfetched
from cases.actions.forget_callers import outlived
from cases.actions.propose_erasures import to_propose
from cases.models import PolicyVersion
from cases.repeats import KEPT, quarter
from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.custody.actions import end_index_keys
from wellbeing.custody.actions.end_index_keys import passed
from wellbeing.exchange.actions import forget_numbers
from wellbeing.exchange.actions.forget_numbers import outlived as outlived_rings
from wellbeing.workdays import now


def find_what_is_due() -> int:
    """Propose the closed cases whose time is over; returns how many."""
    with identity(TICKER):
        due = to_propose()
    found: int = propose_erasures(actor=TICKER) if due else 0
    return found


def end_old_indexes() -> int:
    """Destroy the keys by which repeated calls are found once two quarters have passed; returns how many."""
    with identity(TICKER):
        last = quarter(now() - KEPT)
        due = passed(last)
    ended: int = end_index_keys(actor=TICKER, before=last) if due else 0
    return ended


def end_numbers() -> int:
    """Destroy the numbers of callers and of the exchange's calls that have had policy's hours; returns how many."""
    with identity(TICKER):
        hours = PolicyVersion.current().policy().number_hours
        logged, heard = outlived().exists(), outlived_rings(hours).exists()
    ended: int = forget_callers(actor=TICKER) if logged else 0
    unlogged: int = forget_numbers(actor=TICKER, hours=hours) if heard else 0
    return ended + unlogged


def end_unfetched() -> int:
    """Destroy the exports that nobody fetched in time; returns how many."""
    with identity(TICKER):
        due = unfetched().exists()
    ended: int = end_exports(actor=TICKER) if due else 0
    return ended

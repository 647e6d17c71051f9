"""The only door to change what is known of the exchange's calls, one file per verb: hear import_calls log_ring
settle_ring reopen_ring forget_numbers; and of the seats assign_seat leave_seat.
"""

from wellbeing.exchange.actions.assign_seat import assign_seat
from wellbeing.exchange.actions.forget_numbers import forget_numbers
from wellbeing.exchange.actions.hear import hear
from wellbeing.exchange.actions.import_calls import import_calls
from wellbeing.exchange.actions.leave_seat import leave_seat
from wellbeing.exchange.actions.log_ring import log_ring
from wellbeing.exchange.actions.reopen_ring import reopen_ring
from wellbeing.exchange.actions.settle_ring import settle_ring

__all__ = [
    "assign_seat",
    "forget_numbers",
    "hear",
    "import_calls",
    "leave_seat",
    "log_ring",
    "reopen_ring",
    "settle_ring",
]

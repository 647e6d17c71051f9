"""The only door to change what is known of the exchange's calls, one file per verb: hear import_calls log_ring
settle_ring forget_numbers.
"""

from wellbeing.exchange.actions.forget_numbers import forget_numbers
from wellbeing.exchange.actions.hear import hear
from wellbeing.exchange.actions.import_calls import import_calls
from wellbeing.exchange.actions.log_ring import log_ring
from wellbeing.exchange.actions.settle_ring import settle_ring

__all__ = ["forget_numbers", "hear", "import_calls", "log_ring", "settle_ring"]

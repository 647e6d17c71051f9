"""The only door to change a case, one file per verb, in the order of the work:

take_call import_screening assess_risk raise_tier acknowledge escalate assign_manager follow_up lower_tier
confirm_lowering close_case; keep_clock for the green channel.
"""

from cases.actions._lowering import standing as lowering_standing
from cases.actions.acknowledge import acknowledge
from cases.actions.assess_risk import assess_risk
from cases.actions.assign_manager import assign_manager
from cases.actions.close_case import close_case
from cases.actions.confirm_lowering import confirm_lowering
from cases.actions.escalate import escalate
from cases.actions.follow_up import follow_up
from cases.actions.import_screening import import_screening
from cases.actions.keep_clock import start_clock, stop_clock
from cases.actions.lower_tier import lower_tier
from cases.actions.raise_tier import raise_tier
from cases.actions.take_call import CallSheet, take_call

__all__ = [
    "CallSheet",
    "acknowledge",
    "assess_risk",
    "assign_manager",
    "close_case",
    "confirm_lowering",
    "escalate",
    "follow_up",
    "import_screening",
    "lower_tier",
    "lowering_standing",
    "raise_tier",
    "start_clock",
    "stop_clock",
    "take_call",
]

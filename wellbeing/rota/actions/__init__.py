"""The only door to change a rota, one file per verb: plan_shift plan_week drop_shift ask_swap answer_swap; for the
ticker warn_gap.
"""

from wellbeing.rota.actions.answer_swap import answer_swap
from wellbeing.rota.actions.ask_swap import ask_swap
from wellbeing.rota.actions.drop_shift import drop_shift
from wellbeing.rota.actions.plan_shift import plan_shift
from wellbeing.rota.actions.plan_week import plan_week
from wellbeing.rota.actions.warn_gap import warn_gap

__all__ = ["answer_swap", "ask_swap", "drop_shift", "plan_shift", "plan_week", "warn_gap"]

"""The only door to change a token of the API, one file per verb: ask_token confirm_token decline_token end_token."""

from wellbeing.api.actions.ask_token import ask_token
from wellbeing.api.actions.confirm_token import confirm_token
from wellbeing.api.actions.decline_token import decline_token
from wellbeing.api.actions.end_token import end_token

__all__ = ["ask_token", "confirm_token", "decline_token", "end_token"]

"""How guessable a password is, estimated here: no password, nor a part of its hash, leaves the house to be looked up.

zxcvbn weighs the lists it brings (30,000 leaked passwords, names, words), keyboard walks, dates, repeats and letters
written as numbers, and what the account itself is called. Django's own list of 20,000 leaked ones stands beside it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LONGEST = 72  # zxcvbn takes no more, and its time grows with the square
GUESSES = 4  # zxcvbn's highest score: more than 10^10 guesses
# What people here would think of first, besides the lists, which know little of China.
WEAK_WORDS = (
    *("2912345", "0580", "zhoushan", "dinghai", "putuo", "daishan", "shengsi", "haidao", "zhejiang", "zhongguo"),
    *("xinli", "rexian", "laoshi", "xuexiao", "woaini", "woaiwojia", "1314520", "5201314", "wellbeing", "admin"),
)


class Guessable:
    """Refuses what 10^10 guesses find."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when the password is too easy to guess for this account."""
        own = [user.username, user.display_name, user.private.mobile] if user else []
        if zxcvbn(password[:LONGEST], [*WEAK_WORDS, *filter(None, own)])["score"] < GUESSES:
            raise ValidationError(
                _("This password is too easy to guess. Four or five unrelated words make a good one.")
            )

    def get_help_text(self) -> str:
        """What is asked of a password."""
        return _("At least 12 characters, and not easy to guess: four or five unrelated words make a good one.")

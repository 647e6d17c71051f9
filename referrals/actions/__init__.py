"""The only door to change a referral, one file per verb, in the order of the work:

open_channel receive book record_feedback return_to_school close_referral; withdraw from any step before the report.
"""

from referrals.actions.book import book
from referrals.actions.close_referral import close_referral
from referrals.actions.open_channel import open_channel
from referrals.actions.receive import receive
from referrals.actions.record_feedback import record_feedback
from referrals.actions.return_to_school import return_to_school
from referrals.actions.withdraw import withdraw

__all__ = ["book", "close_referral", "open_channel", "receive", "record_feedback", "return_to_school", "withdraw"]

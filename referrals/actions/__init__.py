"""The only door to change a referral, one file per verb, in the order of the work:

submit_referral accept_referral ask_for_more answer_referral take_over decline_referral; open_channel send_referral
renew_letter redirect; receive give_back propose_times choose_time ask_other_times book record_feedback;
return_to_school close_referral; withdraw by whoever sent it, go_on where consent was taken back; hand_to_rescue to 110,
120, 12395; give_way to an emergency; follow_case expire drop_times keep_referral for the ticker; publish_slots by
the destination; plan_crossing move_crossing contact_crossing over the water; make_link end_link open_link for a
hospital without an account.
"""

from referrals.actions._rescuing import rescue_words
from referrals.actions._sending import letter_words
from referrals.actions.accept_referral import accept_referral
from referrals.actions.answer_referral import answer_referral
from referrals.actions.ask_for_more import ask_for_more
from referrals.actions.ask_other_times import ask_other_times
from referrals.actions.book import book
from referrals.actions.choose_time import choose_time
from referrals.actions.close_referral import close_referral
from referrals.actions.contact_crossing import contact_crossing
from referrals.actions.decline_referral import decline_referral
from referrals.actions.drop_times import drop_times
from referrals.actions.end_link import end_link
from referrals.actions.expire import expire
from referrals.actions.follow_case import follow_case
from referrals.actions.give_back import give_back
from referrals.actions.give_way import give_way
from referrals.actions.go_on import go_on
from referrals.actions.hand_to_rescue import hand_to_rescue
from referrals.actions.keep_referral import keep_referral
from referrals.actions.make_link import make_link
from referrals.actions.move_crossing import move_crossing
from referrals.actions.open_channel import open_channel
from referrals.actions.open_link import open_link
from referrals.actions.plan_crossing import plan_crossing
from referrals.actions.propose_times import propose_times
from referrals.actions.publish_slots import publish_slots
from referrals.actions.receive import receive
from referrals.actions.record_feedback import record_feedback
from referrals.actions.redirect import redirect
from referrals.actions.renew_letter import renew_letter
from referrals.actions.return_to_school import return_to_school
from referrals.actions.send_referral import send_referral
from referrals.actions.submit_referral import submit_referral
from referrals.actions.take_over import take_over
from referrals.actions.withdraw import withdraw

__all__ = [
    "accept_referral",
    "answer_referral",
    "ask_for_more",
    "ask_other_times",
    "book",
    "choose_time",
    "close_referral",
    "contact_crossing",
    "decline_referral",
    "drop_times",
    "end_link",
    "expire",
    "follow_case",
    "give_back",
    "give_way",
    "go_on",
    "hand_to_rescue",
    "keep_referral",
    "letter_words",
    "make_link",
    "move_crossing",
    "open_channel",
    "open_link",
    "plan_crossing",
    "propose_times",
    "publish_slots",
    "receive",
    "record_feedback",
    "redirect",
    "renew_letter",
    "rescue_words",
    "return_to_school",
    "send_referral",
    "submit_referral",
    "take_over",
    "withdraw",
]

"""The only door to change terms, returns, the staffing policy and centres, one file per verb, in the order of the work:
open_term import_roster fill_return submit_return confirm_return send_back_return lock_term unlock_return
change_staffing_policy; fill_centre submit_centre inspect_centre sign_centre decline_centre;
open_account appoint confirm_appointment decline_appointment end_post renew_password reset_second_factor close_account;
take_absence end_absence enter_absence lift_absence
"""

from wellbeing.people.actions.appoint import appoint
from wellbeing.people.actions.change_staffing_policy import change_staffing_policy
from wellbeing.people.actions.close_account import close_account
from wellbeing.people.actions.confirm_appointment import confirm_appointment
from wellbeing.people.actions.confirm_return import confirm_return
from wellbeing.people.actions.decline_appointment import decline_appointment
from wellbeing.people.actions.decline_centre import decline_centre
from wellbeing.people.actions.end_absence import end_absence
from wellbeing.people.actions.end_post import end_post
from wellbeing.people.actions.enter_absence import enter_absence
from wellbeing.people.actions.fill_centre import fill_centre
from wellbeing.people.actions.fill_return import fill_return
from wellbeing.people.actions.import_roster import Overwrites, import_roster
from wellbeing.people.actions.inspect_centre import inspect_centre
from wellbeing.people.actions.lift_absence import lift_absence
from wellbeing.people.actions.lock_term import lock_term
from wellbeing.people.actions.open_account import open_account
from wellbeing.people.actions.open_term import open_term
from wellbeing.people.actions.renew_password import renew_password
from wellbeing.people.actions.reset_second_factor import reset_second_factor
from wellbeing.people.actions.send_back_return import send_back_return
from wellbeing.people.actions.sign_centre import sign_centre
from wellbeing.people.actions.submit_centre import submit_centre
from wellbeing.people.actions.submit_return import submit_return
from wellbeing.people.actions.take_absence import take_absence
from wellbeing.people.actions.unlock_return import unlock_return

__all__ = [
    "Overwrites",
    "appoint",
    "change_staffing_policy",
    "close_account",
    "confirm_appointment",
    "confirm_return",
    "decline_appointment",
    "decline_centre",
    "end_absence",
    "end_post",
    "enter_absence",
    "fill_centre",
    "fill_return",
    "import_roster",
    "inspect_centre",
    "lift_absence",
    "lock_term",
    "open_account",
    "open_term",
    "renew_password",
    "reset_second_factor",
    "send_back_return",
    "sign_centre",
    "submit_centre",
    "submit_return",
    "take_absence",
    "unlock_return",
]

"""The only door to change a case, one file per verb, in the order of the work:

take_call assess_risk raise_tier acknowledge tell plan_safety record_consent watch_at_home call_back report_mandatory
note_receipt write_report agree_school assign_manager follow_up pause_clock resume_clock lower_tier confirm_lowering
close_case; of a screening plan_campaign enrol_students record_opt_out give_answers stage_screening confirm_screening
drop_screening import_screening plan_interviews interview_flagged end_campaign; for the ticker remind escalate
ring_again; keep_clock for the green channel.
"""

from cases.actions._lowering import standing as lowering_standing
from cases.actions.acknowledge import acknowledge
from cases.actions.agree_school import agree_school
from cases.actions.assess_risk import assess_risk
from cases.actions.assign_manager import assign_manager
from cases.actions.call_back import call_back
from cases.actions.change_policy import change_policy
from cases.actions.close_case import close_case
from cases.actions.confirm_lowering import confirm_lowering
from cases.actions.confirm_screening import confirm_screening
from cases.actions.drop_screening import drop_screening
from cases.actions.end_campaign import end_campaign
from cases.actions.enrol_students import enrol_students
from cases.actions.escalate import escalate
from cases.actions.follow_up import follow_up
from cases.actions.give_answers import give_answers, note_try
from cases.actions.hasten_clocks import hasten_clocks
from cases.actions.import_screening import import_screening
from cases.actions.interview_flagged import interview_flagged
from cases.actions.keep_clock import start_clocks, stop_clocks
from cases.actions.lower_tier import lower_tier
from cases.actions.note_receipt import note_receipt
from cases.actions.pause_clock import pause_clock
from cases.actions.plan_campaign import plan_campaign
from cases.actions.plan_interviews import plan_interviews
from cases.actions.plan_safety import plan_safety
from cases.actions.raise_tier import raise_tier
from cases.actions.record_consent import record_consent
from cases.actions.record_instrument import record_instrument
from cases.actions.record_opt_out import record_opt_out
from cases.actions.remind import remind
from cases.actions.report_mandatory import report_mandatory
from cases.actions.resume_clock import resume_clock
from cases.actions.ring_again import ring_again
from cases.actions.stage_screening import Staged, stage_screening
from cases.actions.take_call import CallSheet, take_call
from cases.actions.tell import tell
from cases.actions.watch_at_home import watch_at_home
from cases.actions.write_report import write_report

__all__ = [
    "CallSheet",
    "Staged",
    "acknowledge",
    "agree_school",
    "assess_risk",
    "assign_manager",
    "call_back",
    "change_policy",
    "close_case",
    "confirm_lowering",
    "confirm_screening",
    "drop_screening",
    "end_campaign",
    "enrol_students",
    "escalate",
    "follow_up",
    "give_answers",
    "hasten_clocks",
    "import_screening",
    "interview_flagged",
    "lower_tier",
    "lowering_standing",
    "note_receipt",
    "note_try",
    "pause_clock",
    "plan_campaign",
    "plan_interviews",
    "plan_safety",
    "raise_tier",
    "record_consent",
    "record_instrument",
    "record_opt_out",
    "remind",
    "report_mandatory",
    "resume_clock",
    "ring_again",
    "stage_screening",
    "start_clocks",
    "stop_clocks",
    "take_call",
    "tell",
    "watch_at_home",
    "write_report",
]

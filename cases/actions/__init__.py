"""The only door to change a case, one file per verb, in the order of the work:

save_draft drop_draft take_call continue_call log_draft assess_risk raise_tier acknowledge tell plan_safety
record_consent watch_at_home call_back take_back_call report_mandatory note_receipt write_report agree_school
assign_manager release_cases hand_over hand_back report_concern merge_concern log_session log_group flag_groups
follow_up attach withdraw_attachment pause_clock resume_clock begin_leave move_leave weigh_return decide_return
appeal_return decide_appeal plan_return follow_leave lower_tier confirm_lowering ask_transfer accept_transfer
refuse_transfer grant_access revoke_access close_case reopen_case; of a screening plan_campaign enrol_students
record_opt_out give_answers hold_screening map_screening stage_screening recount_screening confirm_screening
drop_screening import_screening plan_interviews decide_flagged interview_flagged end_campaign; in an emergency
break_glass ask_sealed confirm_sealed refuse_sealed review_glass ask_caller confirm_caller refuse_caller
read_caller; of a shift hand_over_shift withdraw_note; on paper print_sheets; as a file ask_export
confirm_export fetch_export; after a call begin_review judge_review write_debriefing restrict_caller
lift_restriction ask_about_caller; for the ticker catch_up_clocks remind escalate ring_again raise_draft escalate_glass
forget_callers end_exports renew_grants stand_in remind_screening; keep_clock for the green channel; for whoever asks
for records receive_record_request check_asker take_up_record propose_answer decide_answer hand_out_records
escalate_request; for a home that must not be reached stop_contact ask_contact allow_contact; at the end of a
closed case propose_erasures ask_erasure confirm_erasure erase_case set_hold lift_hold.
"""

from cases.actions._calling import CallSheet, refused_in
from cases.actions._closing import outstanding
from cases.actions._closing import ways as closing_ways
from cases.actions._lowering import standing as lowering_standing
from cases.actions._paper import OnPaper, enter_paper
from cases.actions._transfer import asking_words
from cases.actions.accept_transfer import accept_transfer
from cases.actions.acknowledge import acknowledge
from cases.actions.agree_school import agree_school
from cases.actions.allow_contact import allow_contact
from cases.actions.appeal_return import appeal_return
from cases.actions.ask_about_caller import ask_about_caller
from cases.actions.ask_caller import ask_caller
from cases.actions.ask_contact import ask_contact
from cases.actions.ask_erasure import ask_erasure
from cases.actions.ask_export import ask_export
from cases.actions.ask_sealed import ask_sealed
from cases.actions.ask_transfer import ask_transfer
from cases.actions.assess_risk import assess_risk
from cases.actions.assign_manager import assign_manager
from cases.actions.attach import attach
from cases.actions.begin_leave import begin_leave
from cases.actions.begin_review import begin_review
from cases.actions.break_glass import break_glass
from cases.actions.call_back import call_back
from cases.actions.catch_up_clocks import ahead_clocks, ahead_warnings, catch_up_clocks
from cases.actions.change_policy import change_policy
from cases.actions.check_asker import check_asker
from cases.actions.close_case import close_case
from cases.actions.confirm_caller import confirm_caller
from cases.actions.confirm_erasure import confirm_erasure
from cases.actions.confirm_export import confirm_export
from cases.actions.confirm_lowering import confirm_lowering
from cases.actions.confirm_screening import confirm_screening
from cases.actions.confirm_sealed import confirm_sealed
from cases.actions.continue_call import continue_call
from cases.actions.decide_answer import decide_answer
from cases.actions.decide_appeal import decide_appeal
from cases.actions.decide_flagged import decide_flagged, foresee
from cases.actions.decide_return import decide_return
from cases.actions.drop_draft import drop_draft
from cases.actions.drop_screening import drop_screening
from cases.actions.end_campaign import end_campaign
from cases.actions.end_exports import end_exports
from cases.actions.enrol_students import enrol_students
from cases.actions.erase_case import erase_case
from cases.actions.escalate import escalate
from cases.actions.escalate_glass import escalate_glass
from cases.actions.escalate_request import escalate_request
from cases.actions.fetch_export import fetch_export
from cases.actions.flag_groups import flag_groups
from cases.actions.follow_leave import follow_leave
from cases.actions.follow_up import follow_up
from cases.actions.forget_callers import forget_callers
from cases.actions.give_answers import give_answers, note_try
from cases.actions.grant_access import grant_access
from cases.actions.hand_back import hand_back
from cases.actions.hand_out_records import TOO_SOON, hand_out_records
from cases.actions.hand_over import hand_over
from cases.actions.hand_over_shift import hand_over_shift
from cases.actions.hasten_clocks import hasten_clocks
from cases.actions.hold_screening import hold_screening
from cases.actions.import_screening import import_screening
from cases.actions.interview_flagged import interview_flagged
from cases.actions.judge_review import judge_review
from cases.actions.keep_clock import start_clocks, stop_clocks
from cases.actions.lift_hold import lift_hold
from cases.actions.lift_restriction import lift_restriction
from cases.actions.log_draft import log_draft
from cases.actions.log_group import log_group
from cases.actions.log_session import log_session
from cases.actions.lower_tier import lower_tier
from cases.actions.map_screening import map_screening
from cases.actions.merge_concern import merge_concern
from cases.actions.move_leave import move_leave
from cases.actions.note_receipt import note_receipt
from cases.actions.pause_clock import pause_clock, paused_before
from cases.actions.plan_campaign import plan_campaign
from cases.actions.plan_interviews import plan_interviews
from cases.actions.plan_return import plan_return
from cases.actions.plan_safety import plan_safety
from cases.actions.print_sheets import print_sheets
from cases.actions.propose_answer import propose_answer
from cases.actions.propose_erasures import propose_erasures
from cases.actions.raise_draft import raise_draft
from cases.actions.raise_tier import raise_tier
from cases.actions.read_caller import read_caller
from cases.actions.receive_record_request import receive_record_request
from cases.actions.record_consent import record_consent, second_desks
from cases.actions.record_instrument import record_instrument
from cases.actions.record_opt_out import record_opt_out
from cases.actions.recount_screening import recount_screening
from cases.actions.refuse_caller import refuse_caller
from cases.actions.refuse_sealed import refuse_sealed
from cases.actions.refuse_transfer import refuse_transfer
from cases.actions.release_cases import release_cases
from cases.actions.remind import remind
from cases.actions.remind_screening import remind_screening
from cases.actions.renew_grants import renew_grants
from cases.actions.reopen_case import reopen_case
from cases.actions.report_concern import report_concern
from cases.actions.report_mandatory import report_mandatory
from cases.actions.restrict_caller import restrict_caller
from cases.actions.resume_clock import resume_clock
from cases.actions.review_glass import review_glass
from cases.actions.revoke_access import revoke_access
from cases.actions.ring_again import ring_again
from cases.actions.save_draft import save_draft
from cases.actions.set_hold import set_hold
from cases.actions.stage_screening import Staged, stage_screening
from cases.actions.stand_in import stand_in
from cases.actions.stop_contact import stop_contact
from cases.actions.take_back_call import take_back_call
from cases.actions.take_call import take_call
from cases.actions.take_up_record import take_up_record
from cases.actions.tell import tell
from cases.actions.watch_at_home import watch_at_home
from cases.actions.weigh_return import weigh_return
from cases.actions.withdraw_attachment import withdraw_attachment
from cases.actions.withdraw_note import withdraw_note
from cases.actions.write_debriefing import write_debriefing
from cases.actions.write_report import write_report

__all__ = [
    "TOO_SOON",
    "CallSheet",
    "OnPaper",
    "Staged",
    "accept_transfer",
    "acknowledge",
    "agree_school",
    "ahead_clocks",
    "ahead_warnings",
    "allow_contact",
    "appeal_return",
    "ask_about_caller",
    "ask_caller",
    "ask_contact",
    "ask_erasure",
    "ask_export",
    "ask_sealed",
    "ask_transfer",
    "asking_words",
    "assess_risk",
    "assign_manager",
    "attach",
    "begin_leave",
    "begin_review",
    "break_glass",
    "call_back",
    "catch_up_clocks",
    "change_policy",
    "check_asker",
    "close_case",
    "closing_ways",
    "confirm_caller",
    "confirm_erasure",
    "confirm_export",
    "confirm_lowering",
    "confirm_screening",
    "confirm_sealed",
    "continue_call",
    "decide_answer",
    "decide_appeal",
    "decide_flagged",
    "decide_return",
    "drop_draft",
    "drop_screening",
    "end_campaign",
    "end_exports",
    "enrol_students",
    "enter_paper",
    "erase_case",
    "escalate",
    "escalate_glass",
    "escalate_request",
    "fetch_export",
    "flag_groups",
    "follow_leave",
    "follow_up",
    "foresee",
    "forget_callers",
    "give_answers",
    "grant_access",
    "hand_back",
    "hand_out_records",
    "hand_over",
    "hand_over_shift",
    "hasten_clocks",
    "hold_screening",
    "import_screening",
    "interview_flagged",
    "judge_review",
    "lift_hold",
    "lift_restriction",
    "log_draft",
    "log_group",
    "log_session",
    "lower_tier",
    "lowering_standing",
    "map_screening",
    "merge_concern",
    "move_leave",
    "note_receipt",
    "note_try",
    "outstanding",
    "pause_clock",
    "paused_before",
    "plan_campaign",
    "plan_interviews",
    "plan_return",
    "plan_safety",
    "print_sheets",
    "propose_answer",
    "propose_erasures",
    "raise_draft",
    "raise_tier",
    "read_caller",
    "receive_record_request",
    "record_consent",
    "record_instrument",
    "record_opt_out",
    "recount_screening",
    "refuse_caller",
    "refuse_sealed",
    "refuse_transfer",
    "refused_in",
    "release_cases",
    "remind",
    "remind_screening",
    "renew_grants",
    "reopen_case",
    "report_concern",
    "report_mandatory",
    "restrict_caller",
    "resume_clock",
    "review_glass",
    "revoke_access",
    "ring_again",
    "save_draft",
    "second_desks",
    "set_hold",
    "stage_screening",
    "stand_in",
    "start_clocks",
    "stop_clocks",
    "stop_contact",
    "take_back_call",
    "take_call",
    "take_up_record",
    "tell",
    "watch_at_home",
    "weigh_return",
    "withdraw_attachment",
    "withdraw_note",
    "write_debriefing",
    "write_report",
]

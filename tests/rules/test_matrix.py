"""Who may enter which page and do which action: role × relation to the case, against every route and every action.

The members stand for roles and relations: lin opened the case, gao is the same role without a relation, su supervises
both, zhou and luo
are its county's triage, ye another county's, chen manages it at school, qiu leads that school and was opened nothing,
wu is another school's counsellor, he is the city's duty without a grant, fang received the referral, tao is another hospital's, shen answers for figures, sun, an
and jian are the three administrators, mallory has an account and no post. Everybody else finds nothing.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Set
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import wellbeing.urls  # noqa: F401  every page, and so every action, is known then
from cases import actions as cases
from cases.drafts import DraftKind
from cases.leave import Move as Step
from cases.paper_number import PaperKind
from referrals.crossing import Move, Port, Vessel
from referrals.models import ConsentOutcome
from referrals.ticket import Ticket
from tests.api.stage import Program, program
from tests.cases.export_stage import exported, long_list
from tests.cases.glass_stage import opened
from tests.cases.records_stage import ASKING, checked, proposed
from tests.cases.review_stage import begun, call_of, harassed, restriction, risen, strangers
from tests.exchange.stage import rang, seated
from tests.people.scenes import filing, submitted, teacher, term
from tests.people.test_centres import filled
from tests.registers.scenes import activity, hotline_year, incident
from tests.rota.scenes import asked, dinghai, hour, shift, user_id
from tests.stage import actor, campaign, covered, desk, fresh, scene, screening, staged
from wellbeing.access.models import Hold
from wellbeing.access.routes import routes
from wellbeing.action import REGISTRY
from wellbeing.api.access import posts_for_tokens
from wellbeing.api.catalogue import endpoints
from wellbeing.api.openapi import PLACE
from wellbeing.demo.city import CAST
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.exchange.events import Event, EventKind
from wellbeing.ids import uuid7
from wellbeing.people import actions
from wellbeing.people.models import Organisation, PostKind, Role, User
from wellbeing.people.staffing_policy import StaffingPolicy
from wellbeing.registers.kinds import About, ActivityKind, LineKind
from wellbeing.signin.passkeys import Site
from wellbeing.workdays import now

EVERYBODY = frozenset(member.username for member in CAST)
SHORT = os.environ.get("LEVEL", "short") == "short"
OTHERS = 2 if SHORT else len(CAST)  # of those who may not, and are asked
ROLES = {member.username: member.posts and member.posts[0][0] for member in CAST}
HOTLINE, SCHOOL = {"lin", "gao", "su"}, {"chen", "wu"}
LEAD = {"qiu"}
TRIAGE = {"zhou", "luo", "ye", "he"}
HOSPITAL = {"fang", "tao"}
OURS = {"zhou", "luo"}  # triage of the case's own county
WORKERS = {"lin", "chen"} | OURS  # everybody with a grant on the case
KEEPERS = {"chen"} | OURS  # of a leave

OPEN = {
    "concern_door",
    "answer",
    "checkpoint",
    "exchange_events",
    "sign_in",
    "sign_out",
    "sign_on_go",
    "sign_on_back",
    "language",
    "health",
    "link",
    "link_door",
}
PAGES = {
    "home": EVERYBODY,
    "help": EVERYBODY,
    "guide": EVERYBODY,
    "notices": EVERYBODY,
    "absence": EVERYBODY,
    "take_absence": EVERYBODY,
    "case_list": HOTLINE | SCHOOL | LEAD | TRIAGE,
    "glass": HOTLINE | TRIAGE | {"shen", "an"},
    "break_glass": HOTLINE | TRIAGE,
    "callers": HOTLINE | TRIAGE,
    "record_requests": {"su"} | TRIAGE,
    "receive_request": TRIAGE,
    "retention": {"su"} | TRIAGE,
    "set_hold": {"su"} | TRIAGE,
    "exports": SCHOOL | TRIAGE,
    "steps": SCHOOL,
    "waiting_steps": SCHOOL,
    "log_group": SCHOOL | TRIAGE,
    "report_concern": {"ding"} | SCHOOL | LEAD,
    "concern_received": {"ding"} | SCHOOL | LEAD,
    "concern_poster": {"ding"} | SCHOOL | LEAD,
    "handovers": SCHOOL | TRIAGE,
    "hand_over": SCHOOL | TRIAGE,
    "board": HOTLINE | SCHOOL | TRIAGE,
    "board_rows": HOTLINE | SCHOOL | TRIAGE,
    "new_call": HOTLINE,
    "call_proposal": HOTLINE,
    "call_backs": HOTLINE,
    "rings": HOTLINE,
    "rings_now": HOTLINE,
    "caller_seen": HOTLINE,
    "ask_about_caller": HOTLINE,
    "call_line": HOTLINE,
    "live_desks": {"su"},
    "live_desks_now": {"su"},
    "reviews": {"su", "he"},
    "restrictions": {"su"},
    "seats": {"su"},
    "save_draft": HOTLINE | SCHOOL | TRIAGE,
    "draft_token": HOTLINE | SCHOOL | TRIAGE,
    "shift": HOTLINE,
    "enter_referral": SCHOOL | TRIAGE,
    "paper_sheets": HOTLINE | SCHOOL | LEAD | TRIAGE | {"ding"},
    "search": HOTLINE | SCHOOL | TRIAGE,
    "ended_cases": HOTLINE | SCHOOL | LEAD | TRIAGE,
    "referral_list": HOTLINE | SCHOOL | TRIAGE | HOSPITAL,
    "staffing": {"shen"},
    "oversight": {"shen"},
    "service": {"shen", "su"},
    "policy": {"shen", "an"} | TRIAGE,
    "directory": HOTLINE | SCHOOL | TRIAGE | HOSPITAL,
    "slots": HOSPITAL | {"he"},
    "referral_figures": TRIAGE | HOSPITAL,
    "rota": HOTLINE | SCHOOL | TRIAGE | HOSPITAL | {"shen"},
    "change_policy": {"shen"},
    "audit": {"jian"},
    "returns": SCHOOL | LEAD | TRIAGE | {"shen"},
    "open_term": {"shen"},
    "centres": TRIAGE | {"shen"},
    "incidents": LEAD | TRIAGE | {"shen"},
    "report_incident": {"zhou", "luo", "ye"} | LEAD,
    "activities": {"he", "shen"},
    "note_activity": {"he"},
    "hotline_years": {"su", "shen"},
    "screenings": SCHOOL | TRIAGE,
    "campaigns": SCHOOL | TRIAGE,
    "plan_campaign": SCHOOL | TRIAGE,
    "interviews": SCHOOL | TRIAGE,
    "decide_flagged": SCHOOL | TRIAGE,
    "confirm": EVERYBODY,
    "account": EVERYBODY,
    "second_factor": EVERYBODY,
    "set_up_totp": EVERYBODY,
    "set_up_passkey": EVERYBODY,
    "recovery_codes": EVERYBODY,
    "end_session": EVERYBODY,
    "change_password": EVERYBODY,
    "change_reach": EVERYBODY,
    "bind_sign_on": EVERYBODY,
    "accounts": {"sun", "an"},
    "open_account": {"sun"},
    "appointments": {"an"},
    "developers": EVERYBODY,
    "api_description": EVERYBODY,
    "tokens": HOTLINE | SCHOOL | LEAD | TRIAGE | HOSPITAL | {"shen", "sun", "an"},
    "ask_token": HOTLINE | SCHOOL | LEAD | TRIAGE | HOSPITAL | {"shen"},
}
# Addresses by the id of a return, of a term, the number of the rules, the code of a centre; here those of xinghe,
# whose return is submitted, and of Dinghai. A page of a step that is not possible now says so to those whose step it is.
RETURN_PAGES = {
    "staffing_return": {"chen", "shen"} | LEAD | OURS,
    "fill_return": {"chen"} | LEAD,
    "submit_return": {"chen"} | LEAD,
    "confirm_return": OURS,
    "send_back_return": OURS,
    "unlock_return": {"shen"},
}
TERM_PAGES = {"lock_term": {"shen"}, "import_roster": {"shen"}, "staffing_what_if": {"shen"}}
RULES_PAGES = {"change_staffing_policy": {"shen"}}
CENTRE_PAGES = {
    "centre": {"shen"} | OURS,
    "fill_centre": OURS,
    "submit_centre": OURS,
    "inspect_centre": {"shen"},
    "sign_centre": {"shen"},
    "decline_centre": {"shen"},
}
REGISTER_PAGES = {  # addresses by the reference of an incident at xinghe, the id of an activity or of a return, a year
    "incident": {"he", "shen"} | LEAD | OURS,
    "write_incident": LEAD | OURS,
    "review_incident": LEAD | OURS,
    "close_incident": OURS,
    "reopen_incident": OURS,
    "strike_activity": {"he"},
    "fill_year": {"su"},
    "confirm_year": {"shen"},
    "send_back_year": {"shen"},
}
STAFFING_PAGES = RETURN_PAGES | TERM_PAGES | RULES_PAGES | CENTRE_PAGES
CASE_PAGES = {
    "case": WORKERS,
    "case_file": WORKERS,
    "ask_caller": {"lin"} | OURS,
    "person_file": WORKERS,
    "log_session": {"chen"} | OURS,
    "flag_groups": {"chen"} | OURS,
    "merge_concern": {"chen"} | OURS,
    "case_results": WORKERS,
    "case_access": WORKERS,
    "stop_contact": WORKERS,
    "ask_contact": WORKERS,
    "allow_contact": WORKERS,
    "grant_access": {"lin"},
    "revoke_access": {"lin"},
    "acknowledge": OURS,
    "assess_risk": WORKERS,
    "record_instrument": WORKERS,
    "interview": {"chen"} | OURS,
    "raise_tier": WORKERS,
    "lower_tier": {"chen"} | OURS,
    "confirm_lowering": {"chen"} | OURS,
    "assign_manager": OURS,
    "follow_up": WORKERS,
    "tell": WORKERS,
    "plan_safety": WORKERS,
    "safety_plan_print": set(),  # there is none on this stage: tests/cases/test_crisis_pages.py
    "report_print": set(),
    "safety_plan_pdf": set(),
    "report_pdf": set(),
    "call_back": {"lin"},
    "take_back_call": {"lin"},
    "record_consent": WORKERS,
    "watch_at_home": WORKERS,
    "report_mandatory": WORKERS,
    "note_receipt": WORKERS,
    "write_report": {"chen"} | OURS,
    "attach": WORKERS,
    "withdraw_attachment": WORKERS,
    "pause_clock": WORKERS,
    "resume_clock": WORKERS,
    "agree_school": WORKERS,
    "close_case": WORKERS,
    "ask_transfer": {"chen"} | OURS,
    "accept_transfer": OURS,  # which desk was asked: tests/cases/test_transfer.py
    "refuse_transfer": OURS,
    "open_channel": OURS,
    "submit_referral": {"chen"},
    "emergency": OURS,
    "begin_leave": KEEPERS,
    **{f"leave_{step}": KEEPERS for step in Step},
    "weigh_return": OURS,
    "decide_return": KEEPERS,
    "appeal_return": KEEPERS,
    "decide_appeal": OURS,
    "plan_return": KEEPERS,
    "follow_leave": KEEPERS,
    "leave_papers": KEEPERS,
    "return_plan_print": set(),
    "return_plan_pdf": set(),
    "reopen_case": set(),  # it is not closed on this stage: tests/cases/test_reopen_case.py
}
REFERRAL_PAGES = {
    "referral": {"fang"} | OURS,
    "papers": {"fang"} | OURS,
    "accept_referral": OURS,
    "ask_for_more": OURS,
    "answer_referral": set(),  # no school asked on this stage: tests/referrals/test_triage.py
    "take_over": OURS,
    "decline_referral": OURS,
    "send_referral": OURS,
    "redirect": OURS,
    "renew_letter": OURS,
    "go_on": OURS,
    "hand_to_rescue": OURS,
    "make_link": OURS,
    "end_link": OURS,
    "propose_times": {"fang"},
    "choose_time": OURS,
    "ask_other_times": OURS,
    "give_back": {"fang"},
    "plan_crossing": OURS,
    "move_crossing": OURS,
    "contact_crossing": OURS,
    "receive": {"fang"},
    "book": {"fang"},
    "record_feedback": {"fang"},
    "return_to_school": OURS,
    "close_referral": OURS,
    "withdraw": OURS,
}
HANDOVER_PAGES = {  # addresses by the id of a hand-over; here Chen's to Zhou, made by Chen
    "handover": KEEPERS,
    "hand_back": KEEPERS,
}
# An address by id (tests/outbox/test_inbox.py); those that need a paper (tests/cases/test_instrument_pages.py,
# tests/referrals/test_papers.py, tests/cases/test_leave_pages.py); or an attachment (tests/cases/test_attach.py).
OTHER = {"notice_seen", "instrument_reading", "paper", "paper_pdf", "leave_paper", "leave_paper_pdf", "attachment"}
OTHER |= {"attachment_page"}  # tests/cases/test_attach.py
# A screen's help (tests/web/test_help.py); a batch of sheets, and a number on one (tests/cases/test_paper_sheets.py).
OTHER |= {"help_topic", "paper_batch", "paper_batch_pdf", "enter_paper", "check_paper"}
OTHER |= {
    "drop_factor",
    "person_entry",
    "person_result",
}  # by the id of what is opened: tests/cases/test_covering.py
DRAFT_PAGES = {  # addresses by the id of a draft; here one of Lin's. A sheet of an id that is nobody's is a new one.
    "call_sheet": HOTLINE,
    "draft": {"lin"},
    "draft_standing": {"lin"},
    "drop_draft": {"lin"},
    "log_draft": set(),  # of one that came up to the city: tests/cases/test_drafts.py
}
REPORT_PAGES = {  # addresses by a subject, a year, a form
    "oversight_subject": ["hotline"],
    "subject_export": ["hotline", "csv"],
    "oversight_export": ["csv"],
    "annual_report": [2026],
    "annual_export": [2026, "xlsx"],
}
SCREENING_PAGES = {  # addresses by the id of a file; here one of Chen's
    "screening": {"chen"},
    "confirm_screening": {"chen"},
    "screening_progress": {"chen"},
    "map_screening": {"chen"},
    "recount_screening": {"chen"},
    "drop_screening": {"chen"},
}
CAMPAIGN_PAGES = {  # addresses by the ids of a campaign of Chen's school, its roll, and a student on it
    "campaign": {"chen", "he"} | OURS,
    "roll": {"chen"},
    "opt_out": {"chen"},
    "school_results": {"chen", "he"} | OURS,
}
# addresses by the number of an account or a post, the id of an appointment or a leave; here mallory's, wu's, hers, ding's
ACCOUNT_PAGES = {
    "account_page": {"sun", "an"},
    "appoint": {"sun"},
    "enter_absence": {"sun", "an"},
    "end_absence": {"ding"},
    "lift_absence": {"sun", "an"},
    "renew_password": {"sun"},
    "reset_second_factor": {"an"},
    "close_account": {"sun"},
    "end_post": {"sun"},
    "confirm_appointment": {"an"},
    "decline_appointment": {"an"},
}
RECORD_PAGES = {  # addresses by the reference of a request that zhou has proposed an answer to
    "record_request": {"he", "su"} | OURS,
    "check_asker": OURS,
    "take_up_record": OURS,
    "propose_answer": OURS,
    "decide_answer": {"he", "su"},
    "record_reply": OURS,
    "record_reply_pdf": OURS,
    "hand_out_records": OURS,
    "ask_erasure": set(),  # nothing is due on this stage: tests/cases/test_retention.py
    "confirm_erasure": set(),
}
TOKEN_PAGES = {  # addresses by the id of a token; here one that Lin has asked for
    "confirm_token": {"an"},
    "decline_token": {"an"},
    "end_token": {"lin", "sun", "an"},
}
# Addresses of the API that are named otherwise than the page whose doors they pass.
API_PAGES = {
    "api_token": "home",
    "api_cases": "case_list",
    "api_call_backs": "call_backs",
    "api_calls": "rings",
    "api_calls_now": "rings_now",
    "api_referrals": "referral_list",
    "api_referral_queue": "referral_list",
    "api_packets": "referral",
    "api_flagged": "interviews",
    "api_terms": "returns",
    "api_return": "staffing_return",
    "api_assign_seat": "seats",
    "api_take_call": "new_call",
    "api_hand_over_shift": "shift",
    "api_plan_interviews": "interviews",
    "api_publish_slots": "slots",
}
ROTA_PAGES = {  # addresses by the id of a desk, a shift, a question; here those of Dinghai's triage desk
    "plan_shift": OURS,
    "plan_week": OURS,
    "drop_shift": OURS,
    "ask_swap": {"zhou"},
    "answer_swap": {"luo"},
    "settle_ring": HOTLINE,  # a call of the exchange
    "reopen_ring": HOTLINE,
    "withdraw_note": {"lin"},
    "lift_hold": {"he", "su"} | OURS,
    "confirm_caller": {"he", "su"},  # of an asking by lin
    "refuse_caller": {"he", "su"},
    "read_caller": {"lin"},
    "ask_sealed": {"lin"},  # of an opening of her own
    "confirm_sealed": {"he"} | OURS,
    "refuse_sealed": {"he"} | OURS,  # at the two desks that were told of it
    "ask_export": {"chen"},  # the roll of her school
    "confirm_export": OURS,  # of Chen's long list for herself
    "fetch_export": {"chen"},
    "ring_onto_sheet": HOTLINE,
    "begin_review": {"su"},  # a call of lin, one of gao that su reviews
    "judge_review": {"su"},
    "debrief": {"lin"},
    "restrict_caller": {"su"},  # a harassing call of gao, and a restriction of su
    "lift_restriction": {"su"},
    "leave_seat": {"su"},
    "review_glass": {"he"} | OURS,  # the two desks of an opening by lin
}
ACTIONS = {
    "log_ring": HOTLINE,
    "reopen_ring": HOTLINE,
    "withdraw_note": {"lin"},
    "continue_call": {"lin"},
    "log_draft": {"he"},
    "begin_review": {"su"},
    "judge_review": {"su"},
    "write_debriefing": {"lin"},
    "restrict_caller": {"su"},
    "lift_restriction": {"su"},
    "assign_seat": {"su"},
    "leave_seat": {"su"},
    "settle_ring": HOTLINE,
    "break_glass": HOTLINE | OURS | {"he"},
    "review_glass": {"he"} | OURS,
    "escalate_glass": set(),
    "ask_about_caller": HOTLINE,
    "ask_caller": {"lin"} | OURS,
    "confirm_caller": {"he", "su"},
    "refuse_caller": {"he", "su"},
    "read_caller": {"lin"},
    "ask_sealed": {"lin"},
    "confirm_sealed": {"he"} | OURS,
    "refuse_sealed": {"he"} | OURS,
    "forget_callers": set(),
    "receive_record_request": TRIAGE,
    "check_asker": OURS,
    "take_up_record": OURS,
    "propose_answer": OURS,
    "decide_answer": {"he", "su"},
    "hand_out_records": OURS,
    "escalate_request": set(),
    "propose_erasures": set(),
    "ask_erasure": set(),
    "confirm_erasure": set(),
    "set_hold": {"su"} | TRIAGE,
    "lift_hold": {"he", "su"} | OURS,
    "stop_contact": WORKERS,
    "ask_contact": WORKERS,
    "allow_contact": WORKERS,
    "release_cases": set(),
    "renew_grants": set(),
    "stand_in": set(),
    "keep_referral": set(),
    "ask_export": SCHOOL | TRIAGE,  # for oneself
    "confirm_export": OURS,
    "fetch_export": {"chen"},
    "end_exports": set(),
    "save_draft": HOTLINE | SCHOOL | TRIAGE,
    "drop_draft": {"lin"},
    "hand_over_shift": HOTLINE,
    "print_sheets": HOTLINE | SCHOOL | LEAD | TRIAGE | {"ding"},
    "take_call": HOTLINE,
    "acknowledge": OURS,
    "assess_risk": WORKERS,
    "record_instrument": WORKERS,
    "raise_tier": WORKERS,
    "lower_tier": {"chen"} | OURS,
    "confirm_lowering": {"chen"} | OURS,
    "assign_manager": OURS,
    "follow_up": WORKERS,
    "log_session": {"chen"} | OURS,
    "log_group": {"chen"} | OURS,
    "flag_groups": {"chen"} | OURS,
    "report_concern": {"ding"} | SCHOOL | LEAD,
    "merge_concern": {"chen"} | OURS,
    "hand_over": {"chen", "he"} | OURS,
    "hand_back": KEEPERS,
    "close_case": WORKERS,
    "ask_transfer": {"chen"} | OURS,
    "accept_transfer": OURS,
    "refuse_transfer": OURS,
    "open_channel": OURS,
    "submit_referral": {"chen"},
    "accept_referral": OURS,
    "ask_for_more": OURS,
    "answer_referral": set(),
    "take_over": OURS,
    "decline_referral": OURS,
    "send_referral": OURS,
    "redirect": OURS,
    "renew_letter": OURS,
    "go_on": OURS,
    "hand_to_rescue": OURS,
    "give_back": {"fang"},
    "plan_crossing": OURS,
    "move_crossing": OURS,
    "contact_crossing": OURS,
    "make_link": OURS,
    "end_link": OURS,
    "propose_times": {"fang"},
    "choose_time": OURS,
    "ask_other_times": OURS,
    "publish_slots": {"fang"},
    "receive": {"fang"},
    "book": {"fang"},
    "record_feedback": {"fang"},
    "return_to_school": OURS,
    "close_referral": OURS,
    "withdraw": OURS,
    "tell": WORKERS,
    "plan_safety": WORKERS,
    "call_back": {"lin"},
    "take_back_call": {"lin"},
    "record_consent": WORKERS,
    "watch_at_home": WORKERS,
    "report_mandatory": WORKERS,
    "note_receipt": WORKERS,
    "write_report": {"chen"} | OURS,
    "attach": WORKERS,
    "withdraw_attachment": set(),  # nothing is attached on this stage: tests/cases/test_withdraw.py
    "agree_school": WORKERS,
    "pause_clock": WORKERS,
    "resume_clock": WORKERS,
    "change_policy": {"shen"},
    "open_term": {"shen"},
    "import_roster": {"shen"},
    "fill_return": {"chen"} | LEAD,
    "submit_return": {"chen"} | LEAD,
    "confirm_return": OURS,
    "send_back_return": OURS,
    "lock_term": {"shen"},
    "unlock_return": {"shen"},
    "change_staffing_policy": {"shen"},
    "fill_centre": OURS,
    "submit_centre": OURS,
    "inspect_centre": {"shen"},
    "sign_centre": {"shen"},
    "decline_centre": {"shen"},
    "note_activity": {"he"},
    "strike_activity": {"he"},
    "fill_year": {"su"},
    "confirm_year": {"shen"},
    "send_back_year": {"shen"},
    "report_incident": LEAD | OURS,
    "write_incident": LEAD | OURS,
    "review_incident": LEAD | OURS,
    "close_incident": OURS,
    "reopen_incident": OURS,
    "stage_screening": {"chen", "he"} | OURS,
    "hold_screening": {"chen", "he"} | OURS,
    "map_screening": {"chen"},
    "recount_screening": {"chen"},
    "confirm_screening": {"chen"},
    "remind_screening": set(),
    "drop_screening": {"chen"},
    "plan_campaign": {"chen", "he"} | OURS,
    "enrol_students": {"chen"},
    "record_opt_out": {"chen"},
    "plan_interviews": SCHOOL | TRIAGE,
    "decide_flagged": set(),  # nobody waits on this stage: tests/cases/test_triage.py
    "interview_flagged": {"chen"} | OURS,
    "plan_shift": OURS,
    "plan_week": OURS,
    "drop_shift": OURS,
    "ask_swap": {"zhou"},
    "answer_swap": {"luo"},
    "begin_leave": KEEPERS,
    "move_leave": KEEPERS,
    "weigh_return": OURS,
    "decide_return": KEEPERS,
    "appeal_return": KEEPERS,
    "decide_appeal": OURS,
    "plan_return": KEEPERS,
    "follow_leave": KEEPERS,
    "reopen_case": set(),
    "enrol_totp": EVERYBODY,
    "enrol_passkey": EVERYBODY,
    "renew_codes": EVERYBODY,
    "drop_factor": set(),  # one's own alone: tests/signin/test_second_factor.py
    "change_password": EVERYBODY,
    "change_reach": EVERYBODY,
    "end_guide": EVERYBODY,
    "end_session": EVERYBODY,
    "bind_sign_on": EVERYBODY,
    "open_account": {"sun"},
    "appoint": {"sun"},
    "confirm_appointment": {"an"},
    "decline_appointment": {"an"},
    "end_post": {"sun"},
    "take_absence": EVERYBODY,
    "end_absence": {"ding"},
    "enter_absence": {"sun", "an"},
    "lift_absence": {"sun", "an"},
    "renew_password": {"sun"},
    "reset_second_factor": {"an"},
    "close_account": {"sun"},
    # machines only
    "hear": set(),
    "import_calls": set(),
    "forget_numbers": set(),
    "give_answers": set(),
    "note_try": set(),
    "end_campaign": set(),
    "expire": set(),
    "give_way": set(),
    "follow_case": set(),
    "hasten_clocks": set(),
    "open_link": set(),
    "drop_times": set(),
    "grant_access": {"lin"},
    "revoke_access": set(),  # nothing was given on this stage: tests/cases/test_sharing.py
    "escalate": set(),
    "raise_draft": set(),
    "remind": set(),
    "catch_up_clocks": set(),
    "ring_again": set(),
    "warn_gap": set(),
    "import_screening": set(),
    "start_clocks": set(),
    "prepare_day": set(),
    "publish_month": set(),
    "count_ballots": set(),
    "write_platform_file": set(),
    "begin_rotation": set(),
    "end_rotation": set(),
    "retire_keys": set(),
    "end_index_keys": set(),
    "erase_case": set(),
    "replay_erasures": set(),
    "note_backup": set(),
    "note_restore_check": set(),
    "release_sending": set(),
    "stop_clocks": set(),
    "ask_token": HOTLINE | SCHOOL | LEAD | TRIAGE | HOSPITAL | {"shen"},
    "confirm_token": {"an"},
    "decline_token": {"an"},
    "end_token": {"lin", "sun", "an"},
}


@pytest.fixture
def stage(db: None) -> SimpleNamespace:
    return whole_stage()


def whole_stage() -> SimpleNamespace:
    """Something of everything that an address can name."""
    return set_stage()


def set_stage() -> SimpleNamespace:
    """One object of every kind that an address can name, in the relations above."""
    found = scene()
    found.shift = shift("zhou", 0, 8)
    found.swap = asked(found.shift, by="zhou", to="luo")
    found.ring = rang("matrix")
    found.call, found.review = call_of(found.case), begun()
    numbers = strangers()
    found.harassing, found.number = harassed(next(numbers)), next(numbers)
    found.restriction = restriction(found.number)
    found.seat = seated()
    found.glass = opened()
    found.sealed = cases.ask_sealed(actor=actor("lin"), glass_id=found.glass.pk, why="danger")
    found.ask = cases.ask_caller(actor=actor("lin"), case=found.case, why="danger")
    found.hold = cases.set_hold(
        actor=actor("zhou"), reference=found.case.reference, why="lawsuit", until=now() + timedelta(days=1)
    )
    found.record = checked()
    proposed(found.record, None)
    found.term = term()
    found.filed = submitted("xinghe", teacher())
    found.centre = filled()
    actions.submit_centre(actor=actor("zhou"), centre=found.centre)
    found.incident, found.activity, found.year = incident(), activity(), hotline_year()
    found.handover = covered()
    found.batch = staged().batch
    found.draft = cases.save_draft(actor=actor("lin"), draft_id=uuid7(), kind=DraftKind.CALL, words={}, base=0)
    found.going_sheet = uuid7()
    found.going = cases.take_call(
        actor=actor("lin"), call=cases.CallSheet(division="330902"), draft=found.going_sheet, goes_on=True
    )
    found.risen = risen()
    found.note = cases.hand_over_shift(actor=actor("lin"), text="x")
    found.campaign, ((found.student, _words),) = campaign("S1")
    found.token = program("lin", confirmed=False).token
    found.export = exported()
    found.mallory = User.objects.get(username="mallory")
    found.appointment = actions.appoint(
        actor=actor("sun"),
        account=found.mallory,
        desk=desk("bailang", Role.SCHOOL_COUNSELLOR),
        kind=PostKind.COVER,
        starts_on=now().date(),
        ends_on=now().date() + timedelta(days=30),
        because="代产假",
    )
    ahead = now().date() + timedelta(days=60)
    found.absence = actions.take_absence(actor=actor("ding"), first_day=ahead, last_day=ahead)
    return found


def clients() -> dict[str, Client]:
    found = {}
    for user in User.objects.all():
        found[user.username] = Client(HTTP_HOST="127.0.0.1")
        found[user.username].force_login(user)
    return found


def test_every_route_and_every_action_is_listed() -> None:
    named = {pattern.name for _address, pattern in routes()}
    by_name = (
        PAGES,
        CASE_PAGES,
        REFERRAL_PAGES,
        ROTA_PAGES,
        RECORD_PAGES,
        REPORT_PAGES,
        STAFFING_PAGES,
        SCREENING_PAGES,
        CAMPAIGN_PAGES,
        REGISTER_PAGES,
        HANDOVER_PAGES,
        DRAFT_PAGES,
        ACCOUNT_PAGES,
        TOKEN_PAGES,
    )
    api = {one.name for one in endpoints()} | {"api_missing"}
    assert named == OPEN | OTHER | api | {name for pages in by_name for name in pages}
    assert set(REGISTRY) == set(ACTIONS)


def placed(stage: SimpleNamespace) -> dict[str, tuple[list[Any], set[str] | frozenset[str]]]:
    """Every page by name: what its address names on this stage, and who may enter it."""
    places: dict[str, tuple[list[Any], Any]] = {name: ([], who) for name, who in PAGES.items()}
    places |= {name: ([stage.case.reference], who) for name, who in CASE_PAGES.items()}
    places |= {name: ([stage.referral.reference], who) for name, who in REFERRAL_PAGES.items()}
    ids = {"plan_shift": dinghai().pk, "plan_week": dinghai().pk, "answer_swap": stage.swap.pk}
    ids |= dict.fromkeys(("settle_ring", "reopen_ring", "ring_onto_sheet"), stage.ring.pk)
    ids["withdraw_note"] = stage.note.pk
    ids |= dict.fromkeys(("review_glass", "ask_sealed"), stage.glass.pk)
    ids |= dict.fromkeys(("confirm_sealed", "refuse_sealed"), stage.sealed.pk)
    ids["lift_hold"] = stage.hold.pk
    ids |= dict.fromkeys(("confirm_caller", "refuse_caller", "read_caller"), stage.ask.pk)
    ids |= dict.fromkeys(("confirm_export", "fetch_export"), stage.export.pk)
    ids["ask_export"] = f"roll-{stage.student.batch_id}"
    ids |= {"begin_review": stage.call.pk, "judge_review": stage.review.pk, "debrief": stage.call.pk}
    ids |= {
        "restrict_caller": stage.harassing.pk,
        "lift_restriction": stage.restriction.pk,
        "leave_seat": stage.seat.pk,
    }
    places |= {name: ([ids.get(name, stage.shift.pk)], who) for name, who in ROTA_PAGES.items()}
    places |= {name: ([stage.record.reference], who) for name, who in RECORD_PAGES.items()}
    places |= {name: (given, {"shen"}) for name, given in REPORT_PAGES.items()}
    places |= {name: ([stage.filed.pk], who) for name, who in RETURN_PAGES.items()}
    places |= {name: ([1], who) for name, who in RULES_PAGES.items()}
    places |= {name: (["dinghai-centre"], who) for name, who in CENTRE_PAGES.items()}
    of = {"strike_activity": stage.activity.pk, "fill_year": stage.year.year}
    of |= dict.fromkeys(("confirm_year", "send_back_year"), stage.year.pk)
    places |= {name: ([of.get(name, stage.incident.reference)], who) for name, who in REGISTER_PAGES.items()}
    for name, who in TERM_PAGES.items():
        places[name] = ([] if name == "staffing_what_if" else [stage.term.pk], who)
    ids = {"campaign": stage.campaign.pk, "roll": stage.student.batch_id, "opt_out": stage.student.pk}
    ids["school_results"] = Organisation.objects.get(code="xinghe").pk
    places |= {name: ([ids[name]], who) for name, who in CAMPAIGN_PAGES.items()}
    wu = User.objects.get(username="wu").posts.get()
    ids = {"end_post": wu.pk} | dict.fromkeys(("end_absence", "lift_absence"), stage.absence.pk)
    ids |= dict.fromkeys(("confirm_appointment", "decline_appointment"), stage.appointment.pk)
    places |= {name: ([ids.get(name, stage.mallory.pk)], who) for name, who in ACCOUNT_PAGES.items()}
    places |= {name: ([stage.token.pk], who) for name, who in TOKEN_PAGES.items()}
    places |= {name: ([stage.batch.pk], who) for name, who in SCREENING_PAGES.items()}
    places |= {name: ([stage.handover.pk], who) for name, who in HANDOVER_PAGES.items()}
    return places | {name: ([stage.draft.pk], who) for name, who in DRAFT_PAGES.items()}


def addresses_on(stage: SimpleNamespace) -> dict[str, tuple[str, Set[str]]]:
    """The address of every listed page on the stage, by its route, and who finds it."""
    return {name: (reverse(name, args=args), who) for name, (args, who) in placed(stage).items()}


def asked_of(name: str, who: Set[str]) -> Set[str]:
    """One of each role of those whose it is, and some of the others, drawn by its name; `make prove` asks all of them."""
    chance, others = random.Random(name), sorted(EVERYBODY - who)
    whose = chance.sample(inside := sorted(who & EVERYBODY), len(inside))
    if SHORT:
        whose = list({ROLES[member]: member for member in whose}.values())
    return {*whose, *chance.sample(others, min(OTHERS, len(others)))}


def test_pages_open_for_their_roles_and_are_not_found_by_all_others(stage: SimpleNamespace) -> None:
    addresses = addresses_on(stage)
    wrong = []
    without: set[tuple[str, str]] = set()  # 405: a page without such a method has it for nobody
    for member, client in clients().items():
        client.force_login(User.objects.get(username=member))  # on a slow machine the others' turns outlast a session
        for name, (address, who) in addresses.items():
            for method in ("get", "post") if member in asked_of(name, who) else ():
                if (name, method) in without:
                    continue
                with transaction.atomic():
                    status = getattr(client, method)(address).status_code
                    transaction.set_rollback(True)
                if status == 405:
                    without.add((name, method))
                elif (status == 404) == (member in who):
                    wrong.append(f"{member} {method} {name}: {status}")
    assert wrong == []


def programs() -> dict[str, Program]:
    """A program for everybody of the cast who may have one, by her one post."""
    holders = [member for member in CAST if posts_for_tokens(actor(member.username))]
    assert {member.username for member in holders} == EVERYBODY - {"ding", "sun", "an", "jian", "mallory"}
    return {member.username: program(member.username) for member in holders}


def api_places(stage: SimpleNamespace) -> dict[str, tuple[str, str, set[str] | frozenset[str], dict[str, str]]]:
    """Every address of the API by route: its method, itself, for whose programs it is (those of its page), and what it
    names."""
    pages = placed(stage)
    found = {}
    for one in endpoints():
        name = one.name.removeprefix("api_")
        if name.startswith("record_instrument_"):
            name = "record_instrument"
        args, who = pages[API_PAGES.get(one.name) or name]
        named = {part: str(args[0]) for part in PLACE.findall(one.place)}
        found[one.name] = (one.methods[0], reverse(one.name, kwargs=named), who, named)
    return found


def test_the_api_opens_for_whose_pages_these_are_and_is_not_found_by_all_others(stage: SimpleNamespace) -> None:
    addresses, wrong = api_places(stage), []
    for member, one in programs().items():
        for name, (method, address, who, _named) in addresses.items():
            if member not in asked_of(name, who):
                continue
            with transaction.atomic():
                status = one.ask(method, address).status_code
                transaction.set_rollback(True)
            if status not in (200, 404, 409, 422) or (status == 404) == (member in who):
                wrong.append(f"{member} {method} {name}: {status}")
    assert wrong == []


def test_nobody_enters_without_signing_in(stage: SimpleNamespace) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    for name in (*CASE_PAGES, *REFERRAL_PAGES):
        row = stage.case if name in CASE_PAGES else stage.referral
        answer = client.get(reverse(name, args=[row.reference]))
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/"), name


def test_forbidden_and_missing_give_the_same_page(stage: SimpleNamespace) -> None:
    def body(client: Client, reference: str) -> str:
        text = client.get(reverse("case", args=[reference])).content.decode()
        text = re.sub(r'(csrfmiddlewaretoken" value|server-time" content|name="next" value)="[^"]*"', "", text)
        return text.replace(reference, "REF")

    browsers = clients()
    for member in EVERYBODY - WORKERS:
        client = browsers[member]
        assert body(client, stage.case.reference) == body(client, "ZS-2222-2222"), member


def arguments(stage: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """Enough for each action to get past its doors."""
    case, referral = {"case": stage.case}, {"referral": stage.referral}
    asked_for = {"reference": stage.record.reference}
    account, appointment = (
        {"account": stage.mallory, "because": "x"},
        {"appointment": stage.appointment, "because": "x"},
    )
    site = Site("localhost", "http://localhost")
    returned, centre = {"staffing_return": stage.filed}, {"centre": stage.centre}
    school, chen = desk("xinghe", Role.SCHOOL_COUNSELLOR), User.objects.get(username="chen")
    from cases.actions import CallSheet
    from cases.attachment import Attached
    from cases.clocks import ClockKind
    from cases.consent import Consent
    from cases.mandatory import Authority, Ground
    from cases.models import CallBackOutcome, Deadline, ReportKind, Warning
    from cases.policy import Policy
    from cases.session import Meeting
    from cases.telling import Told, Whom
    from cases.transfer import Basis, Scope
    from tests.files import PDF
    from wellbeing.rota.pattern import Pattern
    from wellbeing.upload import Content

    return {
        "take_call": {"call": CallSheet()},
        "save_draft": {"draft_id": uuid7(), "kind": DraftKind.CALL, "words": {}, "base": 0},
        "drop_draft": {"draft_id": stage.draft.pk},
        "raise_draft": {"draft_id": stage.draft.pk},
        "continue_call": {"case": stage.going, "call": CallSheet(), "draft": stage.going_sheet},
        "log_draft": {"draft_id": stage.risen, "call": CallSheet()},
        "withdraw_note": {"note_id": stage.note.pk},
        "hand_over_shift": {"text": "x"},
        "decide_flagged": {"cases": [stage.case.pk], "decision": "plan", "previewed": ""},
        "acknowledge": case,
        "assess_risk": {**case, "words": {}, "face_to_face": True},
        "record_instrument": {**case, "instrument": "hotline", "answers": {"total": 1}},
        "raise_tier": {**case, "to": "red"},
        "lower_tier": {**case, "to": "orange", "because": ""},
        "confirm_lowering": case,
        "assign_manager": {**case, "manager": chen, "desk": school},
        "follow_up": {**case, "words": {}},
        "log_session": {**case, "kind": Meeting.SESSION, "words": {"free": "谈了近况"}},
        "log_group": {"references": [stage.case.reference, stage.case.reference], "words": {}, "own": {}},
        "flag_groups": {**case, "groups": []},
        "report_concern": {"name": "小潮", "seen": "近来沉默"},
        "merge_concern": {**case, "into": "ZS-2222-2222"},
        "hand_over": {
            "desk": school,
            "from_user": chen,
            "to_desk": dinghai(),
            "to_user": User.objects.get(username="luo"),
        },
        "hand_back": {"handover_id": stage.handover.pk},
        "close_case": {**case, "reason": "improved"},
        "grant_access": {
            **case,
            "to": desk("bailang", Role.SCHOOL_COUNSELLOR),
            "hold": Hold.READ,
            "until": now(),
            "because": "",
        },
        "revoke_access": {**case, "holder": desk("bailang", Role.SCHOOL_COUNSELLOR), "because": ""},
        "ask_transfer": {
            **case,
            "division": "330903",
            "scope": Scope.WHOLE,
            "basis": Basis.SAFETY,
            "words": {"because": "转学"},
        },
        "accept_transfer": case,
        "refuse_transfer": {**case, "because": ""},
        "open_channel": {
            **case,
            "destination": desk("beichen-hospital", Role.HOSPITAL_LIAISON),
            "consent": ConsentOutcome.GIVEN,
            "words": {},
        },
        "submit_referral": {**case, "words": {}},
        "accept_referral": referral,
        "ask_for_more": {**referral, "fields": ["age"]},
        "answer_referral": {**referral, "words": {}},
        "take_over": referral,
        "decline_referral": {**referral, "why": "age"},
        "send_referral": {
            **referral,
            "destination": desk("beichen-hospital", Role.HOSPITAL_LIAISON),
            "consent": ConsentOutcome.GIVEN,
            "words": {},
        },
        "redirect": referral,
        "renew_letter": {**referral, "words": {}},
        "go_on": referral,
        "hand_to_rescue": {**referral, "whom": Whom.POLICE, "words": {}},
        "follow_case": referral,
        "hasten_clocks": {**case, "kinds": ["feedback"]},
        "make_link": {**referral, "ticket": Ticket.issue()},
        "end_link": referral,
        "propose_times": {**referral, "times": [now()]},
        "choose_time": {**referral, "time_id": stage.referral.pk},
        "ask_other_times": referral,
        "drop_times": referral,
        "open_link": {"ticket": Ticket.issue(), "browser": "a browser"},
        "give_back": {**referral, "why": "age"},
        "plan_crossing": {
            **referral,
            "from_port": Port.DAISHAN,
            "to_port": Port.DINGHAI,
            "vessel": Vessel.FERRY,
            "departs_at": now(),
            "arrives_at": now(),
            "escorts": [],
            "words": {},
        },
        "move_crossing": {**referral, "step": Move.DEPART},
        "contact_crossing": {**referral, "reached": True},
        "publish_slots": {"desk": desk("haiyun-hospital", Role.HOSPITAL_LIAISON), "times": []},
        "expire": referral,
        "give_way": referral,
        "receive": referral,
        "book": {**referral, "at": now()},
        "record_feedback": {**referral, "attended": True, "words": {}},
        "return_to_school": {**referral, "desk": school, "manager": chen, "words": {}},
        "close_referral": referral,
        "withdraw": referral,
        "tell": {**case, "whom": Whom.GUARDIAN, "told": Told.UNREACHED, "words": {}},
        "plan_safety": {**case, "words": {}},
        "record_consent": {**case, "outcome": Consent.REFUSED, "words": {}},
        "watch_at_home": {**case, "words": {}},
        "take_back_call": case,
        "call_back": {**case, "outcome": CallBackOutcome.DECLINED, "words": {}},
        "report_mandatory": {**case, "ground": Ground.OTHER, "authority": Authority.POLICE, "words": {}},
        "note_receipt": {**case, "words": {}},
        "write_report": {**case, "kind": ReportKind.FIRST, "words": {}},
        "attach": {**case, "what": Attached.OTHER, "content": Content("x", PDF)},
        "withdraw_attachment": {**case, "entry_id": uuid7(), "typed": ""},
        "agree_school": {**case, "words": ""},
        "begin_leave": {**case, "desk": school, "words": {}},
        "move_leave": {**case, "step": Step.ASSESS, "words": {}},
        "weigh_return": {**case, "words": {}},
        "decide_return": {**case, "passed": True, "words": {}},
        "appeal_return": {**case, "words": {}},
        "decide_appeal": {**case, "upheld": True, "words": {}},
        "plan_return": {**case, "words": {}},
        "follow_leave": {**case, "reached": True, "words": {}},
        "reopen_case": {"reference": stage.case.reference, "to": "red", "because": "再次出现危险"},
        "pause_clock": {**case, "kind": ClockKind.FOLLOW_UP, "why": "weather", "because": ""},
        "resume_clock": {**case, "kind": ClockKind.FOLLOW_UP},
        "catch_up_clocks": case,
        "remind": {**case, "deadline": Deadline()},
        "ring_again": {**case, "warning": Warning()},
        "change_policy": {"policy": Policy(), "effective_from": None, "because": "", "previewed": ""},
        "open_term": {"name": "", "first_day": now().date(), "last_day": now().date()},
        "import_roster": {"term": stage.term, "content": b"", "name": "a.csv"},
        "fill_return": {**returned, "filing": filing()},
        "submit_return": returned,
        "confirm_return": returned,
        "send_back_return": {**returned, "because": "x"},
        "lock_term": {"term": stage.term, "unconfirmed": 0},
        "unlock_return": {**returned, "because": "x"},
        "change_staffing_policy": {"policy": StaffingPolicy(), "because": ""},
        "fill_centre": {"organisation": Organisation.objects.get(code="dinghai-centre"), "given": {}},
        "submit_centre": centre,
        "inspect_centre": {**centre, "inspected_on": now().date(), "seen": []},
        "sign_centre": centre,
        "decline_centre": {**centre, "because": "x"},
        "print_sheets": {"kind": PaperKind.CALL, "count": 1},
        "log_ring": {"ring_id": stage.ring.pk},
        "reopen_ring": {"ring_id": stage.ring.pk},
        "begin_review": {"call_id": stage.call.pk},
        "restrict_caller": {"call_id": stage.harassing.pk, "days": 7},
        "lift_restriction": {"restriction_id": stage.restriction.pk},
        "assign_seat": {"seat": "8009", "counsellor": stage.seat.counsellor_id},
        "leave_seat": {"seat_id": stage.seat.pk},
        "judge_review": {"review_id": stage.review.pk, "marks": {}},
        "write_debriefing": {"call_id": stage.call.pk, "text": "x"},
        "settle_ring": {"ring_id": stage.ring.pk, "why_not": "silent"},
        "hear": {"event": Event("m", EventKind.RINGING, now())},
        "import_calls": {"events": ()},
        "forget_numbers": {"hours": 72},
        "break_glass": {"reference": stage.case.reference, "why": "danger", "because": "x" * 20},
        "review_glass": {"glass_id": stage.glass.pk, "verdict": "justified"},
        "escalate_glass": {"glass": stage.glass},
        "ask_about_caller": {"number": "13900001234"},
        "ask_caller": {**case, "why": "court"},
        "confirm_caller": {"ask_id": stage.ask.pk},
        "refuse_caller": {"ask_id": stage.ask.pk},
        "ask_sealed": {"glass_id": stage.glass.pk, "why": "danger"},
        "confirm_sealed": {"ask_id": stage.sealed.pk},
        "refuse_sealed": {"ask_id": stage.sealed.pk},
        "read_caller": {"ask_id": stage.ask.pk},
        "forget_callers": {},
        "receive_record_request": {"asker": "guardian", "division": "330902", "words": ASKING},
        "check_asker": {**asked_for, "how": "documents"},
        "take_up_record": {**asked_for, "words": "ZS-2222-2222"},
        "propose_answer": {**asked_for, "because": "x"},
        "decide_answer": {**asked_for, "agree": True},
        "hand_out_records": {**asked_for, "how": "in_person"},
        "escalate_request": asked_for,
        "propose_erasures": {},
        "ask_erasure": {**asked_for, "typed": "x"},
        "confirm_erasure": {**asked_for, "typed": "x"},
        "set_hold": {"reference": stage.case.reference, "why": "lawsuit", "until": now() + timedelta(days=1)},
        "lift_hold": {"hold_id": stage.hold.pk},
        "stop_contact": {**case, "because": "x"},
        "ask_contact": {**case, "because": "x"},
        "allow_contact": {**case, "allow": True},
        "release_cases": {"post": chen.posts.get()},
        **{"renew_grants": case, "stand_in": case, "keep_referral": referral},
        "ask_export": {
            **{"sort": "roll", "form": "csv", "why": "work", "days": 1},
            **{"rows": long_list(1), "receiver_id": chen.pk},
        },
        "confirm_export": {"export_id": stage.export.pk},
        "fetch_export": {"export_id": stage.export.pk},
        "end_exports": {},
        "plan_shift": {
            "desk": dinghai(),
            "user_id": user_id("luo"),
            "starts_at": hour(0),
            "ends_at": hour(1),
        },
        "plan_week": {"desk": dinghai(), "pattern": Pattern(now().date(), 1, (0,), (), ())},
        "drop_shift": {"shift_id": stage.shift.pk},
        "ask_swap": {"shift_id": stage.shift.pk, "to_user_id": user_id("luo")},
        "answer_swap": {"swap_id": stage.swap.pk, "accept": False},
        "warn_gap": {"desk_id": dinghai().pk, "starts_at": now()},
        "escalate": {**case, "deadline": Deadline()},
        "note_activity": {
            "kind": ActivityKind.EVENT,
            "title": "讲座",
            "held_on": now().date(),
            "hours": Decimal(2),
            "reached": 40,
        },
        "strike_activity": {"activity": stage.activity},
        "fill_year": {"year": now().year, "seats": 2, "hours": Decimal(24), "staff": {}},
        "confirm_year": {"hotline_year": stage.year},
        "send_back_year": {"hotline_year": stage.year, "because": "席位数有误"},
        "report_incident": {
            "school_id": school.organisation_id,
            "about": About.STUDENT,
            "happened_at": now(),
            "text": "八年级一名学生",
        },
        "write_incident": {"incident": stage.incident, "kind": LineKind.DONE, "at": now(), "text": "已联系"},
        "review_incident": {"incident": stage.incident, "held_at": now(), "review": "复盘", "lessons": "改进"},
        "close_incident": {"incident": stage.incident},
        "reopen_incident": {"incident": stage.incident, "text": "又有新的情况"},
        "write_platform_file": {"day": now().date(), "folder": Path("/nowhere"), "sign_with": None},
        "hold_screening": {
            "lines": screening(),
            "digest": "h",
            "codes": ["phq9"],
            "day": now().date(),
            "school": Organisation.objects.get(code="xinghe"),
        },
        "map_screening": {"batch_id": stage.batch.pk, "mapping": "phq9=q1-q9"},
        "stage_screening": {
            "school": school.organisation,
            "lines": screening(),
            "digest": "another",
            "instruments": "phq9=q1-q9",
            "day": now().date(),
        },
        "plan_campaign": {
            "title": "普测",
            "codes": ["phq9"],
            "schools": [school.organisation_id],
            "first": now().date(),
            "last": now().date(),
        },
        "enrol_students": {"batch_id": stage.student.batch_id, "lines": [(1, ("学号",)), (2, ("S2",))]},
        "record_opt_out": {"student_id": stage.student.pk, "takes_part": False},
        "plan_interviews": {"first": now().date(), "per_day": 6},
        "interview_flagged": {**case, "outcome": "not_met", "because": "不在校"},
        "give_answers": {"code": "", "answers": {}},
        "note_try": {"address": ""},
        "end_campaign": {"campaign_id": stage.campaign.pk},
        "recount_screening": {"batch_id": stage.batch.pk},
        "confirm_screening": {"batch_id": stage.batch.pk},
        "remind_screening": {"batch_id": stage.batch.pk},
        "drop_screening": {"batch_id": stage.batch.pk},
        "import_screening": {"batch": stage.batch},
        "start_clocks": {**case, "desk": school, "kinds": ["feedback"]},
        "stop_clocks": {**case, "kinds": ["feedback"]},
        "enrol_totp": {"secret": "A" * 32, "code": "1", "name": "x"},
        "enrol_passkey": {"answer": "{}", "where": site, "challenge": b"", "name": "x"},
        "renew_codes": {},
        "drop_factor": {"factor_id": stage.case.pk},
        "change_password": {"old": "", "new": ""},
        "change_reach": {"mobile": "13800000000", "email": ""},
        "end_guide": {},
        "end_session": {"mine": ""},
        "bind_sign_on": {"issuer": "https://elsewhere", "subject": "1"},
        "open_account": {"username": "new", "name": "新人", "mobile": "", "because": "x"},
        "appoint": {**account, "desk": school, "kind": PostKind.REGULAR, "starts_on": now().date(), "ends_on": None},
        "confirm_appointment": appointment,
        "decline_appointment": appointment,
        "end_post": {"post": chen.posts.get(), "last_day": None, "because": "x"},
        "take_absence": {"first_day": now().date(), "last_day": now().date()},
        "end_absence": {"absence": stage.absence},
        "enter_absence": {**account, "first_day": now().date(), "last_day": now().date()},
        "lift_absence": {"absence": stage.absence, "because": "x"},
        "renew_password": account,
        "reset_second_factor": account,
        "close_account": account,
        "prepare_day": {"day": now().date()},
        "publish_month": {"month": now().date().replace(day=1)},
        "count_ballots": {"month": now().date().replace(day=1)},
        "begin_rotation": {"kind": "root", "suite": 1, "why": "scheduled"},
        "end_rotation": {"begun": None},
        "retire_keys": {"divisions": [], "data_keys": 0, "why": "scheduled"},
        "end_index_keys": {"before": ""},
        "replay_erasures": {},
        "note_backup": {"rows": 1, "size": 1, "pruned": 0},
        "note_restore_check": {"good": True, "counts": {}},
        "release_sending": {"by": None, "why": "drill", "unchecked": True},
        "ask_token": {"post_id": 0, "name": "x", "scopes": ["cases:read"], "days": 1, "because": "x"},
        "confirm_token": {"token": stage.token},
        "decline_token": {"token": stage.token},
        "end_token": {"token_id": stage.token.pk},
        "erase_case": {**case, "ground": "retention", "first": None, "second": None},
    }


def test_actions_are_done_by_their_roles_and_forbidden_to_all_others(stage: SimpleNamespace) -> None:
    wrong = []
    given = arguments(stage)
    for member in EVERYBODY:
        who_acts = actor(member)
        for name, who in ACTIONS.items():
            if member not in asked_of(name, who):
                continue
            with transaction.atomic():
                try:
                    REGISTRY[name].run(actor=who_acts, **given[name])
                    forbidden = False
                except Forbidden:
                    forbidden = True
                except (Invalid, WrongState):
                    forbidden = False
                transaction.set_rollback(True)
            if forbidden == (member in who):
                wrong.append(f"{member} {name}: {'forbidden' if forbidden else 'done'}")
    assert wrong == []


def test_lists_counts_and_search_show_it_to_nobody_else(stage: SimpleNamespace) -> None:
    for member, client in clients().items():
        if member in WORKERS | {"fang"}:
            continue
        for name in (
            "case_list",
            "ended_cases",
            "board",
            "board_rows",
            "referral_list",
            "notices",
            "search",
            "staffing",
            "oversight",
        ):
            for answer in (client.get(reverse(name)), client.post(reverse(name), {"words": stage.case.reference})):
                shown = answer.content.decode().replace(f'value="{stage.case.reference}"', "")
                assert stage.case.reference not in shown, (member, name)
                assert stage.referral.reference not in shown, (member, name)
        found = client.post(reverse("search"), {"words": "小渔"}).content.decode()
        assert stage.case.reference not in found


def test_a_grant_that_has_expired_or_ended_is_none(stage: SimpleNamespace) -> None:
    from cases.access import open_case
    from wellbeing.access.actor import Actor, identity
    from wellbeing.access.grants import revoke

    with identity(Actor.machine("test")):
        revoke(stage.case, holder=desk("xinghe", Role.SCHOOL_COUNSELLOR))
    chen = actor("chen")
    with identity(chen), pytest.raises(Forbidden):
        open_case(chen, stage.case.reference)
    assert fresh(stage.case).status == "acknowledged"

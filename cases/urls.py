"""Addresses of case work; they hold references only."""

from django.urls import path

from cases import action_views, crisis_views, leave_views, paper_views, policy_views, print_views, views

urlpatterns = [
    path("", views.case_list, name="case_list"),
    path("board/", views.triage_board, name="board"),
    path("board/rows/", views.board_rows, name="board_rows"),
    path("calls/new/", views.new_call, name="new_call"),
    path("calls/proposal/", views.call_proposal, name="call_proposal"),
    path("policy/", policy_views.policy_page, name="policy"),
    path("policy/change/", policy_views.change_policy, name="change_policy"),
    path("search/", views.search, name="search"),
    path("<str:reference>/", views.case_page, name="case"),
    path("<str:reference>/file/", views.case_file, name="case_file"),
    path("<str:reference>/acknowledge/", action_views.acknowledge, name="acknowledge"),
    path("<str:reference>/assess/", action_views.assess_risk, name="assess_risk"),
    path("<str:reference>/instrument/", paper_views.record_instrument, name="record_instrument"),
    path("<str:reference>/instrument/reading/", paper_views.instrument_reading, name="instrument_reading"),
    path("<str:reference>/raise/", action_views.raise_tier, name="raise_tier"),
    path("<str:reference>/lower/", action_views.lower_tier, name="lower_tier"),
    path("<str:reference>/confirm/", action_views.confirm_lowering, name="confirm_lowering"),
    path("<str:reference>/manager/", action_views.assign_manager, name="assign_manager"),
    path("<str:reference>/follow-up/", action_views.follow_up, name="follow_up"),
    path("<str:reference>/tell/", crisis_views.tell, name="tell"),
    path("<str:reference>/consent/", crisis_views.record_consent, name="record_consent"),
    path("<str:reference>/home-watch/", crisis_views.watch_at_home, name="watch_at_home"),
    path("<str:reference>/call-back/", crisis_views.call_back, name="call_back"),
    path("<str:reference>/safety-plan/", crisis_views.plan_safety, name="plan_safety"),
    path("<str:reference>/safety-plan/print/", print_views.safety_plan_print, name="safety_plan_print"),
    path("<str:reference>/safety-plan.pdf", print_views.safety_plan_pdf, name="safety_plan_pdf"),
    path("<str:reference>/mandatory-report/", crisis_views.report_mandatory, name="report_mandatory"),
    path("<str:reference>/receipt/", crisis_views.note_receipt, name="note_receipt"),
    path("<str:reference>/report/", crisis_views.write_report, name="write_report"),
    path("<str:reference>/report/print/", print_views.report_print, name="report_print"),
    path("<str:reference>/report.pdf", print_views.report_pdf, name="report_pdf"),
    path("<str:reference>/pause/", crisis_views.pause_clock, name="pause_clock"),
    path("<str:reference>/resume/", crisis_views.resume_clock, name="resume_clock"),
    path("<str:reference>/school/", crisis_views.agree_school, name="agree_school"),
    path("<str:reference>/leave/begin/", leave_views.begin_leave, name="begin_leave"),
    *(
        path(f"<str:reference>/leave/{step.replace('_', '-')}/", view, name=f"leave_{step}")
        for step, view in leave_views.moves.items()
    ),
    path("<str:reference>/leave/follow/", leave_views.follow_leave, name="follow_leave"),
    path("<str:reference>/return/decide/", leave_views.decide_return, name="decide_return"),
    path("<str:reference>/return/appeal/", leave_views.appeal_return, name="appeal_return"),
    path("<str:reference>/return/appeal/decide/", leave_views.decide_appeal, name="decide_appeal"),
    path("<str:reference>/return/plan/", leave_views.plan_return, name="plan_return"),
    path("<str:reference>/return/plan/print/", leave_views.return_plan_print, name="return_plan_print"),
    path("<str:reference>/reopen/", leave_views.reopen_case, name="reopen_case"),
    path("<str:reference>/close/", action_views.close_case, name="close_case"),
]

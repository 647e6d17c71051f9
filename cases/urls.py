"""Addresses of case work; they hold references only."""

from django.urls import path

from cases import action_views, views

urlpatterns = [
    path("", views.case_list, name="case_list"),
    path("board/", views.triage_board, name="board"),
    path("board/rows/", views.board_rows, name="board_rows"),
    path("calls/new/", views.new_call, name="new_call"),
    path("calls/proposal/", views.call_proposal, name="call_proposal"),
    path("search/", views.search, name="search"),
    path("<str:reference>/", views.case_page, name="case"),
    path("<str:reference>/file/", views.case_file, name="case_file"),
    path("<str:reference>/acknowledge/", action_views.acknowledge, name="acknowledge"),
    path("<str:reference>/assess/", action_views.assess_risk, name="assess_risk"),
    path("<str:reference>/raise/", action_views.raise_tier, name="raise_tier"),
    path("<str:reference>/lower/", action_views.lower_tier, name="lower_tier"),
    path("<str:reference>/confirm/", action_views.confirm_lowering, name="confirm_lowering"),
    path("<str:reference>/manager/", action_views.assign_manager, name="assign_manager"),
    path("<str:reference>/follow-up/", action_views.follow_up, name="follow_up"),
    path("<str:reference>/close/", action_views.close_case, name="close_case"),
]

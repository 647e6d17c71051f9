"""Addresses of the green channel; they hold references only."""

from django.urls import path

from referrals import action_views, views

urlpatterns = [
    path("", views.referral_list, name="referral_list"),
    path("open/<str:reference>/", views.open_channel, name="open_channel"),
    path("<str:reference>/", views.referral_page, name="referral"),
    path("<str:reference>/receive/", action_views.receive, name="receive"),
    path("<str:reference>/book/", action_views.book, name="book"),
    path("<str:reference>/feedback/", action_views.record_feedback, name="record_feedback"),
    path("<str:reference>/return/", action_views.return_to_school, name="return_to_school"),
    path("<str:reference>/close/", action_views.close_referral, name="close_referral"),
    path("<str:reference>/withdraw/", action_views.withdraw, name="withdraw"),
]

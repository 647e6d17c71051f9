"""Addresses of the green channel; they hold references only."""

from django.urls import path

from referrals import action_views, crossing_views, directory_views, leave_views, paper_views, sending_views, views

urlpatterns = [
    path("", views.referral_list, name="referral_list"),
    path("directory/", directory_views.directory, name="directory"),
    path("directory/slots/", directory_views.slots, name="slots"),
    path("figures/", directory_views.figures, name="referral_figures"),
    path("open/<str:reference>/", sending_views.open_channel, name="open_channel"),
    path("emergency/<str:reference>/", sending_views.emergency, name="emergency"),
    path("submit/<str:reference>/", action_views.submit_referral, name="submit_referral"),
    path("weigh/<str:reference>/", leave_views.weigh_return, name="weigh_return"),
    path("<str:reference>/", views.referral_page, name="referral"),
    path("<str:reference>/papers/", paper_views.papers, name="papers"),
    path("<str:reference>/papers/<str:code>/", paper_views.paper, name="paper"),
    path("<str:reference>/papers/<str:code>.pdf", paper_views.paper_pdf, name="paper_pdf"),
    path("<str:reference>/accept/", action_views.accept_referral, name="accept_referral"),
    path("<str:reference>/ask/", action_views.ask_for_more, name="ask_for_more"),
    path("<str:reference>/answer/", action_views.answer_referral, name="answer_referral"),
    path("<str:reference>/take-over/", action_views.take_over, name="take_over"),
    path("<str:reference>/decline/", action_views.decline_referral, name="decline_referral"),
    path("<str:reference>/send/", sending_views.send_referral, name="send_referral"),
    path("<str:reference>/letter/", sending_views.renew_letter, name="renew_letter"),
    path("<str:reference>/go-on/", action_views.go_on, name="go_on"),
    path("<str:reference>/rescue/", sending_views.hand_to_rescue, name="hand_to_rescue"),
    path("<str:reference>/redirect/", action_views.redirect, name="redirect"),
    path("<str:reference>/give-back/", action_views.give_back, name="give_back"),
    path("<str:reference>/crossing/", crossing_views.plan_crossing, name="plan_crossing"),
    path("<str:reference>/crossing/move/", crossing_views.move_crossing, name="move_crossing"),
    path("<str:reference>/crossing/contact/", crossing_views.contact_crossing, name="contact_crossing"),
    path("<str:reference>/receive/", action_views.receive, name="receive"),
    path("<str:reference>/book/", action_views.book, name="book"),
    path("<str:reference>/feedback/", action_views.record_feedback, name="record_feedback"),
    path("<str:reference>/return/", action_views.return_to_school, name="return_to_school"),
    path("<str:reference>/close/", action_views.close_referral, name="close_referral"),
    path("<str:reference>/withdraw/", action_views.withdraw, name="withdraw"),
]

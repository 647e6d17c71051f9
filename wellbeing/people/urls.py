"""Addresses of returns and centres; they hold ids, and codes of centres."""

from django.urls import path

from wellbeing.people import action_views, centre_views, views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/<str:reference>/", views.staffing_return, name="staffing_return"),
    path("returns/<str:reference>/fill/", action_views.fill_return, name="fill_return"),
    path("returns/<str:reference>/submit/", action_views.submit_return, name="submit_return"),
    path("returns/<str:reference>/confirm/", action_views.confirm_return, name="confirm_return"),
    path("returns/<str:reference>/send-back/", action_views.send_back_return, name="send_back_return"),
    path("returns/<str:reference>/unlock/", action_views.unlock_return, name="unlock_return"),
    path("terms/", views.open_term, name="open_term"),
    path("terms/<str:reference>/lock/", action_views.lock_term, name="lock_term"),
    path("terms/<str:reference>/roster/", views.import_roster, name="import_roster"),
    path("rules/<str:reference>/", action_views.change_staffing_policy, name="change_staffing_policy"),
    path("centres/", centre_views.centres, name="centres"),
    path("centres/<str:reference>/", centre_views.centre, name="centre"),
    path("centres/<str:reference>/fill/", centre_views.fill_centre, name="fill_centre"),
    path("centres/<str:reference>/submit/", centre_views.submit_centre, name="submit_centre"),
    path("centres/<str:reference>/inspect/", centre_views.inspect_centre, name="inspect_centre"),
    path("centres/<str:reference>/sign/", centre_views.sign_centre, name="sign_centre"),
    path("centres/<str:reference>/decline/", centre_views.decline_centre, name="decline_centre"),
]

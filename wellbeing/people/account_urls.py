"""Addresses of accounts and posts; they hold numbers, never a name."""

from django.urls import path

from wellbeing.people import absence_views
from wellbeing.people import account_views as views

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new/", views.open_account, name="open_account"),
    path("accounts/<str:reference>/", views.account_page, name="account_page"),
    path("accounts/<str:reference>/appoint/", views.appoint, name="appoint"),
    path("accounts/<str:reference>/password/", views.renew_password, name="renew_password"),
    path("accounts/<str:reference>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("accounts/<str:reference>/close/", views.close_account, name="close_account"),
    path("accounts/<str:reference>/leave/", absence_views.enter_absence, name="enter_absence"),
    path("leave/", absence_views.absence, name="absence"),
    path("leave/new/", absence_views.take_absence, name="take_absence"),
    path("leave/<str:reference>/end/", absence_views.end_absence, name="end_absence"),
    path("leave/<str:reference>/lift/", absence_views.lift_absence, name="lift_absence"),
    path("posts/<str:reference>/end/", views.end_post, name="end_post"),
    path("appointments/", views.appointments, name="appointments"),
    path("appointments/<str:reference>/confirm/", views.confirm_appointment, name="confirm_appointment"),
    path("appointments/<str:reference>/decline/", views.decline_appointment, name="decline_appointment"),
]

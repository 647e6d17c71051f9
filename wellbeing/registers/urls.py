"""Addresses of the registers; they hold references of incidents, ids of activities and of returns, and years."""

from django.urls import path

from wellbeing.registers import views, year_views

urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.report_incident, {"reference": ""}, name="report_incident"),
    path("incidents/<str:reference>/", views.incident, name="incident"),
    path("incidents/<str:reference>/write/", views.write_incident, name="write_incident"),
    path("incidents/<str:reference>/review/", views.review_incident, name="review_incident"),
    path("incidents/<str:reference>/close/", views.close_incident, name="close_incident"),
    path("incidents/<str:reference>/reopen/", views.reopen_incident, name="reopen_incident"),
    path("activities/", views.activities, name="activities"),
    path("activities/new/", views.note_activity, {"reference": ""}, name="note_activity"),
    path("activities/<str:reference>/strike/", views.strike_activity, name="strike_activity"),
    path("hotline/", year_views.hotline_years, name="hotline_years"),
    path("hotline/<str:reference>/fill/", year_views.fill_year, name="fill_year"),
    path("hotline/<str:reference>/confirm/", year_views.confirm_year, name="confirm_year"),
    path("hotline/<str:reference>/send-back/", year_views.send_back_year, name="send_back_year"),
]

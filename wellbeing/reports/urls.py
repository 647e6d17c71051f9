"""Addresses of the figures."""

from django.urls import path

from wellbeing.reports import views

urlpatterns = [
    path("", views.staffing, name="staffing"),
    path("what-if/", views.staffing_what_if, name="staffing_what_if"),
]

"""Addresses of the figures."""

from django.urls import path

from wellbeing.reports import views

urlpatterns = [path("", views.staffing, name="staffing")]

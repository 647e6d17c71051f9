"""Addresses of the director's pages; they hold codes only."""

from django.urls import path

from wellbeing.reports import oversight_views as views

urlpatterns = [
    path("", views.oversight_page, name="oversight"),
    path("year/<int:year>/", views.annual_report, name="annual_report"),
    path("year/<int:year>/<str:form>/", views.annual_export, name="annual_export"),
    path("overview/<str:form>/", views.oversight_export, name="oversight_export"),
    path("service/", views.service_page, name="service"),
    path("<str:code>/", views.subject_page, name="oversight_subject"),
    path("<str:code>/<str:form>/", views.subject_export, name="subject_export"),
]

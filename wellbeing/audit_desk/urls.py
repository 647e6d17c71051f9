"""Addresses of the audit: nothing that was typed stands in one."""

from django.urls import path

from wellbeing.audit_desk import views, witness_views

urlpatterns = [
    path("", views.audit, name="audit"),
    path("checkpoint/<int:since>/", witness_views.checkpoint, name="checkpoint"),
]

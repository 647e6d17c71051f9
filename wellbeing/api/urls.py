"""Addresses of the API, made from its catalogue, and the pages about it."""

from django.urls import path

from wellbeing.api import views
from wellbeing.api.catalogue import MISSING, endpoints
from wellbeing.api.gate import view_of

urlpatterns = [
    path("developers/", views.developers, name="developers"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.ask_token, name="ask_token"),
    path("tokens/<str:reference>/confirm/", views.confirm_token, name="confirm_token"),
    path("tokens/<str:reference>/decline/", views.decline_token, name="decline_token"),
    path("tokens/<str:reference>/end/", views.end_token, name="end_token"),
    path("v1/openapi.json", views.api_description, name="api_description"),
    *(path(f"v1/{one.place}", view_of(one), name=one.name) for one in endpoints()),
    path(f"v1/{MISSING.place}", view_of(MISSING), name=MISSING.name),
]
